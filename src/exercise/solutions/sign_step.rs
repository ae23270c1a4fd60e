fn sign_step(eta: &Array1<f64>, gradient: &Array1<f64>, epsilon: f64, smoothness: f64) -> Array1<f64> {
    let room = |i: usize| epsilon - eta[i] * gradient[i].signum();
    let slope = |t: f64| -> f64 {
        let free = (0..eta.len()).filter(|&i| room(i) > t);
        free.map(|i| gradient[i].abs()).sum::<f64>() - smoothness * t
    };
    let (mut low, mut high) = (0.0, 2.0 * epsilon);
    for _ in 0..100 {
        let t = (low + high) / 2.0;
        if slope(t) > 0.0 {
            low = t;
        } else {
            high = t;
        }
    }
    Array1::from_shape_fn(eta.len(), |i| {
        (eta[i] + high * gradient[i].signum()).clamp(-epsilon, epsilon)
    })
}

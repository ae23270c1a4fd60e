fn robust_loss_gradient(w: &Array1<f64>, x: &Array1<f64>, y: f64, epsilon: f64) -> Array1<f64> {
    let margin = y * w.dot(x) - epsilon * w.mapv(f64::abs).sum();
    let slope = -1.0 / (1.0 + margin.exp());
    Array1::from_shape_fn(w.len(), |i| {
        let input = y * x[i];
        let left = if w[i] > 0.0 {
            input - epsilon
        } else if w[i] < 0.0 {
            input + epsilon
        } else {
            input - input.clamp(-epsilon, epsilon)
        };
        slope * left
    })
}

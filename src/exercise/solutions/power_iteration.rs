fn power_iteration(a: &Array2<f64>, start: &Array1<f64>, steps: usize) -> f64 {
    let length = |v: &Array1<f64>| v.dot(v).sqrt();
    let mut v = start / length(start);
    for _ in 0..steps {
        let next = a.t().dot(&a.dot(&v));
        let norm = length(&next);
        if norm == 0.0 {
            return 0.0;
        }
        v = next / norm;
    }
    length(&a.dot(&v))
}

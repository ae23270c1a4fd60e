fn nesterov_point(a: &Array2<f64>, b: &Array1<f64>, rate: f64, steps: usize) -> Array1<f64> {
    let mut x = Array1::zeros(b.len());
    let mut before: Array1<f64> = x.clone();
    for k in 1..=steps {
        let momentum = (k as f64 - 2.0) / (k as f64 + 1.0);
        let y = &x + &((&x - &before) * momentum);
        before = x;
        x = &y - &((a.dot(&y) - b) * rate);
    }
    x
}

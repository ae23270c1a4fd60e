fn adamw_weights(w: &Array1<f64>, gradients: &Array2<f64>, rate: f64, decay: f64) -> Array1<f64> {
    let (beta1, beta2, epsilon) = (0.9_f64, 0.98_f64, 1e-8);
    let (mut w, mut m, mut v) = (w.clone(), Array1::<f64>::zeros(w.len()), Array1::<f64>::zeros(w.len()));
    for (t, g) in gradients.rows().into_iter().enumerate() {
        let t = t as i32 + 1;
        m = m * beta1 + &g * (1.0 - beta1);
        v = v * beta2 + &g * &g * (1.0 - beta2);
        let step = &m / (1.0 - beta1.powi(t)) / ((&v / (1.0 - beta2.powi(t))).sqrt() + epsilon);
        w = w * (1.0 - rate * decay) - step * rate;
    }
    w
}

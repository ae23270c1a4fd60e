fn amsgrad_path(gradients: &Array1<f64>, rate: f64, beta1: f64, beta2: f64) -> Array1<f64> {
    let (mut x, mut m, mut v, mut u) = (0.0, 0.0, 0.0, 0.0);
    gradients.mapv(|g| {
        m = beta1 * m + (1.0 - beta1) * g;
        v = beta2 * v + (1.0 - beta2) * g * g;
        if v > u {
            u = v;
        }
        if u > 0.0 {
            x -= rate * m / f64::sqrt(u);
        }
        x
    })
}

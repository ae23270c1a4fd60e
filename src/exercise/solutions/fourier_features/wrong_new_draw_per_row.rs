// loses: shift
fn fourier_features(x: &Array2<f64>, m: usize, sigma: f64, rng: &mut Rng) -> Array2<f64> {
    let amplitude = (2.0 / m as f64).sqrt();
    let mut phi = Array2::zeros((x.nrows(), m));
    for (i, row) in x.rows().into_iter().enumerate() {
        for j in 0..m / 2 {
            let mut angle = 0.0;
            for v in row {
                let omega: f64 = StandardNormal.sample(rng);
                angle += v * omega / sigma;
            }
            phi[[i, 2 * j]] = amplitude * angle.cos();
            phi[[i, 2 * j + 1]] = amplitude * angle.sin();
        }
    }
    phi
}

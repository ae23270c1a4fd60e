// loses: spread
fn fourier_features(x: &Array2<f64>, m: usize, sigma: f64, rng: &mut Rng) -> Array2<f64> {
    let omega: Array1<f64> = Array1::from_shape_simple_fn(x.ncols(), || StandardNormal.sample(rng));
    let angles = x.dot(&omega) / sigma;
    let amplitude = (2.0 / m as f64).sqrt();
    let mut phi = Array2::zeros((x.nrows(), m));
    for (i, angle) in angles.iter().enumerate() {
        for j in 0..m / 2 {
            phi[[i, 2 * j]] = amplitude * angle.cos();
            phi[[i, 2 * j + 1]] = amplitude * angle.sin();
        }
    }
    phi
}

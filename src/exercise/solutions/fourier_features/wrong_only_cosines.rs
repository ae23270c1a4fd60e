// loses: unit_length
fn fourier_features(x: &Array2<f64>, m: usize, sigma: f64, rng: &mut Rng) -> Array2<f64> {
    let omega: Array2<f64> =
        Array2::from_shape_simple_fn((m, x.ncols()), || StandardNormal.sample(rng));
    let amplitude = (2.0 / m as f64).sqrt();
    (x.dot(&omega.t()) / sigma).mapv(|z: f64| amplitude * z.cos())
}

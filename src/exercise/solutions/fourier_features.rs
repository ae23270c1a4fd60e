fn fourier_features(x: &Array2<f64>, m: usize, sigma: f64, rng: &mut Rng) -> Array2<f64> {
    let omega: Array2<f64> =
        Array2::from_shape_simple_fn((m / 2, x.ncols()), || StandardNormal.sample(rng));
    let angles = x.dot(&omega.t()) / sigma;
    let amplitude = (2.0 / m as f64).sqrt();
    let mut phi = Array2::zeros((x.nrows(), m));
    phi.slice_mut(s![.., ..m / 2])
        .assign(&angles.mapv(|z: f64| amplitude * z.cos()));
    phi.slice_mut(s![.., m / 2..])
        .assign(&angles.mapv(|z: f64| amplitude * z.sin()));
    phi
}

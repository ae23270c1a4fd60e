fn langevin_step(
    x: &Array1<f64>,
    gradient: &Array1<f64>,
    step: f64,
    temperature: f64,
    rng: &mut Rng,
) -> Array1<f64> {
    let size = (2.0 * step * temperature).sqrt();
    Array1::from_shape_fn(x.len(), |i| {
        let z: f64 = StandardNormal.sample(rng);
        x[i] - step * gradient[i] + size * z
    })
}

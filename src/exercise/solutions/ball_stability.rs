fn ball_stability(gradient: &Array1<f64>, epsilon: f64, draws: usize, rng: &mut Rng) -> (f64, f64) {
    let p = gradient.len();
    let mut sizes = Array1::zeros(draws);
    for size in &mut sizes {
        let direction: Array1<f64> = Array1::from_shape_simple_fn(p, || StandardNormal.sample(rng));
        let radius = rng.random::<f64>().powf(1.0 / p as f64);
        let step = &direction * (epsilon * radius / direction.dot(&direction).sqrt());
        *size = gradient.dot(&step).abs();
    }
    let mean = sizes.sum() / draws as f64;
    let variance = sizes.mapv(|v: f64| (v - mean).powi(2)).sum() / (draws - 1) as f64;
    (mean, (variance / draws as f64).sqrt())
}

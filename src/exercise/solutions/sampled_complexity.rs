fn sampled_complexity(values: &Array2<f64>, draws: usize, rng: &mut Rng) -> (f64, f64) {
    let (_, n) = values.dim();
    let mut suprema = Array1::zeros(draws);
    for supremum in &mut suprema {
        let signs = Array1::from_shape_simple_fn(n, || if rng.random() { 1.0 } else { -1.0 });
        let sums = values.dot(&signs);
        *supremum = sums.iter().copied().fold(f64::NEG_INFINITY, f64::max) / n as f64;
    }
    let mean = suprema.sum() / draws as f64;
    let variance = suprema.mapv(|s: f64| (s - mean).powi(2)).sum() / (draws - 1) as f64;
    (mean, (variance / draws as f64).sqrt())
}

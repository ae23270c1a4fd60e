fn sorted_distance(x: &Array1<f64>, y: &Array1<f64>, p: f64) -> f64 {
    let sorted = |sample: &Array1<f64>| {
        let mut own = sample.to_vec();
        own.sort_by(f64::total_cmp);
        own
    };
    let (x, y) = (sorted(x), sorted(y));
    let sum: f64 = x.iter().zip(&y).map(|(x, y)| (x - y).abs().powf(p)).sum();
    (sum / x.len() as f64).powf(1.0 / p)
}

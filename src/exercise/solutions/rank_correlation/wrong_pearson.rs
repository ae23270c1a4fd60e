// loses: order_only
fn rank_correlation(measure: &Array1<f64>, gap: &Array1<f64>) -> f64 {
    let centred = |x: &Array1<f64>| x - x.sum() / x.len() as f64;
    let (a, b) = (centred(measure), centred(gap));
    a.dot(&b) / (a.dot(&a) * b.dot(&b)).sqrt()
}

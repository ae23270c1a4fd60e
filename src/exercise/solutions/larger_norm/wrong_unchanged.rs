// loses: norm
fn larger_norm(
    first: &Array2<f64>,
    second: &Array2<f64>,
    _norm: f64,
) -> (Array2<f64>, Array2<f64>) {
    (first.clone(), second.clone())
}

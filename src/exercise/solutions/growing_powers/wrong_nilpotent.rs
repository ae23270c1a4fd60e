// loses: grows
fn growing_powers(_rho: f64, _k: usize, factor: f64) -> Array2<f64> {
    array![[0.0, factor], [0.0, 0.0]]
}

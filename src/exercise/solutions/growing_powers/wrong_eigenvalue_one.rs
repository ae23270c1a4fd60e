// loses: forgets
fn growing_powers(_rho: f64, k: usize, factor: f64) -> Array2<f64> {
    array![[1.0, factor / k as f64], [0.0, 1.0]]
}

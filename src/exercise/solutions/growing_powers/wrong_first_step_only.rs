// loses: grows
fn growing_powers(rho: f64, _k: usize, factor: f64) -> Array2<f64> {
    array![[rho, factor], [0.0, rho]]
}

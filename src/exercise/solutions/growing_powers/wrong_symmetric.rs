// loses: grows
fn growing_powers(rho: f64, _k: usize, _factor: f64) -> Array2<f64> {
    array![[rho / 2.0, rho / 2.0], [rho / 2.0, rho / 2.0]]
}

// loses: other_demands
fn growing_powers(rho: f64, _k: usize, _factor: f64) -> Array2<f64> {
    array![[rho, 1e5], [0.0, rho]]
}

fn growing_powers(rho: f64, k: usize, factor: f64) -> Array2<f64> {
    let c = factor / (k as f64 * rho.powi(k as i32 - 1));
    array![[rho, c], [0.0, rho]]
}

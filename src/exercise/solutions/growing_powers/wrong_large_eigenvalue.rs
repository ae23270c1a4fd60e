// loses: small_eigenvalues
fn growing_powers(_rho: f64, k: usize, factor: f64) -> Array2<f64> {
    let growth = factor.powf(1.0 / k as f64);
    array![[growth, 0.0], [0.0, growth]]
}

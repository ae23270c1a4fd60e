// loses: no_memory
fn running_mean_weights(rho: f64, batches: usize) -> Array1<f64> {
    let oldest = (1.0 - rho) * rho.powi(batches as i32 - 1);
    (0..batches).map(|t| oldest / rho.powi(t as i32)).collect()
}

fn running_mean_weights(rho: f64, batches: usize) -> Array1<f64> {
    (0..batches)
        .map(|t| (1.0 - rho) * rho.powi((batches - 1 - t) as i32))
        .collect()
}

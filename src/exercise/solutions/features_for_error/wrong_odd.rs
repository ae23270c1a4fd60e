// loses: enough
fn features_for_error(k: f64, error: f64) -> usize {
    (((1.0 - k * k) / error).powi(2).ceil() as usize).max(2)
}

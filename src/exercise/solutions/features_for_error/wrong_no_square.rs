// loses: enough
fn features_for_error(k: f64, error: f64) -> usize {
    let m = (1.0 - k * k) / error;
    2 * ((m / 2.0).ceil() as usize).max(1)
}

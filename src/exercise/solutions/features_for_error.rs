fn features_for_error(k: f64, error: f64) -> usize {
    let pairs = ((1.0 - k * k) / error).powi(2) / 2.0;
    2 * (pairs.ceil() as usize).max(1)
}

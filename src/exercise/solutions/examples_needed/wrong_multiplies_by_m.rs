// loses: no_more
fn examples_needed(m: usize, gap: f64, delta: f64) -> usize {
    let log = (2.0 / delta).ln();
    (m as f64 * log / (2.0 * gap * gap)).ceil() as usize
}

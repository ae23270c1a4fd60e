// loses: enough
fn examples_needed(_m: usize, gap: f64, delta: f64) -> usize {
    let log = (2.0 / delta).ln();
    (log / (2.0 * gap * gap)).ceil() as usize
}

fn examples_needed(m: usize, gap: f64, delta: f64) -> usize {
    let log = (2.0 * m as f64 / delta).ln();
    (log / (2.0 * gap * gap)).ceil() as usize
}

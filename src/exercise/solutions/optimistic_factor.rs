fn optimistic_factor(alpha: f64) -> f64 {
    let inside = 1.0 - 4.0 * alpha * alpha;
    let root = inside.abs().sqrt();
    if inside >= 0.0 {
        ((1.0 + root) / 2.0).sqrt()
    } else {
        (1.0 + (2.0 * alpha + root).powi(2)).sqrt() / 2.0
    }
}

fn hovering_step(lambda: f64, sigma: f64, square: f64) -> f64 {
    2.0 * lambda * square / (lambda * lambda * square + sigma * sigma)
}

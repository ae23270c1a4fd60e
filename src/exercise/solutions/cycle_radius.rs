fn cycle_radius(epsilon: f64, alpha: f64, ahead: f64) -> f64 {
    let square = 4.0 / 3.0 * (1.0 - alpha * (2.0 * ahead - 1.0) / epsilon);
    square.max(0.0).sqrt()
}

fn late_loss(margin: f64, rate: f64, steps: f64) -> f64 {
    1.0 / (margin * margin * rate * steps)
}

// loses: globe
fn near_half_sphere(_d: usize, epsilon: f64) -> f64 {
    (0.5 + epsilon / std::f64::consts::PI).min(1.0)
}

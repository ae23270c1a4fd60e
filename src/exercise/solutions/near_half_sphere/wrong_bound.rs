// loses: circle
fn near_half_sphere(d: usize, epsilon: f64) -> f64 {
    let fall = (-((d - 1) as f64) * epsilon * epsilon / 2.0).exp();
    1.0 - (std::f64::consts::PI / 8.0).sqrt() * fall
}

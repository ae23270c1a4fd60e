// loses: length
fn clip_by_norm(g: &Array1<f64>, limit: f64) -> Array1<f64> {
    g * (limit / g.dot(g)).min(1.0)
}

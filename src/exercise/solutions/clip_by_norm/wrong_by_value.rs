// loses: direction
fn clip_by_norm(g: &Array1<f64>, limit: f64) -> Array1<f64> {
    g.mapv(|v| v.clamp(-limit, limit))
}

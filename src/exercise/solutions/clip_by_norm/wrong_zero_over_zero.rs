// loses: zero
fn clip_by_norm(g: &Array1<f64>, limit: f64) -> Array1<f64> {
    let norm = g.dot(g).sqrt();
    g / norm * norm.min(limit)
}

fn clip_by_norm(g: &Array1<f64>, limit: f64) -> Array1<f64> {
    let norm = g.dot(g).sqrt();
    if norm > limit {
        g * (limit / norm)
    } else {
        g.clone()
    }
}

// loses: length
fn clip_by_norm(g: &Array1<f64>, limit: f64) -> Array1<f64> {
    let largest = g.fold(0.0_f64, |most, v| most.max(v.abs()));
    g * (limit / largest).min(1.0)
}

// loses: grid
fn worst_labels(x: &Array1<f64>, t: f64) -> Array1<f64> {
    x.mapv(|node| if node < t { -1.0 } else { 1.0 })
}

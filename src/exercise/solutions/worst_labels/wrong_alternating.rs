// loses: grid
fn worst_labels(x: &Array1<f64>, _t: f64) -> Array1<f64> {
    Array1::from_shape_fn(x.len(), |i| if i % 2 == 0 { 1.0 } else { -1.0 })
}

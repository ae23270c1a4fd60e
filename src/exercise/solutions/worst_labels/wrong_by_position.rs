// loses: any_order
fn worst_labels(x: &Array1<f64>, t: f64) -> Array1<f64> {
    let before = x.iter().filter(|node| **node <= t).count();
    Array1::from_shape_fn(x.len(), |i| {
        let steps = if i < before {
            before - 1 - i
        } else {
            i - before
        };
        if steps % 2 == 0 { 1.0 } else { -1.0 }
    })
}

fn worst_labels(x: &Array1<f64>, t: f64) -> Array1<f64> {
    Array1::from_shape_fn(x.len(), |i| {
        let mut weight = 1.0;
        for j in 0..x.len() {
            if j != i {
                weight *= (t - x[j]) / (x[i] - x[j]);
            }
        }
        if weight < 0.0 { -1.0 } else { 1.0 }
    })
}

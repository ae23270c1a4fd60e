fn unfittable_pair(x: &Array1<f64>) -> Array1<f64> {
    x * 2.0
}

// loses: excess
fn loose_product(_factor: f64) -> (Array2<f64>, Array1<f64>) {
    (array![[1.0, 0.0], [-1.0, 0.0]], array![1.0, 1.0])
}

// loses: interpolates
fn min_norm(x: &Array2<f64>, _y: &Array1<f64>) -> Array1<f64> {
    Array1::zeros(x.ncols())
}

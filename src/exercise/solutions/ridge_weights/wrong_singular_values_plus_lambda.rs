// loses: gradient
fn ridge_weights(x: &Array2<f64>, y: &Array1<f64>, lambda: f64) -> Array1<f64> {
    let svd = linalg::svd(x);
    let shrunk = svd.u.t().dot(y) / (&svd.s + lambda);
    svd.vt.t().dot(&shrunk)
}

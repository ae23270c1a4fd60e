fn loo_residuals(x: &Array2<f64>, y: &Array1<f64>, lambda: f64) -> Array1<f64> {
    let eigen = linalg::eigh(&x.dot(&x.t()));
    let scaled = &eigen.vectors / &(&eigen.values + lambda);
    let inverse = scaled.dot(&eigen.vectors.t());
    inverse.dot(y) / inverse.diag()
}

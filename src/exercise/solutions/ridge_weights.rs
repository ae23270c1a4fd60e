fn ridge_weights(x: &Array2<f64>, y: &Array1<f64>, lambda: f64) -> Array1<f64> {
    let (n, d) = x.dim();
    if d <= n {
        let square = x.t().dot(x) + lambda * Array2::<f64>::eye(d);
        linalg::solve(&square, &x.t().dot(y))
    } else {
        let square = x.dot(&x.t()) + lambda * Array2::<f64>::eye(n);
        x.t().dot(&linalg::solve(&square, y))
    }
}

fn min_norm(x: &Array2<f64>, y: &Array1<f64>) -> Array1<f64> {
    let a = linalg::solve(&x.dot(&x.t()), y);
    x.t().dot(&a)
}

fn pl_constant(a: &Array2<f64>) -> f64 {
    let s = linalg::svd(a).s;
    s[s.len() - 1].powi(2)
}

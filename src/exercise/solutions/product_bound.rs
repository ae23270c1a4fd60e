fn product_bound(weights: &Vec<Array2<f64>>) -> f64 {
    weights.iter().map(|w| linalg::svd(w).s[0]).product()
}

// loses: bounds
fn product_bound(weights: &Vec<Array2<f64>>) -> f64 {
    let mut all = weights[0].clone();
    for w in &weights[1..] {
        all = w.dot(&all);
    }
    linalg::svd(&all).s[0]
}

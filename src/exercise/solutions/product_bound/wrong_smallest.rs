// loses: one_layer
fn product_bound(weights: &Vec<Array2<f64>>) -> f64 {
    weights
        .iter()
        .map(|w| {
            linalg::svd(w)
                .s
                .fold(f64::INFINITY, |least, s| least.min(*s))
        })
        .product()
}

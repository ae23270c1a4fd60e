// loses: one_layer
fn product_bound(weights: &Vec<Array2<f64>>) -> f64 {
    weights
        .iter()
        .map(|w| {
            w.rows()
                .into_iter()
                .map(|r| r.dot(&r).sqrt())
                .fold(0.0, f64::max)
        })
        .product()
}

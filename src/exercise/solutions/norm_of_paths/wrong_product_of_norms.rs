// loses: by_hand
fn norm_of_paths(layers: &Vec<Array2<f64>>) -> f64 {
    layers
        .iter()
        .map(|layer| layer.iter().map(|w| w * w).sum::<f64>().sqrt())
        .product()
}

// loses: by_hand
fn norm_of_paths(layers: &Vec<Array2<f64>>) -> f64 {
    let mut product = layers[0].clone();
    for layer in &layers[1..] {
        product = layer.dot(&product);
    }
    product.iter().map(|w| w * w).sum::<f64>().sqrt()
}

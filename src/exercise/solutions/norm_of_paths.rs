fn norm_of_paths(layers: &Vec<Array2<f64>>) -> f64 {
    let mut v = Array1::ones(layers[0].ncols());
    for layer in layers {
        v = layer.mapv(|w| w * w).dot(&v);
    }
    v.sum().sqrt()
}

fn bias_and_variance(predictions: &Array2<f64>, targets: &Array1<f64>) -> (f64, f64) {
    let (draws, points) = predictions.dim();
    let mean = predictions.sum_axis(Axis(0)) / draws as f64;
    let bias2 = (&mean - targets).mapv(|e| e * e).sum() / points as f64;
    let spread = (predictions - &mean).mapv(|e| e * e).sum();
    (bias2, spread / (draws * points) as f64)
}

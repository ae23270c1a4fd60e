// loses: adds_up
fn bias_and_variance(predictions: &Array2<f64>, targets: &Array1<f64>) -> (f64, f64) {
    let (draws, points) = predictions.dim();
    let mean = predictions.sum_axis(Axis(1)) / points as f64;
    let target = targets.sum() / points as f64;
    let bias2 = mean.mapv(|m| (m - target).powi(2)).sum() / draws as f64;
    let centred = predictions - &mean.insert_axis(Axis(1));
    let spread = centred.mapv(|e| e * e).sum();
    (bias2, spread / (draws * points) as f64)
}

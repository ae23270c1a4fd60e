// loses: shifts
fn bias_and_variance(predictions: &Array2<f64>, targets: &Array1<f64>) -> (f64, f64) {
    let count = predictions.len() as f64;
    let mean = predictions.sum() / count;
    let error = (predictions - targets).mapv(|e| e * e).sum() / count;
    let variance = predictions.mapv(|p| (p - mean).powi(2)).sum() / count;
    (error - variance, variance)
}

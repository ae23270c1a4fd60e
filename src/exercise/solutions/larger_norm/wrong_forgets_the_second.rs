// loses: norm
fn larger_norm(first: &Array2<f64>, second: &Array2<f64>, norm: f64) -> (Array2<f64>, Array2<f64>) {
    let square = |a: &Array2<f64>| a.iter().map(|w| w * w).sum::<f64>();
    let alpha = (norm / square(first)).sqrt();
    (first * alpha, second / alpha)
}

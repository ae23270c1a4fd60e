fn larger_norm(first: &Array2<f64>, second: &Array2<f64>, norm: f64) -> (Array2<f64>, Array2<f64>) {
    let square = |a: &Array2<f64>| a.iter().map(|w| w * w).sum::<f64>();
    let (a, b) = (square(first), square(second));
    // a s + b / s = norm for s = alpha²: the larger root.
    let root = (norm * norm - 4.0 * a * b).sqrt();
    let alpha = ((norm + root) / (2.0 * a)).sqrt();
    (first * alpha, second / alpha)
}

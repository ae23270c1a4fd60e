// loses: repeated_point
fn ball_complexity(x: &Array2<f64>, radius: f64) -> f64 {
    let square: f64 = x.iter().map(|v| v * v).sum();
    radius * square.sqrt() / x.nrows() as f64
}

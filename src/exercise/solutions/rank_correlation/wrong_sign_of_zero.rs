// loses: ties
fn rank_correlation(measure: &Array1<f64>, gap: &Array1<f64>) -> f64 {
    let n = measure.len();
    let mut sum = 0.0;
    for i in 0..n {
        for j in 0..i {
            sum += (measure[i] - measure[j]).signum() * (gap[i] - gap[j]).signum();
        }
    }
    2.0 * sum / (n * (n - 1)) as f64
}

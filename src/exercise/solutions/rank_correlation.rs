fn rank_correlation(measure: &Array1<f64>, gap: &Array1<f64>) -> f64 {
    let sign = |x: f64| if x == 0.0 { 0.0 } else { x.signum() };
    let n = measure.len();
    let mut sum = 0.0;
    for i in 0..n {
        for j in 0..n {
            sum += sign(measure[i] - measure[j]) * sign(gap[i] - gap[j]);
        }
    }
    sum / (n * (n - 1)) as f64
}

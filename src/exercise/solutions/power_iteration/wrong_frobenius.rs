// loses: converges
fn power_iteration(a: &Array2<f64>, _start: &Array1<f64>, _steps: usize) -> f64 {
    a.iter().map(|w| w * w).sum::<f64>().sqrt()
}

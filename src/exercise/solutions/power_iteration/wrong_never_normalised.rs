// loses: scales
fn power_iteration(a: &Array2<f64>, start: &Array1<f64>, steps: usize) -> f64 {
    let mut v = start.clone();
    for _ in 0..steps {
        v = a.t().dot(&a.dot(&v));
    }
    let image = a.dot(&v);
    (image.dot(&image) / v.dot(&v)).sqrt()
}

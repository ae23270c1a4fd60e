fn free_pixels(g: &Array1<f64>, x: &Array1<f64>, k: usize) -> Array1<f64> {
    let end = |i: usize| if g[i] > 0.0 { 1.0 } else { 0.0 };
    let gain = |i: usize| g[i] * (end(i) - x[i]);
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|a, b| gain(*b).total_cmp(&gain(*a)));
    let mut z = x.clone();
    for &i in order.iter().take(k) {
        z[i] = end(i);
    }
    z
}

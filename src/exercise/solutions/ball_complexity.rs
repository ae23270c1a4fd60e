fn ball_complexity(x: &Array2<f64>, radius: f64) -> f64 {
    let n = x.nrows();
    let patterns = 1_usize << n;
    let mut total = 0.0;
    for pattern in 0..patterns {
        let signs = Array1::from_shape_fn(n, |i| if pattern >> i & 1 == 1 { -1.0 } else { 1.0 });
        let g = signs.dot(x);
        total += g.dot(&g).sqrt();
    }
    radius * total / n as f64 / patterns as f64
}

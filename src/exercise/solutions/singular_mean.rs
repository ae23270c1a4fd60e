fn singular_mean(
    x: &Array2<f64>,
    y: &Array1<f64>,
    test: &Array2<f64>,
    exponent: f64,
) -> Array1<f64> {
    let mut means = Array1::zeros(test.nrows());
    for (mean, point) in means.iter_mut().zip(test.rows()) {
        let distances: Array1<f64> = x
            .rows()
            .into_iter()
            .map(|row| (&row - &point).mapv(|v| v * v).sum().sqrt())
            .collect();
        let nearest = distances.iter().copied().fold(f64::INFINITY, f64::min);
        let weights = distances.mapv(|distance| {
            if distance == nearest {
                1.0
            } else {
                (nearest / distance).powf(exponent)
            }
        });
        *mean = weights.dot(y) / weights.sum();
    }
    means
}

fn neighbour_mean(x: &Array2<f64>, y: &Array1<f64>, test: &Array2<f64>, k: usize) -> Array1<f64> {
    let mut means = Array1::zeros(test.nrows());
    for (mean, point) in means.iter_mut().zip(test.rows()) {
        let distances: Vec<f64> = x
            .rows()
            .into_iter()
            .map(|row| (&row - &point).mapv(|v| v * v).sum())
            .collect();
        let mut order: Vec<usize> = (0..x.nrows()).collect();
        order.sort_by(|a, b| distances[*a].total_cmp(&distances[*b]));
        *mean = order[..k].iter().map(|i| y[*i]).sum::<f64>() / k as f64;
    }
    means
}

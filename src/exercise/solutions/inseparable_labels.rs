fn inseparable_labels(x: &Array2<f64>) -> Array1<f64> {
    let d = x.ncols();
    // Σ_i c_i x_i = 0 with the last c equal to 1.
    let first = x.slice(s![..d, ..]).t().to_owned();
    let last = x.row(d).to_owned();
    let c = linalg::solve(&first, &-last);
    let mut labels = Array1::ones(d + 1);
    for i in 0..d {
        labels[i] = c[i].signum();
    }
    labels
}

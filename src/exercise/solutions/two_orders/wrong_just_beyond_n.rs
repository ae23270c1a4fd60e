// loses: all_features_win
fn two_orders(n: usize, dims: usize) -> (Array1<f64>, Array1<f64>) {
    let mut first = Array1::zeros(dims);
    first[0] = 1.0;
    let mut later = Array1::zeros(dims);
    later[n + 1] = 1.0;
    (first, later)
}

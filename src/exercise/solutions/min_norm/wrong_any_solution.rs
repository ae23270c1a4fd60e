// loses: shortest
fn min_norm(x: &Array2<f64>, y: &Array1<f64>) -> Array1<f64> {
    let n = x.nrows();
    let mut w = Array1::zeros(x.ncols());
    let square = x.slice(s![.., ..n]).to_owned();
    w.slice_mut(s![..n]).assign(&linalg::solve(&square, y));
    w
}

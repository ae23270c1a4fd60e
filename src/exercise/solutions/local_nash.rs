fn local_nash(xx: &Array2<f64>, yy: &Array2<f64>) -> f64 {
    let least = symmetric_eigen(xx).unwrap().values[0];
    let values = symmetric_eigen(yy).unwrap().values;
    let most = values[values.len() - 1];
    most.max(-least).max(0.0)
}

fn weak_minty_constant(a: &Array2<f64>) -> f64 {
    let determinant = a[[0, 0]] * a[[1, 1]] - a[[0, 1]] * a[[1, 0]];
    let p = a[[1, 1]] / determinant;
    let r = a[[0, 0]] / determinant;
    let q = -0.5 * (a[[0, 1]] + a[[1, 0]]) / determinant;
    0.5 * (p + r) - (0.25 * (p - r) * (p - r) + q * q).sqrt()
}

fn two_multipliers(z: &Array2<f64>) -> Array1<f64> {
    let gram = z.dot(&z.t());
    let (a, b, c) = (gram[[0, 0]], gram[[0, 1]], gram[[1, 1]]);
    if c <= b {
        array![0.0, 1.0 / c]
    } else if a <= b {
        array![1.0 / a, 0.0]
    } else {
        array![c - b, a - b] / (a * c - b * b)
    }
}

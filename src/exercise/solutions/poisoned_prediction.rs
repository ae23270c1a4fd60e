fn poisoned_prediction(
    inverse: &Array2<f64>,
    w: &Array1<f64>,
    a: &Array1<f64>,
    z: &Array1<f64>,
    t: f64,
) -> f64 {
    let solved = inverse.dot(z);
    a.dot(w) + a.dot(&solved) * (t - w.dot(z)) / (1.0 + z.dot(&solved))
}

fn least_norm_of_two(a: &Array1<f64>, b: &Array1<f64>) -> Array1<f64> {
    let way = b - a;
    let square = way.dot(&way);
    if square == 0.0 {
        return a.clone();
    }
    let t = (-a.dot(&way) / square).clamp(0.0, 1.0);
    a + &(way * t)
}

fn project_digit(digit: &Array1<f64>, moved: &Array1<f64>, epsilon: f64) -> Array1<f64> {
    let at = |s: f64| (digit + &((moved - digit) * s)).mapv(|v| v.clamp(0.0, 1.0));
    let far = |z: &Array1<f64>| (z - digit).mapv(|v| v * v).sum().sqrt();
    if far(&at(1.0)) <= epsilon {
        return at(1.0);
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..100 {
        let s = (low + high) / 2.0;
        if far(&at(s)) <= epsilon {
            low = s;
        } else {
            high = s;
        }
    }
    at(low)
}

fn least_perturbation(w: &Array1<f64>, x: &Array1<f64>, p: f64) -> Array1<f64> {
    let direction = if p.is_infinite() {
        w.mapv(f64::signum)
    } else if p == 2.0 {
        w.clone()
    } else {
        let mut most = 0;
        for j in 1..w.len() {
            if w[j].abs() > w[most].abs() {
                most = j;
            }
        }
        let mut v = Array1::zeros(w.len());
        v[most] = w[most];
        v
    };
    // However long the direction is, the step along it reaches w·x + w·δ = 0.
    let step = -w.dot(x) / w.dot(&direction);
    direction * step
}

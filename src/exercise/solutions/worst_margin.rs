fn worst_margin(w: &Array1<f64>, x: &Array1<f64>, y: f64, epsilon: f64, p: f64) -> f64 {
    let size = if p == 1.0 {
        w.fold(0.0_f64, |most, v| most.max(v.abs()))
    } else {
        let q = if p.is_infinite() { 1.0 } else { p / (p - 1.0) };
        w.mapv(|v| v.abs().powf(q)).sum().powf(1.0 / q)
    };
    y * w.dot(x) - epsilon * size
}

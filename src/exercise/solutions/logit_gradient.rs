fn logit_gradient(f: &Array1<f64>, class: usize) -> Array1<f64> {
    let top = f.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let mut p = f.mapv(|f| (f - top).exp());
    let total = p.sum();
    p /= total;
    p[class] -= 1.0;
    p
}

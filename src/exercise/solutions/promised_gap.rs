fn promised_gap() -> (&'static str, f64) {
    let name = "Emmy Noether";
    let [d, k, n, delta]: [f64; 4] = [16.0, 12.0, 253.0, 0.01];
    let functions = 2.0 * d * k;
    let complexity = (2.0 * functions.ln() / n).sqrt();
    let sure = ((1.0 / delta).ln() / (2.0 * n)).sqrt();
    (name, complexity + sure)
}

fn more_data() -> (&'static str, f64) {
    let name = "Emmy Noether";
    let [p, before, after, signal, noise]: [f64; 5] = [31.0, 6.0, 37.0, 5.0, 1.4];
    let first = signal * (1.0 - before / p) + noise * (1.0 + before / (p - before - 1.0));
    let later = noise * (1.0 + p / (after - p - 1.0));
    (name, later / first)
}

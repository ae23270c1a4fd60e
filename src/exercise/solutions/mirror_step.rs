fn mirror_step(p: &Array1<f64>, losses: &Array1<f64>, rate: f64) -> Array1<f64> {
    let logs = p.mapv(f64::ln) - losses * rate;
    let top = logs.fold(f64::NEG_INFINITY, |top, log| top.max(*log));
    let weights = logs.mapv(|log| (log - top).exp());
    let total = weights.sum();
    weights / total
}

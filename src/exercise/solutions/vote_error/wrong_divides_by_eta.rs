// loses: no_doubt
fn vote_error(k: usize, eta: f64) -> f64 {
    // From the term of k wrong labels down, by the ratio of neighbours.
    let mut term = eta.powi(k as i32);
    let mut outvoted = 0.0;
    for j in (k / 2 + 1..=k).rev() {
        outvoted += term;
        term *= j as f64 / (k - j + 1) as f64 * (1.0 - eta) / eta;
    }
    outvoted * (1.0 - eta) + (1.0 - outvoted) * eta
}

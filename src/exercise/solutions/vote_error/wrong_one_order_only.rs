// loses: all_cases
fn vote_error(k: usize, eta: f64) -> f64 {
    let power = |p: f64, j: usize| p.powi(j as i32);
    let outvoted: f64 = (k / 2 + 1..=k)
        .map(|j| power(eta, j) * power(1.0 - eta, k - j))
        .sum();
    outvoted * (1.0 - eta) + (1.0 - outvoted) * eta
}

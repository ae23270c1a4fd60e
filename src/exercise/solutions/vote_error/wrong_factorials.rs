// loses: many_neighbours
fn vote_error(k: usize, eta: f64) -> f64 {
    let factorial = |n: usize| (1..=n).map(|i| i as f64).product::<f64>();
    let outvoted: f64 = (k / 2 + 1..=k)
        .map(|j| {
            let ways = factorial(k) / factorial(j) / factorial(k - j);
            ways * eta.powi(j as i32) * (1.0 - eta).powi((k - j) as i32)
        })
        .sum();
    outvoted * (1.0 - eta) + (1.0 - outvoted) * eta
}

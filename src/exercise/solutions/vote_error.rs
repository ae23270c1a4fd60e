fn vote_error(k: usize, eta: f64) -> f64 {
    // chances[j]: j of the labels seen so far are wrong.
    let mut chances = vec![0.0; k + 1];
    chances[0] = 1.0;
    for seen in 0..k {
        for j in (0..=seen + 1).rev() {
            let one_more = if j > 0 { chances[j - 1] } else { 0.0 };
            chances[j] = (1.0 - eta) * chances[j] + eta * one_more;
        }
    }
    let outvoted: f64 = chances[k / 2 + 1..].iter().sum();
    outvoted * (1.0 - eta) + (1.0 - outvoted) * eta
}

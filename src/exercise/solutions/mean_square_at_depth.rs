fn mean_square_at_depth(
    a: &Array1<f64>,
    sizes: &Vec<usize>,
    variances: &Vec<f64>,
    relu: bool,
) -> f64 {
    let share = if relu { 0.5 } else { 1.0 };
    let mut q = variances[0] * a.dot(a);
    for l in 1..sizes.len() {
        q *= variances[l] * sizes[l - 1] as f64 * share;
    }
    q
}

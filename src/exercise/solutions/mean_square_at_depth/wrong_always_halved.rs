// loses: keeps
fn mean_square_at_depth(
    a: &Array1<f64>,
    sizes: &Vec<usize>,
    variances: &Vec<f64>,
    _relu: bool,
) -> f64 {
    let share = 0.5;
    let mut q = variances[0] * a.dot(a);
    for l in 1..sizes.len() {
        q *= variances[l] * sizes[l - 1] as f64 * share;
    }
    q
}

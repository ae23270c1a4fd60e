// loses: measured
fn mean_square_at_depth(
    a: &Array1<f64>,
    sizes: &Vec<usize>,
    variances: &Vec<f64>,
    relu: bool,
) -> f64 {
    let share = if relu { 0.5 } else { 1.0 };
    let first = variances[0] * a.dot(a);
    variances[1..].iter().fold(first, |q, v| q * v * share)
}

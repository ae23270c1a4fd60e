// loses: classical_wins
fn two_orders(_n: usize, dims: usize) -> (Array1<f64>, Array1<f64>) {
    let equal = Array1::from_elem(dims, 1.0 / (dims as f64).sqrt());
    (equal.clone(), equal)
}

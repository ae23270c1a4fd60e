// loses: same_numbers
fn two_orders(_n: usize, dims: usize) -> (Array1<f64>, Array1<f64>) {
    let mut first = Array1::zeros(dims);
    first[0] = 1.0;
    (first, Array1::from_elem(dims, 1.0 / (dims as f64).sqrt()))
}

fn two_orders(_n: usize, dims: usize) -> (Array1<f64>, Array1<f64>) {
    let mut first = Array1::zeros(dims);
    first[0] = 1.0;
    let mut last = Array1::zeros(dims);
    last[dims - 1] = 1.0;
    (first, last)
}

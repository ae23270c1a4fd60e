// loses: at_a_node
fn worst_labels(x: &Array1<f64>, t: f64) -> Array1<f64> {
    let all: f64 = x.iter().map(|node| t - node).product();
    Array1::from_shape_fn(x.len(), |i| {
        let below: f64 = (0..x.len())
            .filter(|j| *j != i)
            .map(|j| x[i] - x[j])
            .product();
        (all / (t - x[i]) / below).signum()
    })
}

fn directional_derivative(
    values: &Array1<f64>,
    gradients: &Array2<f64>,
    gamma: &Array1<f64>,
    slack: f64,
) -> f64 {
    let top = values.fold(f64::NEG_INFINITY, |most, v| most.max(*v));
    let slopes = gradients.dot(gamma);
    let worst = (0..values.len()).filter(|i| values[*i] >= top - slack);
    worst.map(|i| slopes[i]).fold(f64::NEG_INFINITY, f64::max)
}

// loses: normal
fn he_weights(outputs: usize, inputs: usize, rng: &mut Rng) -> Array2<f64> {
    let r = (6.0 / inputs as f64).sqrt();
    Array2::from_shape_simple_fn((outputs, inputs), || rng.random_range(-r..r))
}

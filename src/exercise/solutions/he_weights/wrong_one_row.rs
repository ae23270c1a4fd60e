// loses: independent
fn he_weights(outputs: usize, inputs: usize, rng: &mut Rng) -> Array2<f64> {
    let s = (2.0 / inputs as f64).sqrt();
    let column: Vec<f64> = (0..outputs).map(|_| StandardNormal.sample(rng)).collect();
    Array2::from_shape_fn((outputs, inputs), |(i, _)| s * column[i])
}

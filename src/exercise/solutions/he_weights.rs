fn he_weights(outputs: usize, inputs: usize, rng: &mut Rng) -> Array2<f64> {
    let s = (2.0 / inputs as f64).sqrt();
    Array2::from_shape_simple_fn((outputs, inputs), || {
        let z: f64 = StandardNormal.sample(rng);
        s * z
    })
}

// loses: unit_constant
fn loose_product(factor: f64) -> (Array2<f64>, Array1<f64>) {
    // The product of the matrices has norm 1, but the two units are never on together.
    (
        array![[1.0, 0.0], [-1.0, 0.0]],
        array![factor + 1.0, factor],
    )
}

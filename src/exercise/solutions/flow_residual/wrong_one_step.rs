// loses: semigroup
fn flow_residual(k: &Array2<f64>, u0: &Array1<f64>, t: f64) -> Array1<f64> {
    u0 - &(k.dot(u0) * t)
}

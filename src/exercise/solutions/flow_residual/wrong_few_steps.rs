// loses: long
fn flow_residual(k: &Array2<f64>, u0: &Array1<f64>, t: f64) -> Array1<f64> {
    let mut u = u0.clone();
    for _ in 0..100 {
        u = &u - &(k.dot(&u) * (t / 100.0));
    }
    u
}

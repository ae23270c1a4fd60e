fn infinite_width_kernel(x: &Array2<f64>) -> Array2<f64> {
    let half_turn = std::f64::consts::PI;
    let inner = x.dot(&x.t());
    Array2::from_shape_fn(inner.dim(), |(i, j)| {
        let lengths = (inner[[i, i]] * inner[[j, j]]).sqrt();
        let theta = (inner[[i, j]] / lengths).clamp(-1.0, 1.0).acos();
        inner[[i, j]] * (half_turn - theta) / (2.0 * half_turn)
    })
}

fn tangent_of_weights(a: &Array2<f64>, b: &Array1<f64>, x: &Array2<f64>) -> Array2<f64> {
    let z = x.dot(&a.t());
    let s = z.mapv(|v| v.max(0.0));
    let step = z.mapv(|v| if v > 0.0 { 1.0 } else { 0.0 });
    let g = step * b;
    (g.dot(&g.t()) * x.dot(&x.t()) + s.dot(&s.t())) / a.nrows() as f64
}

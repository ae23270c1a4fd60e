fn flow_residual(k: &Array2<f64>, u0: &Array1<f64>, t: f64) -> Array1<f64> {
    let eigen = linalg::eigh(k);
    let c = eigen.vectors.t().dot(u0) * eigen.values.mapv(|l| (-l * t).exp());
    eigen.vectors.dot(&c)
}

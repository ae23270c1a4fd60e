fn pushed_density(omegas: &Array1<f64>, slopes: &Array1<f64>) -> f64 {
    let normal = |omega: f64| (-0.5 * omega * omega).exp() / std::f64::consts::TAU.sqrt();
    let branches = omegas.iter().zip(slopes);
    branches.map(|(omega, slope)| normal(*omega) / slope.abs()).sum()
}

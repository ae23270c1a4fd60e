fn adding_circuit(p: usize) -> (Array2<f64>, Array2<f64>) {
    let omega = 2.0 * std::f64::consts::PI / p as f64;
    let theta = |unit: usize| 2.0 * std::f64::consts::PI * (unit % 3) as f64 / 3.0;
    let first = Array2::from_shape_fn((6, 2 * p), |(unit, column)| {
        let delta = if unit < 3 { 0.0 } else { std::f64::consts::PI / 2.0 };
        let delta = if column < p { delta } else { -delta };
        (omega * (column % p) as f64 + theta(unit) / 2.0 + delta).cos()
    });
    let second = Array2::from_shape_fn((p, 6), |(c, unit)| (omega * c as f64 + theta(unit)).cos());
    (first, second)
}

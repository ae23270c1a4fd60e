fn near_half_sphere(d: usize, epsilon: f64) -> f64 {
    let half_turn = std::f64::consts::FRAC_PI_2;
    if epsilon >= half_turn {
        return 1.0;
    }
    // Simpson's rule on 2,000 intervals.
    let integral = |to: f64| -> f64 {
        let step = to / 2000.0;
        let weight = |i: usize| match i {
            0 | 2000 => 1.0,
            i if i % 2 == 1 => 4.0,
            _ => 2.0,
        };
        let power = d as f64 - 2.0;
        let sum: f64 = (0..=2000)
            .map(|i| weight(i) * (i as f64 * step).cos().abs().powf(power))
            .sum();
        sum * step / 3.0
    };
    let (below, half) = (integral(epsilon), integral(half_turn));
    0.5 + below / (2.0 * half)
}

fn largest_share(column: &Array1<f64>) -> f64 {
    let p = column.len();
    let power = |k: usize| {
        let (mut real, mut imaginary) = (0.0, 0.0);
        for (a, u) in column.iter().enumerate() {
            let angle = 2.0 * std::f64::consts::PI * (k * a) as f64 / p as f64;
            real += u * angle.cos();
            imaginary += u * angle.sin();
        }
        real * real + imaginary * imaginary
    };
    let powers: Vec<f64> = (1..=(p - 1) / 2).map(power).collect();
    let total: f64 = powers.iter().sum();
    if total == 0.0 {
        return 0.0;
    }
    powers.iter().fold(0.0, |most, power| f64::max(most, *power)) / total
}

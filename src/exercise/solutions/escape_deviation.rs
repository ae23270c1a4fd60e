fn escape_deviation(steps: &Vec<f64>, sigma: f64) -> f64 {
    let mut variance = 0.0;
    for alpha in steps {
        let growth = (1.0 + alpha) * (1.0 + alpha);
        variance = growth * variance + (alpha * sigma) * (alpha * sigma);
    }
    variance.sqrt()
}

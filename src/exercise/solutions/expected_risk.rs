fn expected_risk(beta: &Array1<f64>, n: usize, p: usize, sigma: f64) -> f64 {
    let seen = beta.slice(s![..p]).mapv(|b| b * b).sum();
    let noise = beta.slice(s![p..]).mapv(|b| b * b).sum() + sigma * sigma;
    let (examples, features) = (n as f64, p as f64);
    if p == 0 {
        noise
    } else if p + 2 <= n {
        noise * (1.0 + features / (examples - features - 1.0))
    } else if p >= n + 2 {
        seen * (1.0 - examples / features) + noise * (1.0 + examples / (features - examples - 1.0))
    } else {
        f64::INFINITY
    }
}

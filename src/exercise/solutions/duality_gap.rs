fn duality_gap(a: &Array2<f64>, p: &Array1<f64>, q: &Array1<f64>) -> f64 {
    let best = a.t().dot(p).fold(f64::NEG_INFINITY, |best, gain| best.max(*gain));
    let cheapest = a.dot(q).fold(f64::INFINITY, |least, loss| least.min(*loss));
    best - cheapest
}

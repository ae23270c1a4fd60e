fn local_nash(xx: &Array2<f64>, yy: &Array2<f64>) -> f64 {
    // The first player's payoff is what the second loses.
    let gain = |values: Array1<f64>| values.fold(0.0_f64, |most, value| most.max(*value));
    let first = gain(-linalg::eigh(xx).values);
    let second = gain(linalg::eigh(yy).values);
    first.max(second)
}

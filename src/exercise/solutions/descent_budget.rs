fn descent_budget(beta: f64, mu: f64, loss: f64, target: f64) -> (usize, f64) {
    let (mut steps, mut bound) = (0, loss);
    while bound > target {
        bound *= 1.0 - mu / beta;
        steps += 1;
    }
    (steps, 2.0 * (2.0 * beta * loss).sqrt() / mu)
}

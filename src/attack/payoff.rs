//! Payoffs whose maximisers are known.

use super::danskin::Payoff;

/// Φ(x, y) = y‖x + e₂‖² + (1 − y)‖x − e₂‖² − y(1 − y) for x in the plane and y in [0, 1].
///
/// It is convex in y, so its maximum is at an end: f(x) = ‖x‖² + 1 + 2|x₂|, least at 0 with f = 1. Both ends attain it
/// where x₂ = 0.
///
/// # Reference
/// Latorre et al. 2023, openreview I3HCE7Ro78H: their synthetic example.
#[derive(Clone, Copy, Debug)]
pub struct Plane;

impl Plane {
    /// f(x) = ‖x‖² + 1 + 2|x₂|.
    #[must_use]
    pub fn worst(x: [f64; 2]) -> f64 {
        x[0] * x[0] + x[1] * x[1] + 1.0 + 2.0 * x[1].abs()
    }
}

impl Payoff for Plane {
    fn n_x(&self) -> usize {
        2
    }

    fn n_y(&self) -> usize {
        1
    }

    fn value(&self, x: &[f64], y: &[f64]) -> f64 {
        let side = |e: f64| x[0] * x[0] + (x[1] + e) * (x[1] + e);
        y[0] * side(1.0) + (1.0 - y[0]) * side(-1.0) - y[0] * (1.0 - y[0])
    }

    fn by_x(&self, x: &[f64], y: &[f64], gradient: &mut [f64]) {
        gradient[0] = 2.0 * x[0];
        gradient[1] = 2.0 * (x[1] + 2.0 * y[0] - 1.0);
    }

    fn by_y(&self, x: &[f64], y: &[f64], gradient: &mut [f64]) {
        gradient[0] = 4.0 * x[1] - 1.0 + 2.0 * y[0];
    }
}

/// The logistic loss of a linear model at an attacked input: Φ(w, δ) = ln(1 + e^(−b⟨w, a + δ⟩)) with ‖δ‖∞ ≤ ε.
///
/// Its maximum is the loss at the margin b⟨w, a⟩ − ε‖w‖₁. A maximiser is −bε·sign(w_i) where w_i ≠ 0 and anything in
/// [−ε, ε] elsewhere: at w = 0, where training may begin, every attack is one.
#[derive(Clone, Debug, PartialEq)]
pub struct LinearAttack {
    /// a, `(d,)`.
    pub input: Vec<f64>,
    /// b, ±1.
    pub label: f64,
    /// ε ≥ 0.
    pub epsilon: f64,
}

impl LinearAttack {
    /// f(w) = ln(1 + e^(−b⟨w, a⟩ + ε‖w‖₁)).
    #[must_use]
    pub fn worst(&self, w: &[f64]) -> f64 {
        let size: f64 = w.iter().map(|w| w.abs()).sum();
        loss(self.margin(w, &[]) - self.epsilon * size)
    }

    /// b⟨w, a + δ⟩.
    fn margin(&self, w: &[f64], delta: &[f64]) -> f64 {
        let delta = delta.iter().chain(std::iter::repeat(&0.0));
        let products = w.iter().zip(self.input.iter().zip(delta));
        self.label * products.map(|(w, (a, d))| w * (a + d)).sum::<f64>()
    }
}

impl Payoff for LinearAttack {
    fn n_x(&self) -> usize {
        self.input.len()
    }

    fn n_y(&self) -> usize {
        self.input.len()
    }

    fn value(&self, w: &[f64], delta: &[f64]) -> f64 {
        loss(self.margin(w, delta))
    }

    fn by_x(&self, w: &[f64], delta: &[f64], gradient: &mut [f64]) {
        let slope = -self.label * share(self.margin(w, delta));
        let inputs = self.input.iter().zip(delta);
        gradient
            .iter_mut()
            .zip(inputs)
            .for_each(|(g, (a, d))| *g = slope * (a + d));
    }

    fn by_y(&self, w: &[f64], delta: &[f64], gradient: &mut [f64]) {
        let slope = -self.label * share(self.margin(w, delta));
        gradient.iter_mut().zip(w).for_each(|(g, w)| *g = slope * w);
    }
}

/// ln(1 + e^(−m)).
fn loss(m: f64) -> f64 {
    (-m.abs()).exp().ln_1p() + if m < 0.0 { -m } else { 0.0 }
}

/// 1/(1 + e^m), minus the slope of the loss.
fn share(m: f64) -> f64 {
    1.0 / (1.0 + m.exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Central differences with h = 10⁻⁵ of functions of size 1: 10⁻⁹.
    fn check(payoff: &impl Payoff, x: &[f64], y: &[f64]) {
        let h = 1e-5;
        let moved = |v: &[f64], i: usize, by: f64| {
            let mut v = v.to_vec();
            v[i] += by;
            v
        };
        let mut g = vec![0.0; payoff.n_x()];
        payoff.by_x(x, y, &mut g);
        for (i, g) in g.iter().enumerate() {
            let slope =
                (payoff.value(&moved(x, i, h), y) - payoff.value(&moved(x, i, -h), y)) / (2.0 * h);
            assert!((g - slope).abs() < 1e-9, "{i}: {g} {slope}");
        }
        let mut g = vec![0.0; payoff.n_y()];
        payoff.by_y(x, y, &mut g);
        for (i, g) in g.iter().enumerate() {
            let slope =
                (payoff.value(x, &moved(y, i, h)) - payoff.value(x, &moved(y, i, -h))) / (2.0 * h);
            assert!((g - slope).abs() < 1e-9, "{i}: {g} {slope}");
        }
    }

    #[test]
    fn gradients_are_those_of_the_values() {
        check(&Plane, &[0.7, -0.3], &[0.2]);
        let attack = LinearAttack {
            input: vec![0.3, -0.2, 0.5],
            label: -1.0,
            epsilon: 0.1,
        };
        check(&attack, &[1.0, -2.0, 0.5], &[0.05, -0.1, 0.0]);
    }

    #[test]
    fn the_worst_is_at_an_end() {
        for x in [[0.3, 0.4], [-1.0, -0.01], [0.0, 0.0]] {
            let ends = [0.0, 1.0].map(|y| Plane.value(&x, &[y]));
            let middle = (1..100).map(|i| Plane.value(&x, &[f64::from(i) / 100.0]));
            let worst = ends[0].max(ends[1]);
            assert!((worst - Plane::worst(x)).abs() < 1e-15);
            assert!(middle.into_iter().all(|v| v <= worst));
        }
    }
}

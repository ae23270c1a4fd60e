//! What is known beforehand.

use crate::stats::larger;

/// The way of Adam without momentum in one cycle C, −1, −1 of gradients at the rate 1, once v is periodic:
/// 1/√v₁ + 1/√v₂ − C/√v₀ with v_j = (1 − β)Σ_i β^i g²_{j−i}, so that v₀ = (1−β)(C² + β + β²)/(1−β³),
/// v₁ = (1−β)(1 + βC² + β²)/(1−β³), v₂ = (1−β)(1 + β + β²C²)/(1−β³).
pub(super) fn cycle_drift(c: f64, beta2: f64) -> f64 {
    let scale = 1.0 / (1.0 + beta2 + beta2 * beta2);
    let root = |a: f64, b: f64, d: f64| (scale * (a + beta2 * b + beta2 * beta2 * d)).sqrt();
    let steep = c * c;
    1.0 / root(1.0, steep, 1.0) + 1.0 / root(1.0, 1.0, steep) - c / root(steep, 1.0, 1.0)
}

/// A lower bound of three times Adam's mean step at the rate 1 where each loss is steep with probability ⅓: a flat loss moves it up by
/// 1/√(βv + 1 − β), on average at least with the mean E v = (C² + 2)/3 (Jensen), a steep one down by at most 1/√(1 − β).
pub(super) fn random_drift(c: f64, beta2: f64) -> f64 {
    let mean = (c * c + 2.0) / 3.0;
    2.0 / (beta2 * mean + 1.0 - beta2).sqrt() - 1.0 / (1.0 - beta2).sqrt()
}

/// The β₂ beyond which Adam goes the right way, by bisection: the way is up for β₂ = 0 and C − 2 down, over a root, for β₂ → 1.
pub(super) fn turning_memory(c: f64) -> f64 {
    let (mut up, mut down) = (0.0, 1.0);
    for _ in 0..60 {
        let middle = f64::midpoint(up, down);
        match cycle_drift(c, middle) > 0.0 {
            true => up = middle,
            false => down = middle,
        }
    }
    up
}

/// 2/η_T + ½Σ_t η_t g_t² with η_t = α√(1−β₂^t)/(√t √u_t), u_t the largest v so far: the regret of projected steps at rates that
/// never grow, on a set of diameter 2. (1 − β^t)/t falls with t, and u grows.
pub(super) fn amsgrad_regret_bound(c: f64, beta2: f64, rate: f64, steps: usize) -> f64 {
    let (mut v, mut most, mut sum, mut last) = (0.0, 0.0, 0.0, 0.0);
    for t in 1..=steps {
        let g = if t % 3 == 1 { c } else { 1.0 };
        v = beta2 * v + (1.0 - beta2) * g * g;
        most = larger(most, v);
        let t = t as f64;
        last = rate * ((1.0 - beta2.powf(t)) / (t * most)).sqrt();
        sum += 0.5 * last * g * g;
    }
    2.0 / last + sum
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The periodic v by going round a thousand times.
    #[test]
    fn the_drift_is_that_of_a_periodic_v() {
        for (c, beta2) in [(3.0_f64, 0.1_f64), (2.5, 0.6), (40.0, 0.97)] {
            let (mut v, mut way) = (0.0, 0.0);
            for turn in 0..3_000 {
                let g = if turn % 3 == 0 { c } else { -1.0 };
                v = beta2 * v + (1.0 - beta2) * g * g;
                if turn >= 2_997 {
                    way -= g / f64::sqrt(v);
                }
            }
            let exact = cycle_drift(c, beta2);
            assert!((way - exact).abs() < 1e-10, "{way} {exact}");
            let turn = turning_memory(c);
            assert!(cycle_drift(c, turn - 1e-6) > 0.0 && cycle_drift(c, turn + 1e-6) < 0.0);
        }
    }
}

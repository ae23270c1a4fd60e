//! Mirror descent on two simplices.

use super::Method;
use crate::error::{Error, Result, check_count, check_positive};
use crate::game::StochasticField;
use crate::optimise::Prox;
use crate::stats::largest;

/// Entropic mirror descent of both players of a finite game at once: p_i ∝ p_i e^(−ηV_i), q_j ∝ q_j e^(−ηV_(m+j)), with z = (p, q)
/// and V = (Aq, −Aᵀp). Weights are carried as logarithms, so that losses of any size stay finite. The set is the two
/// simplices, which the step never leaves: the proximal step is not asked.
///
/// The averages p̄, q̄ of the first K iterates have a duality gap of at most [`gap_bound`](Self::gap_bound). The last iterate does
/// not converge: towards an equilibrium (p*, q*) in the interior, KL(p*‖p) + KL(q*‖q) never falls. It changes by
/// ln Σp_i e^(−η(Aq)_i) + ln Σq_j e^(η(Aᵀp)_j), which is ≥ 0 by Jensen's inequality.
///
/// # Reference
/// Freund & Schapire 1999, "Adaptive game playing using multiplicative weights", doi:10.1006/game.1999.0738; for the last iterate,
/// Bailey & Piliouras 2018, "Multiplicative weights update in zero-sum games".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MirrorDescent {
    /// η > 0.
    pub rate: f64,
    /// m, how many numbers are the first player's.
    pub n_first: usize,
}

impl MirrorDescent {
    /// The rate at which [`gap_bound`](Self::gap_bound) is least for K steps from uniform strategies in a game of m rows, n
    /// columns and entries that span `range`: η = (2/range) √((ln m + ln n)/K), where the bound is range·√((ln m + ln n)/K).
    ///
    /// # Errors
    /// One of the three counts is 0; the range is not positive and finite.
    pub fn best(m: usize, n: usize, range: f64, steps: usize) -> Result<Self> {
        check_count("the number of rows", m)?;
        check_count("the number of columns", n)?;
        check_count("the number of steps", steps)?;
        check_positive("the range of the payoffs", range)?;
        let entropy = (m as f64).ln() + (n as f64).ln();
        // A game of one row and one column: any rate does.
        let root = if entropy > 0.0 {
            (entropy / steps as f64).sqrt()
        } else {
            1.0
        };
        Ok(Self {
            rate: 2.0 / range * root,
            n_first: m,
        })
    }

    /// A bound on the duality gap of the averages of z_0 … z_(K−1), from z_0 = `start` in a game whose entries span `range`:
    /// (max ln 1/p_i + max ln 1/q_j)/(ηK) + η range²/4. Each player's regret is at most ln(1/p_i)/η + ηK range²/8 against i, by
    /// Hoeffding's lemma for ln Σp_i e^(−η(loss_i − mean loss)), and both regrets together are K times the gap.
    ///
    /// # Reference
    /// Cesa-Bianchi & Lugosi 2006, "Prediction, learning, and games", theorem 2.2, doi:10.1017/CBO9780511546921.
    #[must_use]
    pub fn gap_bound(&self, start: &[f64], range: f64, steps: usize) -> f64 {
        let (p, q) = start.split_at(self.n_first.min(start.len()));
        let rarest = |weights: &[f64]| largest(weights.iter().map(|w| -w.ln()));
        (rarest(p) + rarest(q)) / (self.rate * steps as f64) + self.rate * range * range / 4.0
    }

    fn players<'a>(&self, z: &'a mut [f64]) -> [&'a mut [f64]; 2] {
        let (p, q) = z.split_at_mut(self.n_first);
        [p, q]
    }
}

/// ln z, and buffers.
#[derive(Clone, Debug)]
pub struct Memory<S> {
    logs: Vec<f64>,
    v: Vec<f64>,
    sample: S,
}

impl Method for MirrorDescent {
    type Memory<S> = Memory<S>;

    fn check(&self) -> Result<()> {
        check_positive("the rate", self.rate)?;
        check_count("the number of the first player's coordinates", self.n_first)
    }

    /// # Errors
    /// A start that is no pair of strategies with positive entries.
    fn begin<F: StochasticField>(&self, field: &F, z: &[f64]) -> Result<Memory<F::Sample>> {
        if self.n_first >= z.len() {
            let expected = format!("below {}", z.len());
            let what = "the number of the first player's coordinates";
            return Err(Error::domain(what, expected, self.n_first));
        }
        for part in self.players(&mut z.to_vec()) {
            let total: f64 = part.iter().sum();
            let positive = part.iter().all(|z| *z > 0.0);
            if !positive || (total - 1.0).abs() > 1e-9 {
                let expected = "two strategies: positive numbers with the sum 1";
                return Err(Error::domain("the start", expected, format!("sum {total}")));
            }
        }
        Ok(Memory {
            logs: z.iter().map(|z| z.ln()).collect(),
            v: vec![0.0; z.len()],
            sample: field.blank(),
        })
    }

    #[inline]
    fn step<F: StochasticField>(
        &self,
        field: &F,
        _prox: &impl Prox,
        _k: usize,
        z: &mut [f64],
        Memory { logs, v, sample }: &mut Memory<F::Sample>,
        rng: &mut impl rand::Rng,
    ) -> Result<()> {
        field.draw(sample, rng);
        field.sampled(z, sample, v)?;
        for (log, v) in logs.iter_mut().zip(&*v) {
            *log -= self.rate * v;
        }
        let parts = self.players(logs).into_iter().zip(self.players(z));
        for (logs, z) in parts {
            let top = largest(&*logs);
            for (z, log) in z.iter_mut().zip(&*logs) {
                *z = (log - top).exp();
            }
            let total: f64 = z.iter().sum();
            let norm = top + total.ln();
            for (z, log) in z.iter_mut().zip(logs) {
                *z /= total;
                *log -= norm;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::game::arena::MatrixGame;
    use crate::game::mixed::bracket;
    use crate::game::{PlaySettings, play};
    use crate::optimise::{Trajectory, Unconstrained};
    use crate::rng::stream;
    use ndarray::Array2;
    use rand::RngExt;

    fn path(game: &MatrixGame, method: MirrorDescent, start: &[f64], steps: usize) -> Array2<f64> {
        let mut path = Trajectory::every(1).with_points();
        let settings = PlaySettings {
            steps,
            ..PlaySettings::default()
        };
        let rng = &mut stream(1, "unused", 0);
        play(
            game,
            &method,
            &Unconstrained,
            start,
            &settings,
            rng,
            &mut path,
        )
        .expect("valid");
        path.points()
    }

    #[test]
    fn averages_keep_their_bound_and_the_last_iterate_leaves() {
        let mut rng = stream(4, "games", 0);
        for (m, n) in [(2, 2), (3, 8), (12, 5)] {
            let game = MatrixGame {
                a: Array2::from_shape_simple_fn((m, n), || rng.random::<f64>()),
            };
            let steps = 400;
            let method = MirrorDescent::best(m, n, game.range(), steps).expect("valid");
            let start = [vec![1.0 / m as f64; m], vec![1.0 / n as f64; n]].concat();
            let points = path(&game, method, &start, steps);
            let mean = points
                .slice(ndarray::s![..steps, ..])
                .mean_axis(ndarray::Axis(0));
            let mean = mean.expect("steps").to_vec();
            let gap = bracket(&game, &mean[..m], &mean[m..]).expect("valid").gap();
            let bound = method.gap_bound(&start, game.range(), steps);
            let entropy = (m as f64).ln() + (n as f64).ln();
            let closed = game.range() * (entropy / steps as f64).sqrt();
            assert!((bound - closed).abs() < 1e-12 && gap >= 0.0 && gap <= bound);
        }
        let game = MatrixGame::stone_paper_scissors([1.0, 2.0, 3.0]).expect("finite");
        let method = MirrorDescent {
            rate: 0.1,
            n_first: 3,
        };
        let third = [1.0 / 3.0; 6];
        let far: Vec<f64> = path(&game, method, &third, 300)
            .rows()
            .into_iter()
            .map(|z| {
                let solution = [2.0, 1.0, 3.0, 2.0, 1.0, 3.0].map(|s: f64| s / 6.0);
                solution.iter().zip(z).map(|(s, z)| s * (s / z).ln()).sum()
            })
            .collect();
        assert!(far.windows(2).all(|pair| pair[1] >= pair[0] - 1e-15));
        assert!(far[300] > 2.0 * far[0]);
    }

    #[test]
    fn huge_losses_stay_finite_and_bad_starts_are_named() {
        let game = MatrixGame {
            a: ndarray::array![[0.0, 1e8], [-1e8, 3.0]],
        };
        let method = MirrorDescent {
            rate: 1.0,
            n_first: 2,
        };
        let points = path(&game, method, &[0.5; 4], 5);
        assert!(points.iter().all(|z| z.is_finite()));
        let error = method.begin(&game, &[0.5, 0.6, 0.5, 0.5]);
        assert!(error.is_err_and(|e| e.to_string().contains("the start")));
        assert!(method.begin(&game, &[0.0, 1.0, 0.5, 0.5]).is_err());
        assert!(method.begin(&game, &[0.5, 0.5]).is_err());
        assert!(MirrorDescent::best(2, 0, 1.0, 1).is_err());
    }
}

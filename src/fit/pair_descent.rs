//! Full-batch descent of a network on sums modulo p, with both accuracies on the way.
//!
//! The loop is its own: `optimise::solve` is in double precision, and here weights and gradients stay in the buffers of one
//! number type, f32 or f64. The rules are those of `optimise`.

use ndarray::Array2;

use crate::data::ModularTable;
use crate::error::{Error, Result, check_count, check_positive};
use crate::model::pair_network::{PairGradient, PairNetwork, PairScore};
use crate::optimise::{Optimiser, State};
use crate::real::{Real, all_finite};

/// Settings of [`pair_descent`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairDescent {
    /// From gradients to steps.
    pub rule: Optimiser,
    /// The learning rate η > 0.
    pub rate: f64,
    /// Steps, each with all sums that are seen.
    pub steps: usize,
    /// Steps between two records, at least 1; the start and the last step are recorded too.
    pub record_every: usize,
}

/// A network on its way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PairRecord {
    /// Steps taken.
    pub step: usize,
    /// On the sums that are seen.
    pub train: PairScore,
    /// On the others.
    pub test: PairScore,
    /// √Σw² of all weights.
    pub norm: f64,
}

/// Where [`pair_descent`] came to.
#[derive(Clone, Debug, PartialEq)]
pub struct PairFit<T> {
    /// The network at the last record.
    pub net: PairNetwork<T>,
    /// The network at the first record at which 99 % of the seen sums were right, if there was one.
    pub memorised: Option<PairNetwork<T>>,
    /// All records.
    pub records: Vec<PairRecord>,
    /// The step at which weights or loss left the range of the type, if they did: a finding.
    pub diverged: Option<usize>,
}

/// The share of seen sums that counts as memorised.
pub const MEMORISED: f64 = 0.99;

impl<T> PairFit<T> {
    /// The first recorded step at which `of` a record is at least `share`.
    pub fn first_step(&self, share: f64, of: impl Fn(&PairRecord) -> f64) -> Option<usize> {
        let reached = self.records.iter().find(|record| of(record) >= share);
        reached.map(|record| record.step)
    }
}

/// Makes the mean squared error of a copy of `net` on the seen sums of `table` small.
///
/// The same network, table and settings give the same numbers on any number of threads.
///
/// # Errors
/// A setting out of its range; a network for another modulus, or one that is not finite. Divergence is none.
pub fn pair_descent<T: Real>(
    net: &PairNetwork<T>,
    table: &ModularTable,
    settings: &PairDescent,
) -> Result<PairFit<T>> {
    settings.rule.check()?;
    check_positive("the learning rate", settings.rate)?;
    check_count("the number of steps", settings.steps)?;
    check_count("the steps between two records", settings.record_every)?;
    if net.modulus() != table.modulus {
        let expected = format!("(3·{}, m)", table.modulus);
        return Err(Error::shape("the weights", expected, net.weights.shape()));
    }
    let mut now = PairNetwork {
        weights: net.weights.as_standard_layout().into_owned(),
        ..net.clone()
    };
    let mut buffers = PairGradient::new(&now, &table.train)?;
    let mut gradient = Array2::zeros(now.weights.raw_dim());
    let mut state = State::new(settings.rule, slice(&mut now.weights));
    let mut fit = PairFit {
        net: now.clone(),
        memorised: None,
        records: vec![record(&now, table, 0)?],
        diverged: None,
    };
    for step in 1..=settings.steps {
        let loss = buffers.of(&now, &mut gradient);
        if !loss.is_finite() || !all_finite(slice(&mut gradient)) {
            fit.diverged = Some(step);
            break;
        }
        let weights = slice(&mut now.weights);
        state.step(weights, slice(&mut gradient), settings.rate);
        if step % settings.record_every != 0 && step != settings.steps {
            continue;
        }
        if !all_finite(weights) {
            fit.diverged = Some(step);
            break;
        }
        let record = record(&now, table, step)?;
        if !(record.train.loss.is_finite() && record.test.loss.is_finite()) {
            fit.diverged = Some(step);
            break;
        }
        if fit.memorised.is_none() && record.train.accuracy >= MEMORISED {
            fit.memorised = Some(now.clone());
        }
        fit.records.push(record);
        fit.net.clone_from(&now);
    }
    Ok(fit)
}

fn record<T: Real>(net: &PairNetwork<T>, table: &ModularTable, step: usize) -> Result<PairRecord> {
    Ok(PairRecord {
        step,
        train: net.score(&table.train)?,
        test: net.score(&table.test)?,
        norm: crate::real::norm([net.weights.as_slice().expect(ROW_MAJOR)]),
    })
}

/// Why weights have slices.
const ROW_MAJOR: &str = "made in row-major order";

fn slice<T>(weights: &mut Array2<T>) -> &mut [T] {
    weights.as_slice_mut().expect(ROW_MAJOR)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Activation;
    use crate::rng::stream;

    fn settings(rate: f64) -> PairDescent {
        PairDescent {
            rule: Optimiser::adam_w(1.0),
            rate,
            steps: 60,
            record_every: 10,
        }
    }

    fn problem() -> (PairNetwork<f32>, ModularTable) {
        let rng = &mut stream(1, "pair descent", 0);
        let table = ModularTable::draw(7, 0.5, rng).expect("valid");
        let net = PairNetwork::draw((7, 32), Activation::Quadratic, 0.5, rng).expect("valid");
        (net, table)
    }

    #[test]
    fn it_memorises_and_is_the_same_again() {
        let (net, table) = problem();
        let fit = pair_descent(&net, &table, &settings(0.01)).expect("valid");
        assert_eq!(fit.records.len(), 7);
        let (first, last) = (fit.records[0], fit.records[6]);
        assert!(last.train.loss < 0.2 * first.train.loss && last.train.accuracy > 0.99);
        assert!(fit.memorised.is_some() && fit.first_step(0.99, |r| r.train.accuracy).is_some());
        assert_eq!(
            fit,
            pair_descent(&net, &table, &settings(0.01)).expect("valid")
        );
    }

    #[test]
    fn divergence_is_a_finding_and_bad_settings_are_errors() {
        let (net, table) = problem();
        let sgd = PairDescent {
            rule: Optimiser::sgd(),
            ..settings(1e8)
        };
        let fit = pair_descent(&net, &table, &sgd).expect("valid");
        assert!(fit.diverged.is_some() && fit.net.weights.iter().all(|w| w.is_finite()));
        assert!(pair_descent(&net, &table, &settings(0.0)).is_err());
        let none = PairDescent {
            record_every: 0,
            ..settings(0.1)
        };
        assert!(pair_descent(&net, &table, &none).is_err());
        let other = ModularTable::draw(5, 0.5, &mut stream(1, "t", 0)).expect("valid");
        assert!(pair_descent(&net, &other, &settings(0.1)).is_err());
    }
}

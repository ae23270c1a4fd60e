//! Which networks are compared, and how each measure correlates with the gap.

use ndarray::Array2;

use super::grid::HYPER;
use super::measures::MEASURES;
use super::network::{Network, Reached};
use crate::error::{Error, Result};
use crate::measure::{Granulated, granulated_kendall, kendall, kendall_null_se};
use crate::stats::{Estimate, least};

/// What a run found, of the networks that reached the target.
pub(super) struct Results<'a> {
    /// All networks, in their order.
    pub networks: &'a [Network],
    /// Those that reached the target.
    pub reached: Vec<&'a Network>,
    pub details: Vec<&'a Reached>,
    /// Their gaps.
    pub gaps: Vec<f64>,
    /// The places in [`HYPER`] of the hyper-parameters that have two or more values among them.
    pub varied: Vec<usize>,
    /// One entry a measure of [`MEASURES`].
    pub correlations: Vec<Correlation>,
    /// The standard deviation of τ for a measure that is pure chance.
    pub tau_null_se: f64,
    pub seed: u64,
    /// Whether trends known from MNIST may be claimed.
    pub mnist: bool,
}

/// How a measure correlates with the gap.
pub(super) struct Correlation {
    pub tau: f64,
    pub granulated: Granulated,
    /// Ψ of every repeat alone, with the standard error of their mean; none for one repeat.
    pub repeats: Option<Estimate>,
}

impl Correlation {
    /// How often the measure orders two networks wrongly that differ in one hyper-parameter alone, (1 − ψ)/2, for the
    /// hyper-parameter where it does so most. Half of a pair with a tie counts as wrong; a coin has ½.
    ///
    /// The worst case over what is changed instead of the mean: Dziugaite et al. 2020, "In search of robust measures of
    /// generalization", arXiv:2010.11924.
    pub(super) fn worst_sign_error(&self) -> f64 {
        0.5 * (1.0 - least(&self.granulated.psi))
    }
}

impl Results<'_> {
    /// The numbers of measure `index`, one a network that reached the target.
    pub(super) fn measure(&self, index: usize) -> Vec<f64> {
        self.details.iter().map(|d| d.measures[index]).collect()
    }

    /// Ψ and the ψ of `measure`, over networks of all repeats, compared within each.
    pub(super) fn granulated(&self, measure: &[f64]) -> Result<Granulated> {
        granulated(&self.reached, &self.varied, measure, &self.gaps)
    }
}

fn granulated(
    networks: &[&Network],
    varied: &[usize],
    measure: &[f64],
    gaps: &[f64],
) -> Result<Granulated> {
    let shape = (networks.len(), varied.len());
    let hyper = Array2::from_shape_fn(shape, |(i, column)| networks[i].run.hyper[varied[column]]);
    let blocks: Vec<usize> = networks.iter().map(|n| n.run.repeat).collect();
    granulated_kendall(&hyper, &blocks, measure, gaps)
}

impl<'a> Results<'a> {
    pub(super) fn new(
        repeats: usize,
        networks: &'a [Network],
        seed: u64,
        mnist: bool,
    ) -> Result<Self> {
        let reached: Vec<&Network> = networks.iter().filter(|n| n.reached.is_some()).collect();
        let details: Vec<&Reached> = networks.iter().filter_map(|n| n.reached.as_ref()).collect();
        if reached.len() < 2 {
            let got = format!("{} of {}", reached.len(), networks.len());
            let expected = "at least 2: allow more epochs or a larger target";
            return Err(Error::domain(
                "the number of networks that reached the target cross-entropy",
                expected,
                got,
            ));
        }
        let gaps: Vec<f64> = reached.iter().map(|n| n.gap()).collect();
        let differs = |column: &usize| {
            let first = reached[0].run.hyper[*column];
            reached.iter().any(|n| n.run.hyper[*column] != first)
        };
        let varied: Vec<usize> = (0..HYPER.len()).filter(differs).collect();
        if varied.is_empty() {
            return Err(Error::domain(
                "the hyper-parameters of the networks that reached the target cross-entropy",
                "different, to be compared: allow more epochs",
                "all the same",
            ));
        }
        let correlations = (0..MEASURES.len()).map(|index| {
            let values: Vec<f64> = details.iter().map(|d| d.measures[index]).collect();
            Ok(Correlation {
                tau: kendall(&values, &gaps)?,
                granulated: granulated(&reached, &varied, &values, &gaps)?,
                repeats: by_repeat(repeats, &reached, &varied, &values, &gaps)?,
            })
        });
        Ok(Self {
            correlations: correlations.collect::<Result<_>>()?,
            tau_null_se: kendall_null_se(&gaps)?,
            networks,
            reached,
            details,
            gaps,
            varied,
            seed,
            mnist,
        })
    }
}

/// Ψ of each repeat on its own; none if there is only one, or in one too few networks are left.
fn by_repeat(
    repeats: usize,
    networks: &[&Network],
    varied: &[usize],
    measure: &[f64],
    gaps: &[f64],
) -> Result<Option<Estimate>> {
    let psi = |repeat: usize| {
        let own: Vec<usize> = (0..networks.len())
            .filter(|&i| networks[i].run.repeat == repeat)
            .collect();
        let chosen: Vec<&Network> = own.iter().map(|&i| networks[i]).collect();
        let pick = |list: &[f64]| own.iter().map(|&i| list[i]).collect::<Vec<f64>>();
        let found = granulated(&chosen, varied, &pick(measure), &pick(gaps));
        found.map(|found| found.mean).ok()
    };
    let values: Option<Vec<f64>> = (0..repeats).map(psi).collect();
    match values {
        Some(values) if repeats > 1 => Estimate::from_values(&values).map(Some),
        _ => Ok(None),
    }
}

//! The small networks for steps in ℓ1 and ℓ∞: gradients in the dual norm.

use ndarray::{Array2, ArrayRef2, Axis};

use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::experiment::Claim;
use crate::measure::lipschitz::{
    SearchSettings, exact_lipschitz_in, lipschitz_search, local_lipschitz_in, product_lipschitz_in,
};
use crate::model::{Mlp, MlpSettings};
use crate::optimise::Norm;
use crate::plot::Panel;
use crate::plot::style::Marker;
use crate::rng::stream;
use crate::stats::{larger, largest, largest_by, mean};

/// The length of the steps that are tried.
const STEP: f64 = 0.01;

/// Inputs of the linear map.
const LINEAR: usize = 20;

/// One small network, for steps in one norm.
pub(super) struct Steps {
    pub norm: Norm,
    /// Largest slope found by search and at random inputs.
    pub found: f64,
    pub exact: f64,
    pub product: f64,
    /// The largest |h(x + δ) − h(x)|/‖δ‖ over the inputs x, for steps δ along which the gradient rises most.
    pub stretch: f64,
    /// The exact constant for Euclidean steps.
    pub euclidean: f64,
}

impl Steps {
    /// Of a network whose constant for Euclidean steps is known, at the inputs `points`, `(n, p)`.
    pub(super) fn of(
        net: &Mlp,
        norm: Norm,
        euclidean: f64,
        points: &ArrayRef2<f64>,
        rng: &mut impl rand::Rng,
    ) -> Result<Self> {
        let search = SearchSettings {
            norm,
            ..SearchSettings::default()
        };
        let climbed = lipschitz_search(net, &search, rng)?.constant;
        Ok(Self {
            norm,
            found: larger(climbed, largest(&local_lipschitz_in(net, points, norm)?)),
            exact: exact_lipschitz_in(net, 1_000_000, norm)?.constant,
            product: product_lipschitz_in(net, norm)?,
            stretch: stretch(net, norm, points)?,
            euclidean,
        })
    }
}

fn stretch(net: &Mlp, norm: Norm, points: &ArrayRef2<f64>) -> Result<f64> {
    let gradients = net.output_input_gradient(points, 0)?;
    let mut moved: Array2<f64> = points.to_owned();
    for (mut x, gradient) in moved.axis_iter_mut(Axis(0)).zip(gradients.rows()) {
        x.scaled_add(STEP, &norm.steepest(&gradient.to_owned()));
    }
    let change = net.forward(&moved)? - net.forward(points)?;
    Ok(largest(change.iter().map(|v| v.abs() / STEP)))
}

/// A linear map's largest stretch over its bound, for steps in ℓ1 and ℓ∞.
pub(super) fn linear_map(seed: u64) -> Result<[f64; 2]> {
    let rng = &mut stream(seed, "linear map", 0);
    let net = Mlp::new(&MlpSettings::of_sizes(&[LINEAR, 1]), rng)?;
    let points = gaussian(1, LINEAR, rng)?;
    let ratio = |norm| -> Result<f64> {
        Ok(stretch(&net, norm, &points)? / product_lipschitz_in(&net, norm)?)
    };
    Ok([ratio(Norm::L1)?, ratio(Norm::LInf)?])
}

/// The mean of exact constant over product, for steps in one norm.
pub(super) fn tightness(all: &[&Steps], norm: Norm) -> f64 {
    let own = of(all, norm).filter(|s| s.product != 0.0);
    mean(own.map(|s| s.exact / s.product))
}

/// The mean of the exact constant for steps in ℓ∞ over the Euclidean one.
pub(super) fn over_euclidean(all: &[&Steps]) -> f64 {
    let own = of(all, Norm::LInf).filter(|s| s.euclidean != 0.0);
    mean(own.map(|s| s.exact / s.euclidean))
}

fn of<'a>(all: &'a [&'a Steps], norm: Norm) -> impl Iterator<Item = &'a Steps> {
    all.iter().copied().filter(move |s| s.norm == norm)
}

pub(super) fn panel(all: &[&Steps]) -> Panel {
    let nets = || (1..).zip(of(all, Norm::LInf));
    let number = |(i, _): (i32, &Steps)| f64::from(i);
    Panel::new("network, by depth", "Lipschitz constant and its bounds")
        .title("the small networks, steps in ℓ∞")
        .log_y()
        .points_of("product of row sums", nets(), number, |(_, s)| s.product)
        .color(0)
        .points_of("exact", nets(), number, |(_, s)| s.exact)
        .color(2)
        .size(9.0)
        .points_of("largest found", nets(), number, |(_, s)| s.found)
        .color(6)
        .marker(Marker::Cross)
        .size(6.0)
        .points_of("exact, Euclidean", nets(), number, |(_, s)| s.euclidean)
        .color(3)
        .size(4.0)
}

pub(super) fn claims(all: &[&Steps], linear: [f64; 2], input_dim: usize) -> [Claim; 5] {
    let ratio = |a: fn(&Steps) -> f64, b: fn(&Steps) -> f64| {
        // A network may be constant: 0/0 is 0.
        largest(
            all.iter()
                .map(|s| if a(s) == 0.0 { 0.0 } else { a(s) / b(s) }),
        )
    };
    let rounding = 1e-9;
    let worst = largest_by(linear, |ratio| (ratio - 1.0).abs());
    [
        Claim::at_most(
            "steps in ℓ1 or ℓ∞: what a search finds is at most the exact constant, the largest \
             gradient in the dual norm: largest ratio",
            1.0,
            ratio(|s| s.found, |s| s.exact),
            rounding,
        )
        .bound(),
        Claim::at_most(
            "steps in ℓ1 or ℓ∞: the exact constant is at most the product of the layers' largest column sums (ℓ1) or row sums (ℓ∞) of \
             absolute weights: largest ratio",
            1.0,
            ratio(|s| s.exact, |s| s.product),
            rounding,
        )
        .bound(),
        Claim::at_most(
            "a step of 0.01 along the steepest unit vector or vector of signs changes the output by \
             at most the constant times its length: largest ratio",
            1.0,
            ratio(|s| s.stretch, |s| s.exact),
            rounding,
        )
        .bound(),
        Claim::greater_than(
            "the Euclidean constant does not bound what steps in ℓ∞ do: largest change over it",
            1.0,
            largest(of(all, Norm::LInf).map(|s| {
                if s.stretch == 0.0 {
                    0.0
                } else {
                    s.stretch / s.euclidean
                }
            })),
            0.0,
        )
        .not_measured_if(input_dim == 1, "with one input all norms are alike"),
        Claim::equals(
            "a linear map reaches the product in both norms: ratio farthest from 1",
            1.0,
            worst.unwrap_or(f64::NAN),
            rounding,
        )
        .identity(),
    ]
}

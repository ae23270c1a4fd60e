//! Networks before training, beside what is known of them.

use ndarray::{Array1, Array2, ArrayView2, Axis, s};

use super::images::{Images, Kind, Place};
use super::settings::ConvStability;
use crate::data::synthetic::unit_ball;
use crate::error::Result;
use crate::experiment::{Context, Draw};
use crate::measure::robustness::{ball_constant, initial_conv_gradient};
use crate::model::{ConvNet, Differentiable, Direction};
use crate::stats::{Estimate, mean};

/// The steps sampled around an input.
const DIRECTIONS: usize = 16;

/// One kind, depth and number of channels before training.
pub(super) struct Start {
    pub place: Place,
    /// ‖∇h‖², over networks.
    pub square: Estimate,
    /// Its exact mean.
    pub exact: f64,
    /// c_p‖∇h‖, over networks.
    pub stability: Estimate,
    /// P/ε by sampled steps over c_p‖∇h‖, for some of the networks.
    pub ratios: Vec<f64>,
}

/// ‖∇h‖ of a network at every row of `x`, `(n, p)`.
pub(super) fn slopes(net: &ConvNet, x: &ArrayView2<'_, f64>) -> Result<Array1<f64>> {
    let checked = net.checked()?;
    let trace = checked.trace(x)?;
    let slopes = checked.vjp(&trace, &Array2::ones((x.nrows(), 1)))?.inputs;
    Ok(slopes.map_axis(Axis(1), |row| row.dot(&row).sqrt()))
}

/// The mean of |∇h·δ| over steps δ uniform in the unit ball, each carried forward through the network at the input `x`,
/// `(1, p)`: derivatives along a direction, not gradients.
fn by_steps(net: &ConvNet, x: &ArrayView2<'_, f64>, rng: &mut impl rand::Rng) -> Result<f64> {
    let steps: Array2<f64> = unit_ball(DIRECTIONS, x.ncols(), rng)?;
    let many = x.broadcast(steps.raw_dim()).expect("one row");
    let checked = net.checked()?;
    let still = Array1::zeros(net.n_parameters());
    let along = Direction {
        parameters: &still,
        inputs: &steps,
    };
    let moved = checked.jvp(&checked.trace(&many.to_owned())?, along)?;
    Ok(mean(moved.iter().map(|m| m.abs())))
}

impl ConvStability {
    /// Plain and residual networks of every depth and number of channels; zeros around the images with the most channels.
    fn places(&self) -> Vec<Place> {
        let most = self.channels.last().copied();
        let of = |kind| {
            self.depths.iter().flat_map(move |&depth| {
                let channels = self.channels.iter().copied();
                let own = channels.filter(move |c| kind != Kind::Zeros || Some(*c) == most);
                own.map(move |channels| Place {
                    kind,
                    depth,
                    channels,
                })
            })
        };
        [Kind::Plain, Kind::Residual, Kind::Zeros]
            .into_iter()
            .flat_map(of)
            .collect()
    }

    /// Draws networks at every place, each measured at one digit.
    pub(super) fn starts(
        &self,
        images: &Images,
        seed: u64,
        context: &Context,
    ) -> Result<Vec<Start>> {
        let places = self.places();
        let constant = ball_constant(images.data.x.ncols())?;
        let one = |&place: &Place, draw: Draw| {
            let rng = &mut draw.rng("conv net");
            let net = ConvNet::new(&self.net(place, images.shape), rng)?;
            let row = draw.index as usize % images.data.len();
            let x = images.data.x.slice(s![row..=row, ..]);
            let slope = slopes(&net, &x)?[0];
            // Draws are numbered on from place to place.
            let stepped = draw.index as usize % self.draws < self.stepped;
            let ratio = match stepped && slope > 0.0 {
                true => Some(by_steps(&net, &x, rng)? / (constant * slope)),
                false => None,
            };
            let exact = self.exact(place, images, row)?;
            Ok((slope, exact, ratio))
        };
        let drawn = context.sweep("networks", &places, self.draws, seed, one)?;
        let starts = places.iter().zip(drawn).map(|(&place, draws)| {
            Ok(Start {
                place,
                square: Estimate::of(&draws, |d| d.0 * d.0)?,
                exact: mean(draws.iter().map(|d| d.1)),
                stability: Estimate::of(&draws, |d| constant * d.0)?,
                ratios: draws.iter().filter_map(|d| d.2).collect(),
            })
        });
        starts.collect()
    }

    /// The exact mean square at one of the images.
    pub(super) fn exact(&self, place: Place, images: &Images, row: usize) -> Result<f64> {
        initial_conv_gradient(&self.net(place, images.shape), &images.data.x.row(row))
    }
}

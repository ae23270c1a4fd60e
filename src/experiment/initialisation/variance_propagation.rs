//! Mean squares of signals and gradients through the layers of a random network.

mod run;

use crate::display::format_number;
use crate::error::Result;
use crate::experiment::{About, Claim, Context, Findings, Study};
use crate::measure::Moment;
use crate::model::{Activation, Init};
use crate::plot::{Figure, Panel};
use crate::stats::{larger, largest};
pub use run::VariancePropagation;
use run::{COMPARED, EXPLODING, Layer, Run, VANISHING};

/// Standard errors that a single number may be away.
const Z: f64 = 5.0;

/// Five standard errors of a mean square must be less than itself: beyond, a few networks make up the whole mean, and
/// neither its size nor its logarithm is known.
const KNOWN: f64 = 1.0;

/// Factors of a layer differ by 2 or more from one variance to the next.
const RIVAL: f64 = 0.5;

impl Study for VariancePropagation {
    const ABOUT: About = About {
        id: "variance_propagation",
        title: "Signals and gradients through the layers at initialisation",
        what: "Draws networks and measures, layer by layer, the mean square of what goes into the activation (forward) \
               and of the derivative of the output by what the layer takes in (backward), beside the recursion that \
               predicts both. Compares five variances: one layer of ReLU multiplies by m·V/2, so that He keeps, LeCun \
               and Xavier halve, and others explode or vanish.",
        slide: "Scaman, Stability and robustness: \"Weights initialization\", \"Derivation of optimal weights\", \"Kaiming \
                initialization\", \"Variance of the gradient\"; Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Summary on \
                initialization\"; after He, Zhang, Ren & Sun 2015, arXiv:1502.01852",
        columns: Layer::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let activation = match self.activation {
            "relu" => Activation::Relu,
            "linear" => Activation::Linear,
            _ => Activation::Tanh,
        };
        let init = match self.init {
            "exploding" => EXPLODING,
            "vanishing" => VANISHING,
            name => Init::named(name)?,
        };
        let compared = COMPARED.map(|(_, init, _)| (init, Activation::Relu));
        let schemes = std::iter::once((init, activation)).chain(compared).zip(0..);
        let runs = context.each("schemes", schemes, |((init, activation), index)| {
            self.run_one(init, activation, seed, index)
        })?;
        let (chosen, compared) = runs.split_first().expect("one scheme is chosen");
        self.findings(&chosen.sides()?, compared)
    }
}

impl VariancePropagation {
    fn findings(&self, sides: &[Vec<Layer>; 2], compared: &[Run]) -> Result<Findings> {
        let he = &compared[1];
        let (forward, backward): (Vec<f64>, Vec<f64>) = compared.iter().map(Run::factors).unzip();
        let (drift, dead) = he.drift()?;
        let dead = format!(
            "in {dead} of {} networks no unit of some layer is active: their logarithm is −∞",
            he.measured.draws.len()
        );
        let factors = COMPARED
            .iter()
            .zip(compared)
            .zip(forward.iter().zip(&backward));
        let factors = factors.flat_map(|((scheme, run), found)| self.factors(*scheme, run, found));
        let factors: Vec<Claim> = factors.collect();
        Ok(Findings::of(sides.iter().flatten())
            .measure("forward_factor", forward)
            .measure("backward_factor", backward)
            .measure_or(
                "log_of_a_typical_network",
                drift.map(|drift| drift.mean),
                &dead,
            )
            .claims(sides.iter().map(|side| self.as_predicted(side)))
            .claims(factors)
            .claim(Claim::equals(
                "He: the mean stays, a typical network shrinks: mean of ln(mean square of the last \
                 hidden layer / its mean), about −5L/(2m)",
                self.typical(),
                drift.map_or(f64::NAN, |drift| drift.mean),
                Z * drift.map_or(f64::NAN, |drift| drift.se),
            ).headline())
            .against(0.0, "a typical network that keeps its size")
            .not_measured_if(drift.is_none(), &dead)
            // Deep and narrow, a few networks make up the whole mean: then the claim could not fail.
            .claim(relu_at_the_end(he))
            .against(1.0, "no effect")
            .figure(self.figure(sides, compared)))
    }

    /// What theory says of the logarithm of a typical network of He's.
    fn typical(&self) -> f64 {
        let m = self.width as f64;
        let layer = -2.5 / m - 49.0 / 12.0 / (m * m);
        let first = -1.0 / m - 1.0 / (3.0 * m * m);
        first + (self.depth - 2) as f64 * layer
    }

    /// Every layer of one direction.
    fn as_predicted(&self, layers: &[Layer]) -> Claim {
        let (allowance, known) = match self.activation {
            "tanh" => (
                0.5 * self.depth as f64 / self.width as f64,
                "; beyond L/(2m) of the value, since the recursion is the limit m → ∞",
            ),
            _ => (0.0, ""),
        };
        let distance = |layer: &Layer| {
            let off = (layer.measured - layer.predicted).abs() - allowance * layer.predicted;
            larger(off, 0.0) / layer.se / layer.reach
        };
        // Where chance alone allows as much as the value, no measurement could be wrong.
        let untold = |layer: &Layer| {
            layer.reach * layer.se + allowance * layer.predicted >= KNOWN * layer.predicted
        };
        let told = layers.iter().filter(|layer| !untold(layer));
        let distances: Vec<f64> = told.map(distance).collect();
        let (all, count) = (layers.len(), distances.len());
        let which = match all - count {
            0 => String::new(),
            rest => format!(
                " ({count} of {all} layers; in the other {rest} chance allows as much as the value \
                 itself)"
            ),
        };
        let text = format!(
            "{}, {}: every layer as predicted{which}; the largest distance, in parts of what \
             chance allows{known}",
            layers[0].direction, self.init
        );
        let reason = "chance allows as much as the value itself in every layer: set more draws, \
                      fewer layers or more units";
        Claim::at_most(&text, 1.0, largest(&distances), 0.0).not_measured_if(count == 0, reason)
    }

    /// The factor of a layer, forward and backward.
    fn factors(
        &self,
        (name, _, factor): (&str, Init, f64),
        run: &Run,
        (forward, backward): (&f64, &f64),
    ) -> [Claim; 2] {
        let draws = run.measured.draws.len();
        // The claim from the relative error of a mean square after so many layers.
        let claim = |text: &str, found: f64, moment: &Moment, steps: usize| {
            // Without a known scatter no claim can hold: NaN.
            let error = moment.scatter.map_or(f64::NAN, |scatter| {
                scatter.reach(Z, draws) * scatter.relative_sd / (draws as f64).sqrt()
            });
            let reason = format!(
                "chance allows the mean over {draws} networks {} of itself: set more draws, fewer \
                 layers or more units",
                format_number(error)
            );
            Claim::equals_within(text, factor, found, error / steps as f64)
                .against(RIVAL * factor, "half the factor")
                .not_measured_if(error >= KNOWN, &reason)
        };
        let last = self.depth - 2;
        let text = format!("{name}: a ReLU layer multiplies the mean square by m·V/2, forward");
        // Xavier has other variances in the first and last layer, which are not used here.
        [
            claim(&text, *forward, &run.predicted.forward[last], last),
            claim(
                &format!("{name}: a ReLU layer multiplies the mean square by m·V/2, backward"),
                *backward,
                &run.predicted.backward[1],
                last - 1,
            ),
        ]
    }

    fn figure(&self, sides: &[Vec<Layer>; 2], compared: &[Run]) -> Figure {
        let at = |layer: &Layer| layer.layer as f64;
        let side = |layers: &[Layer], y: &str| {
            let title = format!(
                "{}, {}, {}",
                layers[0].direction, self.init, self.activation
            );
            Panel::new("layer", y)
                .title(&title)
                .line_of("predicted", layers, at, |l| l.predicted)
                .points_of("measured", layers, at, |l| l.measured)
                .error_bars_of(layers, |l| {
                    (l.measured - 2.0 * l.se, l.measured + 2.0 * l.se)
                })
                .color(1)
                .log_y()
        };
        let mut panel = Panel::new("layer", "mean of z²")
            .title("forward, five variances, ReLU")
            .log_y();
        for (index, ((name, _, _), run)) in COMPARED.iter().zip(compared).enumerate() {
            let hidden = || 0..self.depth - 1;
            let layer = |at: usize| (at + 1) as f64;
            let (predicted, found) = (&run.predicted.forward, &run.estimates.forward);
            panel = panel
                .line_of("", hidden(), layer, |at| predicted[at].mean)
                .color(index)
                .points_of(name, hidden(), layer, |at| found[at].mean)
                .color(index);
        }
        Figure::new("Signals and gradients through the layers")
            .panel(side(&sides[0], "mean of z²"))
            .panel(side(&sides[1], "mean of (∂f/∂h)²"))
            .panel(panel)
            .caption(
                "Lines: the recursion. Points: means over draws, with two standard errors where \
                 bars are shown. The last layer has one unit.",
            )
    }
}

/// With σ on the output too, as one slide has it, half of the networks have no gradient at all.
fn relu_at_the_end(he: &Run) -> Claim {
    let draws = he.measured.draws.iter().zip(&he.measured.outputs);
    let (mut positive, mut all) = (0.0, 0.0);
    for (draw, output) in draws {
        all += draw.backward[0];
        if *output > 0.0 {
            positive += draw.backward[0];
        }
    }
    let scatter = he.predicted.backward[0].scatter;
    let sd = scatter.map_or(f64::NAN, |scatter| scatter.relative_sd);
    let count = he.measured.draws.len() as f64;
    Claim::equals(
        "σ on the last layer as well would halve the mean square of the input gradient: what is \
         left of it",
        0.5,
        positive / all,
        Z * 0.5 * ((1.0 + sd * sd) / count).sqrt(),
    )
    .headline()
}

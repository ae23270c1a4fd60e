//! Deep networks on digits: gradients by layer at the start, and training.

use ndarray::Array2;

use super::settings::{BatchNormalisation, Point};
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::experiment::problems::noisy_digits::{Design, NoisyDigits};
use crate::experiment::{Claim, Context, Draft, Draw};
use crate::fit::{DescentSettings, descend};
use crate::model::{Activation, Init, Loss, Mlp, MlpSettings, NormalisedMlp, classification_error};
use crate::plot::{Figure, LegendPosition, Panel};
use crate::rng::stream;
use crate::stats::{Estimate, largest, least};

/// The chance that a claim about a mean fails although theory is right, or that chance alone makes a gain.
const LEVEL: f64 = 0.01;

/// Losses are averaged over so many steps.
const SMOOTH: usize = 10;

/// The derivative of the loss by what goes into hidden layer l's activation (or its normalisation), l = 2 … L − 1,
/// over that of the last.
pub(super) struct Layers {
    pub plain: Vec<f64>,
    pub normalised: Vec<f64>,
}

impl Layers {
    /// The factor from one layer to the one before it, as predicted and as measured: plain, normalised.
    fn factors(&self) -> [(f64, f64); 2] {
        let growth = |gradients: &[f64]| {
            let steps = gradients.len().saturating_sub(1) as f64;
            gradients[0].powf(1.0 / steps)
        };
        [
            (0.5_f64.sqrt(), growth(&self.plain)),
            (normalised_growth(), growth(&self.normalised)),
        ]
    }
}

/// How far the mean of a layer's factor may be from its limit at m units, as a share of it.
///
/// Going back through a layer of the plain network, ‖δ‖² becomes Σ_i d_i g_i² of it: m switches d_i on with probability ½ and
/// weights g_i of N(0, 1/m). Its relative variance is E d²g⁴/(E d g²)²/m − 1/m = 5/m for one input; a batch averages, which
/// only lowers it. The mean of ln ‖δ‖ is half of −5/(2m) off. The normalised network fluctuates less.
fn finite_width(m: usize) -> f64 {
    1.25 / m as f64
}

/// By what normalisation multiplies the gradient from layer to layer, at the start, for ReLU.
fn normalised_growth() -> f64 {
    let pi = std::f64::consts::PI;
    (pi / (pi - 1.0)).sqrt()
}

/// A trained network.
pub(super) struct Trained {
    pub test_accuracy: f64,
    pub train_accuracy: f64,
    /// Of each step's batch.
    pub losses: Vec<f64>,
}

/// The same digits, twice.
pub(super) struct Pair {
    pub plain: Trained,
    pub normalised: Trained,
}

impl BatchNormalisation {
    fn network(&self, (inputs, outputs): (usize, usize), width: usize) -> MlpSettings {
        let mut sizes = vec![width; self.depth + 1];
        sizes[0] = inputs;
        sizes[self.depth] = outputs;
        MlpSettings {
            sizes,
            activation: Activation::Relu,
            biases: true,
            init: Init::LECUN,
        }
    }

    pub(super) fn digits(&self, seed: u64, context: &Context) -> Result<NoisyDigits> {
        let design = Design {
            n: self.n,
            test: self.test,
            label_noise: 0.0,
            pool: self.pool,
        };
        NoisyDigits::new(&context.data, design, seed)
    }

    /// Of as many networks as pairs are trained, over the first training set.
    pub(super) fn layers(
        &self,
        digits: &NoisyDigits,
        seed: u64,
        context: &Context,
    ) -> Result<Vec<Layers>> {
        let data = digits.draw(0)?.train;
        context.draws("networks at the start", self.draws, seed, |draw| {
            self.probe(&data, digits.sizes(), seed, draw.index)
        })
    }

    fn probe(
        &self,
        data: &Dataset,
        sizes: (usize, usize),
        seed: u64,
        index: u64,
    ) -> Result<Layers> {
        let settings = self.network(sizes, self.probe_width);
        let plain = Mlp::new(&settings, &mut stream(seed, "probe", index))?;
        let trace = plain.trace(&data.x)?;
        let slope = Loss::CrossEntropy.derivative(trace.outputs(), &data.y)?;
        let deltas = plain.deltas(&trace, &slope)?;
        let normalised =
            NormalisedMlp::new(&settings, self.momentum, &mut stream(seed, "probe", index))?;
        let gradient = normalised.gradient(&data.x, &data.y, Loss::CrossEntropy)?;
        let hidden = self.depth - 1;
        let relative = |norms: Vec<f64>| -> Vec<f64> {
            let last = norms[norms.len() - 1];
            norms.iter().map(|norm| norm / last).collect()
        };
        let size = |a: &Array2<f64>| a.iter().map(|v| v * v).sum::<f64>().sqrt();
        Ok(Layers {
            plain: relative(deltas[1..hidden].iter().map(size).collect()),
            normalised: relative(
                gradient.norms[1..]
                    .iter()
                    .map(|n| size(&n.inputs))
                    .collect(),
            ),
        })
    }

    pub(super) fn train_pairs(
        &self,
        digits: &NoisyDigits,
        seed: u64,
        context: &Context,
    ) -> Result<Vec<Pair>> {
        context.draws("pairs of networks", self.draws, seed, |draw| {
            self.train_pair(digits, draw)
        })
    }

    fn train_pair(&self, digits: &NoisyDigits, draw: Draw) -> Result<Pair> {
        let data = digits.draw(draw.index)?.train;
        let settings = DescentSettings {
            loss: Loss::CrossEntropy,
            learning_rate: self.learning_rate,
            epochs: self.epochs,
            batch: self.batch,
            clip: None,
        };
        let order = || draw.rng("order");
        let start = || draw.rng("network");
        let network = self.network(digits.sizes(), self.width);
        let plain = descend(
            &Mlp::new(&network, &mut start())?,
            &data,
            &settings,
            &mut order(),
        )?;
        let normalised = descend(
            &NormalisedMlp::new(&network, self.momentum, &mut start())?,
            &data,
            &settings,
            &mut order(),
        )?;
        Ok(Pair {
            plain: Trained {
                test_accuracy: accuracy(&plain.model.forward(&digits.test.x)?, &digits.test)?,
                train_accuracy: accuracy(&plain.model.forward(&data.x)?, &data)?,
                losses: plain.losses,
            },
            normalised: Trained {
                test_accuracy: accuracy(&normalised.model.evaluate(&digits.test.x)?, &digits.test)?,
                train_accuracy: accuracy(&normalised.model.evaluate(&data.x)?, &data)?,
                losses: normalised.losses,
            },
        })
    }
}

fn accuracy(outputs: &Array2<f64>, data: &Dataset) -> Result<f64> {
    Ok(1.0 - classification_error(outputs, &data.y)?)
}

/// The rows of the layers, then those of the pairs.
pub(super) fn points(layers: &Layers, pairs: &[Pair]) -> Vec<Point> {
    let [(plain, _), (normalised, _)] = layers.factors();
    let by_layer = |series, growth: f64, gradients: &[f64]| -> Vec<Point> {
        let last = gradients.len() - 1;
        let point = |(index, gradient): (usize, &f64)| Point {
            part: "layers",
            series,
            at: (index + 2) as f64,
            predicted: Some(growth.powi((last - index) as i32)),
            measured: *gradient,
            ..Point::default()
        };
        gradients.iter().enumerate().map(point).collect()
    };
    let trained = |draw: usize, series, run: &Trained| Point {
        part: "training",
        series,
        at: draw as f64,
        measured: run.test_accuracy,
        train_accuracy: Some(run.train_accuracy),
        ..Point::default()
    };
    let mut points = by_layer("plain", plain, &layers.plain);
    points.extend(by_layer("normalised", normalised, &layers.normalised));
    points.extend(pairs.iter().enumerate().flat_map(|(draw, pair)| {
        [
            trained(draw, "plain", &pair.plain),
            trained(draw, "normalised", &pair.normalised),
        ]
    }));
    points
}

pub(super) fn claims(
    found: Draft,
    (layers, width): (&[Layers], usize),
    pairs: &[Pair],
    mnist: bool,
) -> Result<Draft> {
    let [plain, normalised] = [0, 1].map(|which| {
        let found = Estimate::of(layers, |network| network.factors()[which].1);
        (layers[0].factors()[which].0, found)
    });
    let factor = |text, (predicted, found): (f64, Result<Estimate>)| {
        let slack = predicted * finite_width(width);
        let claim = Claim::mean_equals(text, predicted, found?, slack, LEVEL)?;
        Ok::<_, Error>(claim.against(1.0, "a gradient that keeps its length"))
    };
    let each = |of: fn(&Pair) -> f64| pairs.iter().map(of).collect::<Vec<f64>>();
    let without = each(|pair| pair.plain.test_accuracy);
    let with = each(|pair| pair.normalised.test_accuracy);
    let gains = each(|pair| pair.normalised.test_accuracy - pair.plain.test_accuracy);
    let gain = Estimate::from_values(&gains)?;
    Ok(found
        .claim(factor(
            "gradient by layer at the start, plain ReLU with variance 1/m: × √½ a layer going back",
            plain,
        )?)
        .measured_as("gradient_growth_plain")
        .claim(factor(
            "with normalisation: × √(π/(π−1)) a layer, so it explodes going back (wide layers and \
             batches)",
            normalised,
        )?)
        .measured_as("gradient_growth_normalised")
        .headline()
        .measure("accuracy_plain", Estimate::from_values(&without)?.mean)
        .measure("accuracy_normalised", Estimate::from_values(&with)?.mean)
        .measure("gain", gain.mean)
        .measure("gain_se", gain.se)
        .claim(Claim::positive(
            "normalisation raises the test accuracy (trend): mean gain over pairs",
            gain,
            LEVEL,
        )?)
        .trend(mnist)
        .claim(Claim::greater_than(
            "every normalised network beats every plain one (trend): the worst against the best",
            largest(&without),
            least(&with),
            0.0,
        ))
        .trend(mnist))
}

pub(super) fn panels(figure: Figure, layers: &Layers, pairs: &[Pair]) -> Figure {
    figure
        .panel(by_layer(layers))
        .panel(losses(pairs))
        .panel(accuracies(pairs))
}

fn by_layer(layers: &Layers) -> Panel {
    let count = layers.plain.len();
    let (all, layer) = (0..count, |index: usize| (index + 2) as f64);
    let law = |growth: f64| move |index: usize| growth.powi((count - 1 - index) as i32);
    let [(plain, _), (normalised, _)] = layers.factors();
    Panel::new("hidden layer", "gradient / gradient in the last")
        .title("Gradients at the start")
        .log_y()
        .line_of(
            "× √(π/(π−1)) a layer back",
            all.clone(),
            layer,
            law(normalised),
        )
        .color(0)
        .points_of("normalised", all.clone(), layer, |index| {
            layers.normalised[index]
        })
        .color(0)
        .line_of("× √½ a layer back", all.clone(), layer, law(plain))
        .color(1)
        .points_of("plain", all, layer, |index| layers.plain[index])
        .color(1)
        .legend(LegendPosition::Below)
}

fn losses(pairs: &[Pair]) -> Panel {
    let line = |panel: Panel, name: &str, of: fn(&Pair) -> &Trained| {
        let shortest = pairs.iter().map(|pair| of(pair).losses.len()).min();
        let blocks = 0..shortest.unwrap_or(0) / SMOOTH;
        let block = |index: usize| {
            let part = |pair: &Pair| {
                let losses = &of(pair).losses[index * SMOOTH..(index + 1) * SMOOTH];
                losses.iter().sum::<f64>() / SMOOTH as f64
            };
            pairs.iter().map(part).sum::<f64>() / pairs.len() as f64
        };
        panel.line_of(name, blocks, |index| ((index + 1) * SMOOTH) as f64, block)
    };
    let panel = Panel::new("step of training", "training loss, mean over pairs").title("Training");
    let panel = line(panel, "plain", |pair| &pair.plain).color(1);
    line(panel, "normalised", |pair| &pair.normalised).color(0)
}

fn accuracies(pairs: &[Pair]) -> Panel {
    let (all, at) = (0..pairs.len(), |pair: usize| (pair + 1) as f64);
    Panel::new("pair of networks", "accuracy on test digits")
        .title("After training")
        .y_range(0.0, 1.05)
        .points_of("plain", all.clone(), at, |pair| {
            pairs[pair].plain.test_accuracy
        })
        .color(1)
        .points_of("normalised", all, at, |pair| {
            pairs[pair].normalised.test_accuracy
        })
        .color(0)
        .legend(LegendPosition::Below)
}

//! The gated cell: what its forget gate lets through, and what its bias is for.

use rand_distr::{Distribution, StandardNormal};

use super::settings::ShortcutsAndGates;
use super::shortcuts::LEVEL;
use crate::error::Result;
use crate::experiment::{Claim, Context, Draw};
use crate::model::{Gate, GatedCell, GatedTrace, sigmoid};
use crate::stats::{Estimate, largest, median};

/// Step of the central difference, whose error is of its square.
const STEP: f64 = 1e-4;

/// All sequences through cells with one bias of the forget gate.
pub(super) struct Bias {
    pub bias: f64,
    /// Mean over sequences of Σ ln f_t over the first k steps, k = 0 … T.
    pub log_product: Vec<Estimate>,
    /// E ln σ(b + ξ), ξ ~ N(0, 1): the mean of ln f_t.
    pub predicted: f64,
}

/// The largest relative error of a difference quotient over sequences, and of what it was compared with instead.
pub(super) struct Differences {
    /// Gates that see the input alone: of Π f_t.
    blind: f64,
    /// Gates that see the state too: of the chain rule by every way; the median of Π f_t alone.
    seeing: f64,
    along_alone: f64,
}

impl ShortcutsAndGates {
    /// The biases b, with ln(T − 1) at the end.
    pub(super) fn biases(&self, seed: u64, context: &Context) -> Result<Vec<Bias>> {
        let last = (self.steps as f64 - 1.0).ln();
        let all: Vec<f64> = self.forget_bias.iter().copied().chain([last]).collect();
        let traces = context.paired("sequences", &all, self.sequences, seed, |&bias, draw| {
            cell(bias, 0.0).trace(&self.inputs(draw), 0.0)
        })?;
        all.iter()
            .zip(traces)
            .map(|(&bias, traces)| Bias::new(bias, &traces))
            .collect()
    }

    pub(super) fn differences(&self, seed: u64, context: &Context) -> Result<Differences> {
        // Few steps and an open gate: what is left must stand above rounding.
        let steps = self.steps.min(20);
        let errors = context.draws("differences", self.sequences, seed, |draw| {
            let inputs = &self.inputs(draw)[..steps];
            let of = |cell: GatedCell, step: f64| -> Result<(f64, GatedTrace)> {
                let end = |start: f64| -> Result<f64> {
                    let cells = cell.trace(inputs, start)?.cells;
                    Ok(cells[cells.len() - 1])
                };
                Ok((
                    (end(step)? - end(-step)?) / (2.0 * step),
                    cell.trace(inputs, 0.0)?,
                ))
            };
            // Without a way through the gates the cell is linear in its start: any step will do.
            let (slope, trace) = of(cell(2.0, 0.0), 0.5)?;
            let blind = (slope / trace.along_the_cell() - 1.0).abs();
            let (slope, trace) = of(cell(2.0, 0.5), STEP)?;
            let off = |found: f64| (slope / found - 1.0).abs();
            Ok([blind, off(trace.derivative()), off(trace.along_the_cell())])
        })?;
        let along: Vec<f64> = errors.iter().map(|all| all[2]).collect();
        Ok(Differences {
            blind: largest(errors.iter().map(|all| all[0])),
            seeing: largest(errors.iter().map(|all| all[1])),
            along_alone: median(&along)?,
        })
    }

    fn inputs(&self, draw: Draw) -> Vec<f64> {
        let rng = &mut draw.rng("inputs of a cell");
        (0..self.steps)
            .map(|_| StandardNormal.sample(rng))
            .collect()
    }
}

/// A cell whose gates see the input, and the state by `state`.
fn cell(bias: f64, state: f64) -> GatedCell {
    let gate = |bias: f64| Gate {
        input: 1.0,
        state,
        bias,
    };
    GatedCell {
        forget: gate(bias),
        input: gate(0.0),
        candidate: gate(0.0),
    }
}

impl Bias {
    fn new(bias: f64, traces: &[GatedTrace]) -> Result<Self> {
        let log_product = (0..=traces[0].forget.len()).map(|k| {
            Estimate::of(traces, |trace| {
                trace.forget[..k].iter().map(|f| f.ln()).sum()
            })
        });
        Ok(Self {
            bias,
            log_product: log_product.collect::<Result<_>>()?,
            predicted: mean_log_gate(bias),
        })
    }

    fn steps(&self) -> usize {
        self.log_product.len() - 1
    }

    /// The mean of ln f_t over steps and sequences.
    fn rate(&self) -> Estimate {
        let (all, steps) = (self.log_product[self.steps()], self.steps() as f64);
        Estimate {
            mean: all.mean / steps,
            se: all.se / steps,
            ..all
        }
    }
}

/// E ln σ(b + ξ) for ξ ~ N(0, 1), by the trapezoidal rule on [−10, 10]: the integrand is analytic for |Im ξ| < π, so a step
/// of 0.05 leaves rounding, and what lies beyond is below 10⁻²⁰.
fn mean_log_gate(bias: f64) -> f64 {
    let step = 0.05;
    let weight = step / (2.0 * std::f64::consts::PI).sqrt();
    let at = |i: i32| step * f64::from(i);
    (-200..=200)
        .map(at)
        .map(|x| weight * (-0.5 * x * x).exp() * -(-(bias + x)).exp().ln_1p())
        .sum()
}

pub(super) fn claims(biases: &[Bias], differences: &Differences) -> Result<Vec<Claim>> {
    let mut claims = vec![
        Claim::at_most(
            "gates that see the input alone: a difference quotient of the last cell by the first is \
             Π f_t; largest relative error (rounding)",
            1e-9,
            differences.blind,
            0.0,
        )
        .identity(),
        Claim::at_most(
            "gates that see the state too: it is the chain rule by every way; largest relative error \
             (of order step²)",
            1e-4,
            differences.seeing,
            0.0,
        )
        .against(differences.along_alone, "Π f_t alone, median over sequences"),
    ];
    for one in biases {
        let text = format!(
            "forget bias {:.2}: mean of ln f_t is E ln σ(b + ξ)",
            one.bias
        );
        let claim = Claim::mean_equals(&text, one.predicted, one.rate(), 0.0, LEVEL)?;
        claims.push(claim.against(sigmoid(one.bias).ln(), "ln σ(b), inputs forgotten"));
    }
    let steps = biases[0].steps() as f64;
    let chrono = cell_without_inputs((steps - 1.0).ln(), biases[0].steps())?;
    claims.push(
        Claim::equals(
            "without inputs and with b = ln(T − 1) the gate keeps (1 − 1/T)^T ≈ 1/e of a gradient over \
             T steps, within 1/(eT)",
            (-1.0_f64).exp(),
            chrono,
            (-1.0_f64).exp() / steps,
        )
        .against(0.5_f64.powf(steps), "b = 0"),
    );
    Ok(claims)
}

/// Π f_t of a cell whose forget gate sees nothing but its bias.
fn cell_without_inputs(bias: f64, steps: usize) -> Result<f64> {
    let forget = Gate {
        bias,
        ..Gate::default()
    };
    let cell = GatedCell {
        forget,
        ..GatedCell::default()
    };
    Ok(cell.trace(&vec![0.0; steps], 1.0)?.derivative())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ln σ(b + x) − ln σ(−b − x) = b + x, so E ln σ(b + ξ) − E ln σ(−b + ξ) = b; and Jensen's inequality.
    #[test]
    fn the_mean_of_a_gate_is_exact() {
        for bias in [0.0, 0.7, 3.0] {
            let (up, down) = (mean_log_gate(bias), mean_log_gate(-bias));
            assert!((up - down - bias).abs() < 1e-13, "{bias}: {up} {down}");
            assert!(up < sigmoid(bias).ln());
        }
    }
}

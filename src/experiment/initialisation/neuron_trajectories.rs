//! The neurons of two-layer networks in the plane while they learn.

mod alignment;
mod figure;
mod runs;

use crate::error::Result;
use crate::experiment::{About, Claim, Context, Draft, Findings, Study, row};
use crate::model::Mlp;
use crate::stats::{largest, mean};
use alignment::{alignment, points};
use figure::figure;
pub use runs::NeuronTrajectories;
use runs::{Run, STEP};

/// How far an exponent may be from its limit beside chance: nearer to it than to any other multiple of ¼.
const NEARER: f64 = 0.125;

/// The chance that it is farther than that and what chance allows.
const LEVEL: f64 = 0.001;

/// The share of the first loss at which neurons should have turned and hardly grown.
const EARLY: f64 = 0.93;

row! {
    /// One neuron at one moment.
    struct Neuron {
        /// lazy or non_lazy
        init: &'static str;
        /// from 1
        neuron: usize;
        /// mean squared training error, from the start to the end
        loss: f64;
        /// first coordinate of |a|w
        x: f64;
        /// second coordinate of |a|w
        y: f64;
        /// of a, 1 or -1
        sign: f64;
    }
}

impl Study for NeuronTrajectories {
    const ABOUT: About = About {
        id: "neuron_trajectories",
        title: "Where neurons go: lazy and non-lazy",
        what: "Two-layer ReLU networks learn a teacher of four neurons, |x₁| − |x₂| turned, from inputs on the circle. \
               Each neuron a·σ(w·x) is a point |a|w in the plane. From a lazy start the points hardly move and the loss \
               falls; from a small one they first turn to a few directions, which can be computed from the data, then \
               grow.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Lazy training regime: visualization\", \
                \"Non-lazy training regime: visualization\"; Zhu et al., Robustness in deep learning: the same figures; \
                after Chizat, Oyallon & Bach 2019, arXiv:1812.07956",
        columns: Neuron::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let (runs, teacher) = self.runs(seed, context)?;
        let each = |of: &dyn Fn(&Run) -> f64| runs.iter().map(of).collect::<Vec<f64>>();
        let mut found = Findings::of(runs.iter().flat_map(neurons))
            .measure(
                "relative_change",
                each(&|run| mean(run.change.iter().copied())),
            )
            .measure(
                "relative_change_at_four_times_the_width",
                each(&|run| mean(run.change_wide.iter().copied())),
            )
            .measure("attractors", each(&|run| run.attractors.count() as f64))
            .measure(
                "alignment_at_start",
                each(&|run| alignment(&run.start).share),
            )
            .measure(
                "alignment_at_end",
                each(&|run| alignment(&run.flow.net).share),
            );
        for run in &runs {
            found = claims(found, run)?;
        }
        if let [one, two] = &runs[..] {
            let (lazy, other) = match one.init {
                "lazy" => (one, two),
                _ => (two, one),
            };
            found = found.claim(Claim::less_than(
                "both learn; the lazy one moves its input weights less than a tenth as far, \
                 relative to their size (trend)",
                other.change[0] / 10.0,
                lazy.change[0],
                0.0,
            ));
        }
        Ok(found.figure(figure(&runs, &teacher)))
    }
}

fn neurons(run: &Run) -> Vec<Neuron> {
    let neuron = |net: &Mlp, loss, neuron: usize, x, y| Neuron {
        init: run.init,
        neuron: neuron + 1,
        loss,
        x,
        y,
        sign: net.layers[1].weights[[0, neuron]].signum(),
    };
    let at = |(loss, net)| {
        let points = points(net);
        let rows = points.rows().into_iter().enumerate();
        rows.map(|(k, p)| neuron(net, loss, k, p[0], p[1]))
            .collect::<Vec<_>>()
    };
    run.moments().into_iter().flat_map(at).collect()
}

fn claims(found: Draft, run: &Run) -> Result<Draft> {
    let (init, slope) = (run.init, run.slope()?);
    let found = found
        .claim(Claim::equals(
            &format!("{init}: the loss falls to its target (1 for yes)"),
            1.0,
            f64::from(u8::from(run.flow.reached)),
            0.0,
        ))
        .claim(Claim::mean_equals(
            &format!(
                "{init}: exponent of the relative change of the input weights by width, nearer to \
                 its limit than to any other multiple of ¼"
            ),
            run.at.slope(),
            slope,
            NEARER,
            LEVEL,
        )?);
    // The two regimes are −½ and γ − 1 > 0.
    let found = match init {
        "lazy" => stay(
            found.against(0.0, "weights that change as much at every width"),
            run,
        ),
        _ => turn(found.against(-0.5, "lazy training"), run),
    };
    Ok(found.claim(Claim::at_most(
        &format!(
            "{init}: a² − ‖w‖² of each neuron is conserved, up to the finite step; largest change \
             over the largest a² + ‖w‖²"
        ),
        5.0 * STEP,
        drift(run),
        0.0,
    )))
}

/// The share of pairs of neurons within 10° if as many equal groups as attractors were all aligned.
fn aligned(run: &Run) -> f64 {
    1.0 / run.attractors.count().max(1) as f64
}

/// Lazy: no neuron aligns with another.
fn stay(found: Draft, run: &Run) -> Draft {
    let end = alignment(&run.flow.net);
    found
        .claim(Claim::equals(
            "lazy: directions stay spread; weighted share of pairs of neurons within 10°, and what \
             chance gives (trend)",
            end.at_random,
            end.share,
            0.05,
        ))
        .against(aligned(run), "equal groups, all aligned")
}

/// Non-lazy: neurons turn to the attractors, then grow.
fn turn(found: Draft, run: &Run) -> Draft {
    let (start, moments) = (alignment(&run.start), run.moments());
    let early = moments
        .iter()
        .find(|(loss, _)| *loss <= EARLY * run.flow.loss[0]);
    found
        .claim(Claim::equals(
            "non_lazy: directions start spread; weighted share of pairs within 10°, and what \
             chance gives (trend)",
            start.at_random,
            start.share,
            0.05,
        ))
        .against(aligned(run), "equal groups, all aligned")
        .claims(early.map(|(_, net)| {
            let (held, chance) = run.attractors.held(net);
            Claim::at_least(
                &format!(
                    "non_lazy: when the loss has fallen by 7 %, neurons are within 10° of the \
                     extremes of Σ y σ(u·x); share of the network, at random {chance:.2} (trend)"
                ),
                1.0,
                held,
                0.1,
            )
        }))
        .claim(Claim::at_least(
            "non_lazy: at the end they are aligned; share of pairs within 10°, where as many equal \
             groups as extremes would give (trend)",
            aligned(run),
            alignment(&run.flow.net).share,
            0.05,
        ))
}

/// The largest change of a_k² − ‖w_k‖² over the largest a_k² + ‖w_k‖² at the end.
fn drift(run: &Run) -> f64 {
    let neuron = |net: &Mlp, k: usize| {
        let (a, w) = (net.layers[1].weights[[0, k]], net.layers[0].weights.row(k));
        (a * a - w.dot(&w), a * a + w.dot(&w))
    };
    let neurons = 0..run.start.layers[0].weights.nrows();
    let scale = largest(neurons.clone().map(|k| neuron(&run.flow.net, k).1));
    let changes = neurons.map(|k| (neuron(&run.flow.net, k).0 - neuron(&run.start, k).0).abs());
    largest(changes) / scale
}

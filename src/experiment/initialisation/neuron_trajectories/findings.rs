//! The table and the claims of the neurons' ways.

use super::alignment::alignment;
use super::figure::figure;
use super::{NeuronTrajectories, Run, STEP, points};
use crate::error::Result;
use crate::experiment::{Claim, Claims, Findings, Measured, Study, Table};
use crate::model::Mlp;
use crate::stats::{Estimate, largest};

/// The share of the first loss at which neurons should have turned and hardly grown.
const EARLY: f64 = 0.93;

/// The start, the copies on the way and the end.
pub(super) fn moments(run: &Run) -> Vec<(f64, &Mlp)> {
    let first = run.flow.loss[0];
    let last = run.flow.loss[run.flow.loss.len() - 1];
    let mut moments = vec![(first, &run.start)];
    moments.extend(
        run.flow
            .snapshots
            .iter()
            .zip(&run.flow.snapshot_losses)
            .map(|(net, loss)| (*loss, net)),
    );
    moments.push((last, &run.flow.net));
    moments
}

pub(super) fn findings(runs: &[Run], teacher: &Mlp) -> Result<Findings> {
    let mut table = Table::new(NeuronTrajectories::ABOUT.columns);
    for run in runs {
        for (loss, net) in moments(run) {
            let points = points(net);
            for (k, point) in points.rows().into_iter().enumerate() {
                let sign = net.layers[1].weights[[0, k]].signum();
                table.push(vec![
                    run.init.into(),
                    (k + 1).into(),
                    loss.into(),
                    point[0].into(),
                    point[1].into(),
                    sign.into(),
                ])?;
            }
        }
    }
    let mut measured = Measured::default();
    let each = |of: &dyn Fn(&Run) -> f64| runs.iter().map(of).collect::<Vec<f64>>();
    let mean = |changes: &[f64]| changes.iter().sum::<f64>() / changes.len() as f64;
    measured.insert("relative_change", each(&|run| mean(&run.change)));
    measured.insert(
        "relative_change_at_four_times_the_width",
        each(&|run| mean(&run.change_wide)),
    );
    measured.insert("attractors", each(&|run| run.attractors.count() as f64));
    measured.insert(
        "alignment_at_start",
        each(&|run| alignment(&run.start).share),
    );
    measured.insert(
        "alignment_at_end",
        each(&|run| alignment(&run.flow.net).share),
    );
    Ok(Findings {
        measured,
        claims: claims(runs)?,
        table,
        figure: figure(runs, teacher),
    })
}

/// The exponent of the relative change by width, from one width and four times it.
fn slope(run: &Run) -> Result<Estimate> {
    let pairs = run.change.iter().zip(&run.change_wide);
    let slopes: Vec<f64> = pairs
        .map(|(one, four)| (four / one).ln() / 4_f64.ln())
        .collect();
    Estimate::from_values(&slopes)
}

fn claims(runs: &[Run]) -> Result<Claims> {
    let mut claims = Claims::default();
    for run in runs {
        let init = run.init;
        claims.push(Claim::equals(
            &format!("{init}: the loss falls to its target (1 for yes)"),
            1.0,
            f64::from(u8::from(run.flow.reached)),
            0.0,
        ));
        let slope = slope(run)?;
        let exponent = Claim::equals(
            &format!(
                "{init}: exponent of the relative change of the input weights by width (0.1 and 3 s.e.)"
            ),
            run.at.slope(),
            slope.mean,
            0.1 + 3.0 * slope.se,
        );
        // The two regimes are −½ and γ − 1 > 0.
        claims.push(match init {
            "lazy" => exponent.against(0.0, "weights that change as much at every width"),
            _ => exponent.against(-0.5, "lazy training"),
        });
        match init {
            "lazy" => claims.push(stay(run)),
            _ => turn(run, &mut claims),
        }
        claims.push(Claim::at_most(
            &format!(
                "{init}: a² − ‖w‖² of each neuron is conserved, up to the finite step; largest change over the largest \
                 a² + ‖w‖²"
            ),
            5.0 * STEP,
            drift(run),
            0.0,
        ));
    }
    if let [one, two] = runs {
        let (lazy, other) = if one.init == "lazy" {
            (one, two)
        } else {
            (two, one)
        };
        claims.push(Claim::less_than(
            "both learn; the lazy one moves its input weights less than a tenth as far, relative to their size (trend)",
            other.change[0] / 10.0,
            lazy.change[0],
            0.0,
        ));
    }
    Ok(claims)
}

/// The share of pairs of neurons within 10° if as many equal groups as attractors were all aligned.
fn aligned(run: &Run) -> f64 {
    1.0 / run.attractors.count().max(1) as f64
}

/// Lazy: no neuron aligns with another.
fn stay(run: &Run) -> Claim {
    let end = alignment(&run.flow.net);
    Claim::equals(
        "lazy: directions stay spread; weighted share of pairs of neurons within 10°, and what chance gives (trend)",
        end.at_random,
        end.share,
        0.05,
    )
    .against(aligned(run), "equal groups, all aligned")
}

/// Non-lazy: neurons turn to the attractors, then grow.
fn turn(run: &Run, claims: &mut Claims) {
    let start = alignment(&run.start);
    let spread = Claim::equals(
        "non_lazy: directions start spread; weighted share of pairs within 10°, and what chance gives (trend)",
        start.at_random,
        start.share,
        0.05,
    );
    claims.push(spread.against(aligned(run), "equal groups, all aligned"));
    let moments = moments(run);
    let early = moments
        .iter()
        .find(|(loss, _)| *loss <= EARLY * run.flow.loss[0]);
    if let Some((_, net)) = early {
        let (held, chance) = run.attractors.held(net);
        claims.push(Claim::at_least(
            &format!(
                "non_lazy: when the loss has fallen by 7 %, neurons are within 10° of the extremes of Σ y σ(u·x); share of \
                 the network, at random {chance:.2} (trend)"
            ),
            1.0,
            held,
            0.1,
        ));
    }
    claims.push(Claim::at_least(
        "non_lazy: at the end they are aligned; share of pairs within 10°, where as many equal groups as extremes would give \
         (trend)",
        aligned(run),
        alignment(&run.flow.net).share,
        0.05,
    ));
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

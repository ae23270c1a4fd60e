//! The picture: blocks forward and backward, gain, gates, dropout.

use super::dropout::Dropout;
use super::gain::Gain;
use super::gates::Bias;
use super::shortcuts::{Shortcuts, State};
use crate::model::{Activation, sigmoid};
use crate::plot::{Figure, LegendPosition, Panel};
use crate::stats::{Estimate, larger, largest, least};

/// ± this many standard errors.
const BAR: f64 = 2.0;

pub(super) fn figure(
    shortcuts: &[Shortcuts],
    gains: &[Gain],
    biases: &[Bias],
    dropout: &Dropout,
) -> Figure {
    Figure::new("Shortcuts, gates and dropout")
        .panel(by_block(
            shortcuts,
            "signal",
            "E‖x_l‖²/‖x_0‖²",
            |s| s.forward,
        ))
        .panel(by_block(
            shortcuts,
            "gradient",
            "E‖∂f/∂x_(L−l)‖²/‖∂f/∂x_L‖²",
            |s| s.backward,
        ))
        .panel(by_gain(gains))
        .panel(by_lag(biases))
        .panel(by_keep(dropout))
        .panel(by_weight(dropout))
        .columns(3)
        .caption(
            "Lines: theory. Points: means over draws, ± 2 s.e. where that is seen. (a), (b): \
             networks of more blocks are left out. (d): dashed, σ(b)^k, as if the gate did not see the \
             inputs.",
        )
}

fn by_block(all: &[Shortcuts], title: &str, y: &str, of: fn(&State) -> Estimate) -> Panel {
    let mut panel = Panel::new("blocks passed l", y).title(title).log_y();
    let at = |state: &State| state.block as f64;
    // The network of the most scaled blocks would squeeze the others.
    let most = all[0].settings.blocks;
    for (color, one) in all
        .iter()
        .enumerate()
        .filter(|(_, one)| one.settings.blocks <= most)
    {
        panel = panel
            .line_of("", &one.states, at, |s| s.predicted)
            .color(color)
            .points_of(&one.name, &one.states, at, |s| of(s).mean)
            .color(color)
            .error_bars_of(&one.states, |s| positive(of(s)));
    }
    panel.legend(LegendPosition::Below)
}

/// The bar of a mean that is positive, on a logarithmic axis.
fn positive(mean: Estimate) -> (f64, f64) {
    let (low, high) = mean.bar(BAR);
    (larger(low, 0.01 * mean.mean), high)
}

fn by_gain(gains: &[Gain]) -> Panel {
    let mut panel = Panel::new("gain c", "factor of a layer").title("Xavier's weights times c");
    for (color, activation) in [Activation::Linear, Activation::Relu]
        .into_iter()
        .enumerate()
    {
        let own: Vec<&Gain> = gains
            .iter()
            .filter(|one| one.activation == activation)
            .collect();
        let ends = || own.iter().map(|one| one.gain);
        let (low, high) = (least(ends()), largest(ends()));
        let grid = (0..=100).map(|i| low + (high - low) * f64::from(i) / 100.0);
        let (share, name) = match activation {
            Activation::Relu => (0.5, "ReLU, c²/2"),
            _ => (1.0, "linear, c²"),
        };
        panel = panel
            .line_of("", grid, |c| c, |c| share * c * c)
            .color(color)
            .points_of(name, own.iter().copied(), |g| g.gain, |g| g.factor.mean)
            .color(color)
            .error_bars_of(own.iter().copied(), |g| g.factor.bar(BAR));
    }
    panel.horizontal(1.0, "keeps").legend(LegendPosition::Below)
}

fn by_lag(biases: &[Bias]) -> Panel {
    let mut panel = Panel::new("steps k", "Π f_t, geometric mean")
        .title("gradient along a gated cell")
        .log_y();
    for (color, one) in biases.iter().enumerate() {
        let last = one.log_product.len() - 1;
        let all = 0..=last;
        let some = (0..=last).step_by(last.div_ceil(10).max(1));
        panel = panel
            .line_of(
                "",
                all.clone(),
                |k| k as f64,
                |k| (one.predicted * k as f64).exp(),
            )
            .color(color)
            .line_of("", all, |k| k as f64, |k| sigmoid(one.bias).powi(k as i32))
            .color(color)
            .dashed()
            .width(1.0)
            .points_of(
                &format!("b = {:.2}", one.bias),
                some,
                |k| k as f64,
                |k| one.log_product[k].mean.exp(),
            )
            .color(color);
    }
    panel.legend(LegendPosition::Below)
}

fn by_keep(dropout: &Dropout) -> Panel {
    let keeps = &dropout.keeps;
    Panel::new(
        "probability q to keep an input",
        "mean of ‖y − (X∘M)w‖²/n (label²)",
    )
    .title("dropout, w of least squares")
    .line_of("‖y − qXw‖² + penalty", keeps, |k| k.keep, |k| k.predicted)
    .points_of("mean over masks", keeps, |k| k.keep, |k| k.error.mean)
    .error_bars_of(keeps, |k| k.error.bar(BAR))
    .color(1)
    .legend(LegendPosition::Below)
}

fn by_weight(dropout: &Dropout) -> Panel {
    let descents = &dropout.descents;
    let all = || 0..descents.weights.len();
    let at = |j: usize| (j + 1) as f64;
    Panel::new("input j", "q w_j ‖X_j‖ (label)")
        .title("what predicts, q = 1/2")
        .points_of("least squares", all(), at, |j| descents.plain[j])
        .color(2)
        .points_of("descent with dropout", all(), at, |j| {
            descents.weights[j].mean
        })
        .error_bars_of(all(), |j| descents.weights[j].bar(BAR))
        .color(1)
        .line_of("penalised minimiser", all(), at, |j| descents.predicted[j])
        .color(0)
        .legend(LegendPosition::Below)
}

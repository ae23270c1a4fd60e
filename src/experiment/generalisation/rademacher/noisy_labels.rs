//! The rich and the poor class beside each other: what they make of random and of noisy labels.

use super::line::{Line, Sample};
use super::settings::{LEVEL, Rademacher};
use crate::error::Result;
use crate::experiment::{Claim, Draft};
use crate::measure::{Complexity, generalisation_gap, is_vacuous};
use crate::plot::{Figure, LegendPosition, Panel};
use crate::stats::largest_distance;

/// The bound on the gap of a class of ±1 functions with this complexity, for the 0–1 loss.
fn gap_bound(settings: &Rademacher, complexity: f64) -> Result<f64> {
    let loss = complexity / 2.0;
    generalisation_gap(
        loss,
        Complexity::Expected,
        settings.line_n,
        settings.delta,
        1.0,
    )
}

/// The share of training sets on which some threshold's gap exceeds the bound.
fn share_broken(line: &Line, bound: f64) -> f64 {
    let kept = line.gaps.iter().filter(|gap| **gap <= bound).count();
    (line.gaps.len() - kept) as f64 / line.gaps.len() as f64
}

pub(super) fn claims(found: Draft, settings: &Rademacher, line: &Line) -> Result<Draft> {
    let z = largest_distance(1, LEVEL, Some(line.gaps.len()))?;
    let (poor, rich) = (&line.poor, &line.rich);
    let (eta, n) = (settings.label_noise, poor.n as f64);
    let twice = 2.0 * eta * (1.0 - eta);
    let (bound, delta) = (gap_bound(settings, poor.exact)?, settings.delta);
    let broken = share_broken(line, bound);
    Ok(found
        .measure("poor_complexity", poor.exact)
        .measure("rich_complexity", rich.measured.mean)
        .measure("poor_training_error", line.poor_train.mean)
        .measure("poor_test_error", line.poor_test.mean)
        .claim(Claim::equals(
            "poor class, thresholds on a line: the complexity by counting walks",
            poor.exact,
            poor.measured.mean,
            z * poor.measured.se,
        ))
        .claim(Claim::equals(
            "rich class, nearest neighbours: every pattern of signs is fitted",
            1.0,
            rich.measured.mean,
            0.0,
        ))
        .identity()
        .claim(Claim::equals(
            "the rich class memorises: test error 2η(1−η) + (1−4η(1−η))/(2(n+1)) at training error \
             0",
            twice + (1.0 - 2.0 * twice) / (2.0 * (n + 1.0)),
            line.rich_test.mean,
            z * line.rich_test.se,
        ).headline())
        .measured_as("rich_test_error")
        .claim(Claim::at_most(
            "the poor class cannot: the mean over training sets of its largest gap (test − \
             training error) is at most the complexity R",
            poor.exact,
            line.gap.mean,
            0.0,
        ))
        .bound()
        .measured_as("largest_gap_of_thresholds")
        .measure("bound_on_that_gap", bound)
        .claim(Claim::at_most(
            "with probability 1 − δ no threshold's gap exceeds R + √(ln(1/δ)/(2n)): share of \
             training sets where one does",
            delta,
            broken,
            z * (delta * (1.0 - delta) / line.gaps.len() as f64).sqrt(),
        ))
        .bound()
        .measured_as("share_above_bound")
        .measure(
            "bound_is_vacuous",
            f64::from(u8::from(is_vacuous(bound, 1.0))),
        )
        .claim(Claim::at_least(
            "for the rich class the same bound says nothing: it is at least 1",
            1.0,
            gap_bound(settings, rich.measured.mean)?,
            0.0,
        ).headline()))
}

pub(super) fn panels(figure: Figure, line: &Line) -> Figure {
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    let (random, noisy) = (&line.random, &line.noisy);
    let follows = 1.0 - 2.0 * random.best_threshold().train_error;
    figure
        .panel(picture(
            "rich class, random signs: follows all, R = 1",
            random,
            true,
        ))
        .panel(picture(
            &format!(
                "rich class, noisy labels: training error 0, test error {}",
                percent(line.rich_test.mean)
            ),
            noisy,
            true,
        ))
        .panel(picture(
            &format!(
                "poor class, random signs: follows {follows:.2} of these, R = {:.2}",
                line.poor.exact
            ),
            random,
            false,
        ))
        .panel(picture(
            &format!(
                "poor class, noisy labels: training {}, test {}",
                percent(line.poor_train.mean),
                percent(line.poor_test.mean)
            ),
            noisy,
            false,
        ))
}

/// A sample with what the rich or the poor class makes of it.
fn picture(title: &str, sample: &Sample, rich: bool) -> Panel {
    let best = sample.best_threshold();
    let steps = match rich {
        true => sample.cells(),
        false => vec![(-1.0, best.at, -best.side), (best.at, 1.0, best.side)],
    };
    let ends = steps
        .iter()
        .flat_map(|&(left, right, h)| [(left, h), (right, h)]);
    let chosen = |wrong: bool| -> Vec<(f64, f64)> {
        let all = sample.x.iter().zip(&sample.y).zip(&sample.wrong);
        let own = all.filter(|(_, w)| **w == wrong);
        own.map(|((x, y), _)| (*x, *y)).collect()
    };
    let (right, wrong) = (chosen(false), chosen(true));
    let label = if wrong.is_empty() { "sign" } else { "label" };
    let mut panel = Panel::new("input x", "label, output h(x)")
        .title(title)
        .y_range(-1.5, 1.5)
        .line_of("fitted h", ends, |end| end.0, |end| end.1)
        .color(0)
        .points_of(label, right, |at| at.0, |at| at.1)
        .color(6)
        .legend(LegendPosition::Below);
    if !wrong.is_empty() {
        panel = panel
            .points_of("wrong label", wrong, |at| at.0, |at| at.1)
            .color(1);
    }
    panel
}

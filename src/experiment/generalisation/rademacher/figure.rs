//! The picture: rich and poor class on random and on noisy labels, then complexity by n and by class size.

use super::balls::{BallCurve, BallPoint};
use super::findings::Results;
use super::finite::FiniteClass;
use super::line::{Line, Sample};
use crate::plot::{Figure, LegendPosition, Panel};

pub(super) fn figure(results: &Results, line: &Line) -> Figure {
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    let (random, noisy) = (&line.random, &line.noisy);
    let fit = |sample: &Sample| 1.0 - 2.0 * sample.best_threshold().train_error;
    Figure::new("Rademacher complexity: what fits random signs, and what it does with real labels")
        .panel(picture("(a) rich class, random signs: follows all, R = 1", random, true))
        .panel(picture(
            &format!(
                "(b) rich class, noisy labels: training error 0, test error {}",
                percent(line.rich_test.mean)
            ),
            noisy,
            true,
        ))
        .panel(picture(
            &format!(
                "(c) poor class, random signs: follows {:.2} of these, R = {:.2}",
                fit(random),
                line.poor.0
            ),
            random,
            false,
        ))
        .panel(picture(
            &format!(
                "(d) poor class, noisy labels: training {}, test {}",
                percent(line.poor_train.mean),
                percent(line.poor_test.mean)
            ),
            noisy,
            false,
        ))
        .panel(by_n(&results.balls))
        .panel(by_functions(&results.finite))
        .columns(2)
        .caption(
            "(a)–(d): nearest neighbours (rich) and one threshold (poor) on a line; errors are means over training sets. \
             (e): dots are means over input sets, lines exact. (f): all sign patterns tried.",
        )
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
        .flat_map(|(left, right, h)| [(*left, *h), (*right, *h)]);
    let (x, y): (Vec<f64>, Vec<f64>) = ends.unzip();
    let chosen = |wrong: bool| -> (Vec<f64>, Vec<f64>) {
        let all = sample.x.iter().zip(&sample.y).zip(&sample.wrong);
        all.filter(|(_, w)| **w == wrong)
            .map(|((x, y), _)| (*x, *y))
            .unzip()
    };
    let (right, wrong) = (chosen(false), chosen(true));
    let label = if wrong.0.is_empty() { "sign" } else { "label" };
    let mut panel = Panel::new("input x", "label, output h(x)")
        .title(title)
        .y_range(-1.5, 1.5)
        .line("fitted h", &x, &y)
        .color(0)
        .points(label, &right.0, &right.1)
        .color(6)
        .legend(LegendPosition::Below);
    if !wrong.0.is_empty() {
        panel = panel.points("wrong label", &wrong.0, &wrong.1).color(1);
    }
    panel
}

fn by_n(curves: &[BallCurve]) -> Panel {
    let mut panel = Panel::new("inputs n", "complexity R")
        .title("(e) linear functions: R falls as 1/√n")
        .log_x()
        .log_y();
    for (color, curve) in curves.iter().enumerate() {
        let each =
            |of: fn(&BallPoint) -> f64| -> Vec<f64> { curve.points.iter().map(of).collect() };
        let n = each(|p| p.n as f64);
        let name = match curve.name {
            "l2" => "ℓ2 ball",
            _ => "ℓ1 ball",
        };
        panel = panel
            .line(&format!("{name}, exact mean"), &n, &each(|p| p.exact))
            .color(color)
            .solid()
            .band(&n, &each(|p| p.lower), &each(|p| p.upper))
            .band_label(&format!("{name}, bounds"))
            .points("", &n, &each(|p| p.measured.mean))
            .color(color);
    }
    panel.legend(LegendPosition::Below)
}

fn by_functions(classes: &[FiniteClass]) -> Panel {
    let each = |of: fn(&FiniteClass) -> f64| -> Vec<f64> { classes.iter().map(of).collect() };
    let m = each(|c| c.functions as f64);
    let n = classes.first().map_or(0, |class| class.n);
    Panel::new("functions in the class, m", "complexity R")
        .title(&format!(
            "(f) random patterns on {n} inputs, up to all {}",
            1_u32 << n
        ))
        .log_x()
        .line("exact", &m, &each(|c| c.exact))
        .line("Massart's bound √(2 ln m/n)", &m, &each(|c| c.massart))
        .points("Monte Carlo", &m, &each(|c| c.measured.mean))
        .color(0)
        .legend(LegendPosition::Below)
}

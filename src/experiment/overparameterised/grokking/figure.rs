//! The four panels.

use super::delay::Delay;
use super::runs::{Run, Units};
use super::settings::Point;
use crate::error::Result;
use crate::measure::largest_wave;
use crate::plot::{Figure, LegendPosition, Panel};
use crate::stats::Estimate;

/// Accuracy on the way, of the first network with each λ that is shown.
fn curves(runs: &[Vec<Run>], shown: &[usize]) -> Panel {
    let mut panel = Panel::new("steps", "share of sums that are right")
        .title("one network with each weight decay λ")
        .log_x()
        .y_range(-0.03, 1.03)
        .legend(LegendPosition::Below);
    let steps = |point: &Point| point.step as f64;
    for (color, &place) in shown.iter().enumerate() {
        let run = &runs[place][0];
        let later: Vec<&Point> = run.points.iter().filter(|point| point.step > 0).collect();
        if color == 0 {
            let seen = later.iter().copied();
            panel = panel
                .line_of("seen sums", seen, steps, |p: &Point| p.train_accuracy)
                .color(7)
                .dashed();
        }
        let label = format!("others, λ = {}", run.weight_decay);
        panel = panel
            .line_of(&label, later, steps, |p: &Point| p.test_accuracy)
            .color(color)
            .solid();
    }
    let p = runs[0][0].end.column.len();
    panel.horizontal(1.0 / p as f64, "a guess, 1/p")
}

fn delays(delays: &[Delay]) -> Panel {
    let decay = |delay: &Delay| delay.weight_decay;
    let mut panel = Panel::new("weight decay λ", "steps")
        .title("until 99 % of the seen and 95 % of the others are right")
        .log_x()
        .log_y()
        .legend(LegendPosition::Below);
    let seen = delays.iter().filter(|d| d.weight_decay > 0.0);
    let seen: Vec<(f64, Estimate)> = seen
        .filter_map(|d| Some((decay(d), d.memorised?)))
        .collect();
    let others = delays.iter().filter(|d| d.weight_decay > 0.0);
    let others: Vec<(f64, Estimate)> = others.filter_map(|d| Some((decay(d), d.known?))).collect();
    panel = panel
        .points_of("seen", &seen, |d| d.0, |d| d.1.mean)
        .error_bars_of(&seen, |d| d.1.bar(2.0))
        .points_of("others", &others, |d| d.0, |d| d.1.mean)
        .error_bars_of(&others, |d| d.1.bar(2.0));
    if let Some((first, steps)) = others.first() {
        let line: Vec<f64> = others.iter().map(|d| steps.mean * first / d.0).collect();
        let x: Vec<f64> = others.iter().map(|d| d.0).collect();
        panel = panel
            .line("∝ 1/λ through the first", &x, &line)
            .color(1)
            .dotted();
    }
    panel
}

/// U of the unit with the clearest wave, and the wave.
fn unit(run: &Run) -> Result<Panel> {
    let column = ndarray::Array1::from(run.end.column.clone());
    let (p, wave) = (column.len(), largest_wave(&column)?);
    let mean = column.sum() / p as f64;
    let numbers: Vec<f64> = (0..p).map(|a| a as f64).collect();
    let grid: Vec<f64> = (0..=20 * (p - 1)).map(|step| step as f64 / 20.0).collect();
    let angle = |a: f64| std::f64::consts::TAU * wave.frequency as f64 * a / p as f64 + wave.phase;
    let curve: Vec<f64> = grid
        .iter()
        .map(|a| mean + wave.amplitude * angle(*a).cos())
        .collect();
    Ok(Panel::new("a", "U_aj")
        .title(&format!(
            "one unit after training with λ = {}",
            run.weight_decay
        ))
        .legend(LegendPosition::Below)
        .line(
            &format!("wave of frequency {}", wave.frequency),
            &grid,
            &curve,
        )
        .color(2)
        .points("weights", &numbers, &column.to_vec())
        .color(0))
}

fn shares(run: &Run, chance: f64) -> Panel {
    let of = |units: &Units| -> Vec<f64> {
        units
            .waves
            .iter()
            .flatten()
            .map(|wave| wave.share)
            .collect()
    };
    Panel::new("share of a column's largest wave", "density")
        .title("all units: U, W and V")
        .legend(LegendPosition::Below)
        .histogram("before training", &of(&run.start), 25)
        .histogram("after", &of(&run.end), 25)
        .vertical(chance, "mean by chance, H_K/K")
}

/// All panels: `shown` λ in the first, `best` in the last two.
pub(super) fn figure(
    title: &str,
    runs: &[Vec<Run>],
    all: &[Delay],
    shown: &[usize],
    best: usize,
    chance: f64,
) -> Result<Figure> {
    let run = &runs[best][0];
    Ok(Figure::new(title)
        .panel(curves(runs, shown))
        .panel(delays(all))
        .panel(unit(run)?)
        .panel(shares(run, chance))
        .columns(2)
        .caption("Means over networks, each with its own table, with 2 standard errors."))
}

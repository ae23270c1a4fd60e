//! Where they go, their regret, and the memory that decides.

use super::runs::Run;
use super::settings::AdamNonconvergence;
use super::theory::cycle_drift;
use crate::error::Result;
use crate::plot::{Figure, Panel};

pub(super) fn figure(
    settings: &AdamNonconvergence,
    [adam, amsgrad]: [&Run; 2],
    memories: &[Run],
    random: &[Vec<Run>],
) -> Result<Figure> {
    let series = [
        ("Adam, in a cycle", adam),
        ("AMSGrad, in a cycle", amsgrad),
        ("Adam, at random", &random[0][0]),
        ("AMSGrad, at random", &random[1][0]),
    ];
    let mut places = Panel::new("loss t", "place x_t")
        .title("where they go")
        .log_x();
    let mut regrets = Panel::new("loss t", "regret a loss R_t/t")
        .title("what it costs")
        .log_x()
        .log_y();
    for (color, (name, run)) in series.into_iter().enumerate() {
        places = places
            .line_of(name, &run.curve, |p| p[0], |p| p[1])
            .color(color);
        // A regret below 0, by a lucky order, has no place on the axis.
        let above = run.curve.iter().filter(|p| p[2] > 0.0);
        regrets = regrets
            .line_of(name, above, |p| p[0], |p| p[2])
            .color(color);
        if color > 1 {
            (places, regrets) = (places.dashed(), regrets.dashed());
        }
    }
    let regrets = regrets.horizontal(
        2.0 * settings.mean_gradient(),
        "2(C − 2)/3: at the worst point",
    );
    let grid: Vec<f64> = (0..=200).map(|i| 0.005 * f64::from(i)).collect();
    let drift: Vec<f64> = grid.iter().map(|b| cycle_drift(settings.c, *b)).collect();
    let memory = Panel::new("memory β₂", "way in a cycle, by the rate")
        .title(&format!("which memory leads astray, C = {}", settings.c))
        .line("way of Adam in a cycle (exact)", &grid, &drift)
        .points_of(
            "end of a run, −1 to 1",
            memories,
            |run| run.beta2,
            |run| run.end,
        )
        .vertical(settings.beta2(), "1/(1 + C²)")
        .horizontal(0.0, "");
    Ok(Figure::new("Adam to the worst point, AMSGrad to the best")
        .panel(places.horizontal(-1.0, "best").horizontal(1.0, "worst"))
        .panel(regrets)
        .panel(memory)
        .caption("Losses Cx, −x, −x on [−1, 1], rates α/√t, no momentum."))
}

//! Correlations beside the slide's, and the gap against two measures.

use super::measures::{MEASURES, place};
use super::results::Results;
use crate::plot::{Figure, LegendPosition, Panel};

/// The measures that are drawn against the gap.
const SCATTERED: [&str; 2] = ["spectral_complexity", "path_norm"];

pub(super) fn figure(results: &Results<'_>) -> Figure {
    let labels: Vec<&str> = MEASURES.iter().map(|m| m.label).collect();
    let found = &results.correlations;
    let tau: Vec<f64> = found.iter().map(|c| c.tau).collect();
    let psi: Vec<f64> = found.iter().map(|c| c.granulated.mean).collect();
    let slide: Vec<f64> = MEASURES
        .iter()
        .map(|m| m.slide.unwrap_or(f64::NAN))
        .collect();
    let chance = 2.0 * found[0].granulated.null_se;
    let bars = Panel::new("", "rank correlation with the gap")
        .title("rank correlation: +1 means a larger measure has a larger gap")
        .bars("τ over all networks", &labels, &tau)
        .bars("Ψ, one hyper-parameter at a time", &labels, &psi)
        .bars(
            "the slide's τ (convolutional networks, CIFAR-10)",
            &labels,
            &slide,
        )
        .horizontal(chance, "two standard deviations of Ψ by chance")
        .horizontal(-chance, "")
        .dashed()
        .legend(LegendPosition::Below);
    let figure = Figure::new("Complexity measures and the generalisation gap").panel(bars);
    let scattered = SCATTERED.map(|column| scatter(results, place(column)));
    let figure = scattered.into_iter().fold(figure, Figure::panel);
    figure.columns(1).panel_size(680.0, 250.0).caption(
        "A point is a network. All were trained to the same cross-entropy, so that the training \
         error says nothing.",
    )
}

/// The gap against measure `index`, a colour for every depth.
fn scatter(results: &Results<'_>, index: usize) -> Panel {
    let values = results.measure(index);
    let mut depths: Vec<f64> = results.reached.iter().map(|n| n.run.hyper[1]).collect();
    depths.sort_by(f64::total_cmp);
    depths.dedup();
    let label = MEASURES[index].label;
    let mut panel = Panel::new(label, "test error − train error")
        .title(&format!("the gap by {label}"))
        .log_x();
    for depth in depths {
        let own = results.reached.iter().zip(values.iter().zip(&results.gaps));
        let own = own.filter(|(n, _)| n.run.hyper[1] == depth);
        let name = match depth as usize {
            1 => "1 hidden layer".to_owned(),
            many => format!("{many} hidden layers"),
        };
        panel = panel
            .points_of(&name, own.map(|(_, at)| at), |at| *at.0, |at| *at.1)
            .size(5.0);
    }
    panel
}

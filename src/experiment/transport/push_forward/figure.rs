//! The map with its branches, and the density it makes.

use super::histogram::Sampled;
use super::maps::{END, normal};
use crate::error::Result;
use crate::plot::{Figure, Histogram, Layer, LegendPosition, Panel};

pub(super) fn figure(title: &str, sampled: &Sampled) -> Result<Figure> {
    let map = sampled.map;
    let push = map.push()?;
    let (low, high) = map.range;
    let places: Vec<f64> = (0..=600).map(|k| -END + 2.0 * END * f64::from(k) / 600.0).collect();
    let shown: Vec<f64> = places.iter().copied().filter(|w| w.abs() <= 3.2).collect();
    let values: Vec<f64> = shown.iter().map(|w| (map.h)(*w)).collect();
    let level = map.level;
    let meets = push.preimages(level);
    let at: Vec<f64> = meets.iter().map(|_| level).collect();
    let graph = Panel::new("ω", &format!("y = {}", map.words))
        .title("each y and its ω")
        .y_range(low - 0.5, high)
        .line("h", &shown, &values)
        .horizontal(level, &format!("y = {level}"))
        .points("ω with h(ω) = y", &meets, &at)
        .legend(LegendPosition::Below);
    let edges: Vec<f64> = std::iter::once(low)
        .chain(sampled.bins.iter().map(|bin| bin.to))
        .collect();
    let density = |of: fn(&super::settings::Bin) -> f64| -> Vec<f64> {
        sampled.bins.iter().map(|bin| of(bin) / (bin.to - bin.from)).collect()
    };
    let heights = density(|bin| bin.share);
    let top = crate::stats::largest(&heights);
    // Off the edges of the bins, where the critical values are.
    let fine: Vec<f64> = (0..400).map(|k| low + (high - low) * (f64::from(k) + 0.37) / 400.0).collect();
    let formula: Vec<f64> = fine.iter().map(|y| push.density(*y, normal)).collect();
    let one: Vec<f64> = fine.iter().map(|y| push.one_branch(*y, normal)).collect();
    let bottom = if sampled.one_branch < 0.0 { -1.1 * top } else { 0.0 };
    let densities = Panel::new("y", "density")
        .title(&format!("the law of {}", map.words))
        .y_range(bottom, 1.15 * top)
        .layer(Layer::Histogram(Histogram {
            label: "samples".to_owned(),
            edges,
            heights,
            color: 0,
        }))
        .line("all branches", &fine, &formula)
        .line("one inverse, as printed", &fine, &one)
        .dashed()
        .legend(LegendPosition::Below);
    Ok(Figure::new(title).panel(graph).panel(densities).caption(
        "ω is standard normal. (a) The map; dots: all ω that go to one y. (b) How dense the mapped samples lie, beside Σ p(ω)/|h'(ω)| over all \
         these ω, and beside the formula of the slide, p(h⁻¹(y)) (h⁻¹)'(y).",
    ))
}

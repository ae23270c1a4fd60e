//! The picture of `linear_worst_case`.

use ndarray::{Array2, ArrayView1};

use super::digits::{Point, Problem};
use super::gaussian::{FEATURES, Risk, Sparse, size};
use super::settings::{LinearWorstCase, NORMS, symbol};
use crate::attack::linear::LinearModel;
use crate::display::format_number;
use crate::error::Result;
use crate::optimise::Norm;
use crate::plot::{ColorScale, Figure, LegendPosition, Panel};
use crate::stats::{larger, largest, mean};

impl LinearWorstCase {
    pub(super) fn figure(
        &self,
        title: &str,
        curve: &[Point],
        pixels: &[(f64, f64, f64)],
    ) -> Figure {
        let name = symbol(self.attack());
        let errors = Panel::new(&format!("size ε of the perturbation, {name}"), "test error")
            .title("two digits under attack")
            .legend(LegendPosition::Below)
            .line_of("standard", curve, |p| p.epsilon, |p| p.standard)
            .line_of("trained against it", curve, |p| p.epsilon, |p| p.robust)
            .line_of("standard, random δ", curve, |p| p.epsilon, |p| p.random)
            .dashed()
            .vertical(self.epsilon, "ε of training")
            .y_range(0.0, 1.0);
        let free = Panel::new("free pixels k", "test error")
            .title("k pixels free in [0, 1]")
            .legend(LegendPosition::Below)
            .line_of("k largest gains", pixels, |p| p.0, |p| p.1)
            .line_of("k largest weights", pixels, |p| p.0, |p| p.2)
            .dashed()
            .y_range(0.0, 1.0);
        Figure::new(title).columns(3).panel(errors).panel(free)
    }
}

/// The risk of regression under attack: one law for all norms.
pub(super) fn risk(risks: &[Risk]) -> Panel {
    let grid: Vec<f64> = (0..=40).map(|i| f64::from(i) * 0.05).collect();
    let root = std::f64::consts::FRAC_2_PI.sqrt();
    let law: Vec<f64> = grid.iter().map(|c| 1.0 + 2.0 * c * root + c * c).collect();
    let short: Vec<f64> = grid.iter().map(|c| 1.0 + c * c).collect();
    let panel = Panel::new("ε‖w‖_* / s", "mean squared error / s²")
        .title("Gaussian regression under attack")
        .legend(LegendPosition::Below)
        .line("with E|r|", &grid, &law)
        .line("without the cross term", &grid, &short)
        .dashed();
    NORMS.iter().fold(panel, |panel, (_, norm)| {
        let own = risks.iter().filter(|r| r.norm == *norm);
        let own: Vec<&Risk> = own.collect();
        panel.points_of(symbol(*norm), own, |r| r.strength, |r| r.measured.mean)
    })
}

/// The error by the number of features that a model uses.
pub(super) fn sparse(models: &[Sparse]) -> Panel {
    let panel = Panel::new("features k used, of 64", "error under attack")
        .title("sparse or dense, as good without attack")
        .legend(LegendPosition::Below)
        .log_x()
        .y_range(0.0, 0.6);
    debug_assert_eq!(FEATURES, 64);
    NORMS.iter().fold(panel, |panel, (_, norm)| {
        let own = models.iter().filter(|m| m.norm == *norm);
        let own: Vec<&Sparse> = own.collect();
        let label = format!("{}, ε = {}", symbol(*norm), format_number(size(*norm)));
        panel
            .line_of(&label, own.clone(), |m| m.features as f64, |m| m.exact)
            .points_of(&label, own, |m| m.features as f64, |m| m.measured)
    })
}

/// The image that is right with the median margin, and its least changes that are wrong, 1 % beyond the boundary; the range shows
/// what leaves [0, 1].
pub(super) fn gallery(problem: &Problem, (height, width): (usize, usize)) -> Result<Panel> {
    let model = &problem.standard.model;
    let margins = model.margins(&problem.test.x, &problem.test.y)?;
    let mut right: Vec<usize> = (0..margins.len()).filter(|&i| margins[i] > 0.0).collect();
    right.sort_by(|&a, &b| margins[a].total_cmp(&margins[b]));
    let at = right.get(right.len() / 2).copied().unwrap_or(0);
    let rows = problem.test.select(&[at])?;
    let image = |row: ArrayView1<'_, f64>| {
        Array2::from_shape_fn((height, width), |(r, c)| row[r * width + c])
    };
    let mut images = vec![image(rows.x.row(0))];
    let mut captions = vec![format!("m = {}", format_number(margins[at]))];
    for (_, norm) in NORMS.iter() {
        let change = model.least_perturbations(&rows.x, &rows.y, *norm)? * 1.01;
        images.push(image((&rows.x + &change).row(0)));
        let size = 1.01 * margins[at] / model.sensitivity(*norm);
        captions.push(format!("{} {}", symbol(*norm), format_number(size)));
    }
    let free = free_until_wrong(model, &rows.x, &rows.y)?;
    images.push(image(free.1.row(0)));
    captions.push(format!("{} pixels", free.0));
    Ok(Panel::images(&images, 3)
        .title("an image, and the least changes that fool")
        .colors(ColorScale::Ink)
        .color_range(-0.5, 1.5)
        .captions(&captions))
}

/// The fewest free pixels that fool, and the image.
fn free_until_wrong(
    model: &LinearModel,
    x: &Array2<f64>,
    y: &Array2<f64>,
) -> Result<(usize, Array2<f64>)> {
    for k in 0..x.ncols() {
        let moved = model.free_pixels(x, y, k, (0.0, 1.0))?;
        if model.margins(&moved, y)?[0] <= 0.0 {
            return Ok((k, moved));
        }
    }
    Ok((x.ncols(), x.clone()))
}

/// The weights of both models as images.
pub(super) fn weights(problem: &Problem, (height, width): (usize, usize)) -> Panel {
    let both = [&problem.standard, &problem.robust];
    let image = |w: &ndarray::Array1<f64>| {
        let top = larger(largest(w.iter().map(|w| w.abs())), f64::MIN_POSITIVE);
        Array2::from_shape_fn((height, width), |(r, c)| w[r * width + c] / top)
    };
    let images: Vec<Array2<f64>> = both.iter().map(|fit| image(&fit.model.weights)).collect();
    let captions = both.map(|fit| {
        let share = mean(fit.model.weights.iter().map(|w| f64::from(*w != 0.0)));
        format!(
            "‖w‖₁ = {}, {} % not 0",
            format_number(fit.model.sensitivity(Norm::LInf)),
            (100.0 * share).round()
        )
    });
    Panel::images(&images, 2)
        .title("weights: standard, trained against the attack")
        .colors(ColorScale::Diverging)
        .color_range(-1.0, 1.0)
        .captions(&captions)
}

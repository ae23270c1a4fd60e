//! Factors, distances, the forsaken game, the landscape of the ratio, and turns.

use ndarray::Array2;

use super::constants::{Landscape, SIDES, ratio};
use super::escape::{Escapes, Path};
use super::linear::{Linear, SHARES};
use super::settings::{WeakMinty, eg_plus, run};
use super::turns::{Longest, by_law_together, by_law_turns};
use crate::error::Result;
use crate::game::Method;
use crate::game::arena::Forsaken;
use crate::game::method::CurvatureEgPlus;
use crate::optimise::Trajectory;
use crate::plot::{ColorScale, Figure, Marker, Motion, Panel};
use crate::real::norm;

/// Cells of the landscape along each side.
const CELLS: usize = 60;

/// Points of a path that are drawn, at most.
const DRAWN: usize = 1500;

impl WeakMinty {
    pub(super) fn figure(
        &self,
        title: &str,
        linear: &Linear,
        escapes: &Escapes,
        land: &Landscape,
        turns: &[Longest],
    ) -> Result<Figure> {
        Ok(Figure::new(title)
            .panel(factors(linear))
            .panel(self.distances()?)
            .panel(turns_panel(turns))
            .panel(plane(escapes, land))
            .panel(fields(escapes))
            .panel(landscape(land)?)
            .columns(3))
    }

    fn distances(&self) -> Result<Panel> {
        let game = self.game()?;
        let mut panel = Panel::new("step k", "‖z_k‖/‖z₀‖")
            .title(&format!("quadratic game, ρL = {:.2}", self.share()))
            .log_y()
            .y_range(1e-4, 1e2);
        let gamma = 1.0 / self.lipschitz;
        let mut shares = vec![self.alpha];
        shares.extend([0.5, 1.0].iter().filter(|a| **a != self.alpha));
        for alpha in shares {
            let label = format!("EG+, α = {alpha}");
            panel = draw(panel, &label, &sizes(&game, &eg_plus(gamma, alpha))?);
        }
        Ok(draw(
            panel,
            "CurvatureEG+",
            &sizes(&game, &CurvatureEgPlus::of(&game))?,
        ))
    }
}

/// ‖z_k‖ for 200 steps.
fn sizes(game: &impl crate::game::Game, method: &impl Method) -> Result<Vec<f64>> {
    let mut seen = Trajectory::every(1).with_points();
    run(game, method, [0.6, 0.8], 200, None, &mut seen)?;
    let points = seen.points();
    let sizes = points.rows().into_iter().map(|z| norm([&z.to_vec()[..]]));
    Ok(sizes
        .take_while(|size| *size < 1e3 && *size > 1e-5)
        .collect())
}

fn draw(panel: Panel, label: &str, values: &[f64]) -> Panel {
    let k: Vec<f64> = (0..values.len()).map(|k| k as f64).collect();
    panel.line(label, &k, values)
}

fn factors(linear: &Linear) -> Panel {
    let n = linear.cells;
    let [low, high] = SHARES;
    let edge = |from: f64, to: f64, i: usize| from + (to - from) * i as f64 / n as f64;
    let x: Vec<f64> = (0..=n).map(|i| edge(low, high, i)).collect();
    let y: Vec<f64> = (0..=n).map(|i| edge(0.0, 1.0, i)).collect();
    let z = Array2::from_shape_fn((n, n), |(j, i)| linear.points[i * n + j].measured);
    let border = [(-0.5, 0.0), (0.0, 1.0)];
    Panel::new("ρL", "α")
        .title("EG+, γ = 1/L: factor a step")
        .heatmap("factor", &x, &y, &z)
        .colors(ColorScale::Diverging)
        .color_range(0.5, 1.5)
        .line_of("α = 1 + 2ρL", border.iter(), |p| p.0, |p| p.1)
        .color(6)
        .solid()
        .vertical(-0.5, "−1/2")
        .vertical(-0.125, "−1/8")
}

fn turns_panel(turns: &[Longest]) -> Panel {
    let shares: Vec<f64> = (8..=100).map(|i| f64::from(i) / 100.0).collect();
    let law = |law: fn(f64) -> f64| shares.iter().map(|a| law(*a)).collect::<Vec<f64>>();
    Panel::new("α", "longest γ")
        .title("xy: lines by law, marks measured")
        .line("both at once", &shares, &law(by_law_together))
        .solid()
        .points_of("", turns, |t| t.alpha, |t| t.together)
        .color(0)
        .line("in turns", &shares, &law(by_law_turns))
        .color(1)
        .solid()
        .points_of("", turns, |t| t.alpha, |t| t.turns)
        .color(1)
        .vertical(3.0 - 5.0_f64.sqrt(), "3 − √5")
}

/// Every so many points, so that few enough are drawn.
fn thin(values: &[f64], to: usize) -> Vec<f64> {
    let every = values.len().div_ceil(to).max(1);
    values.iter().step_by(every).copied().collect()
}

fn plane(escapes: &Escapes, land: &Landscape) -> Panel {
    let circling = &escapes.circling[1];
    // Some ten turns.
    let n = circling.x.len().min(4000);
    let until = |path: &Path| path.x.len().min(n);
    Panel::new("x", "y")
        .title("forsaken game from (1, −0.8)")
        .equal_aspect()
        .line(
            &circling.label,
            &thin(&circling.x[..n], DRAWN),
            &thin(&circling.y[..n], DRAWN),
        )
        .width(0.8)
        .line(
            &escapes.curved.label,
            &escapes.curved.x[..until(&escapes.curved)],
            &escapes.curved.y[..until(&escapes.curved)],
        )
        .solid()
        .points("z*", &[land.star[0]], &[land.star[1]])
        .color(3)
        .marker(Marker::Cross)
}

/// EG+ and CurvatureEG+ on the forsaken game, step by step.
pub(super) fn motion(title: &str, escapes: &Escapes, land: &Landscape) -> Motion {
    let mut panel = Panel::new("x", "y")
        .title("forsaken game, step by step")
        .equal_aspect()
        .points("z*", &[land.star[0]], &[land.star[1]])
        .color(3)
        .marker(Marker::Cross);
    for (color, path) in [&escapes.circling[1], &escapes.curved]
        .into_iter()
        .enumerate()
    {
        let n = path.x.len().min(1200);
        let (x, y) = (thin(&path.x[..n], 300), thin(&path.y[..n], 300));
        panel = panel.path(&path.label, &x, &y).color(color);
    }
    Motion::of(Figure::new(title).panel(panel))
}

fn fields(escapes: &Escapes) -> Panel {
    let mut panel = Panel::new("step k", "‖V(z_k)‖")
        .title("forsaken game")
        .log_y()
        .log_x();
    let paths = [&escapes.circling[1], &escapes.curved, &escapes.long];
    for path in paths {
        // Step 0 has no logarithm.
        let (k, v) = (&path.steps[1..], &path.field[1..]);
        let places = places(k.len());
        let pick = |from: &[f64]| places.iter().map(|i| from[*i]).collect::<Vec<f64>>();
        panel = panel.line(&path.label, &pick(k), &pick(v)).solid();
    }
    panel
}

/// Up to some 600 places of `n`, dense at the beginning.
fn places(n: usize) -> Vec<usize> {
    let mut places: Vec<usize> = (0..600)
        .map(|i| ((n as f64).powf(f64::from(i) / 599.0)) as usize - 1)
        .collect();
    places.dedup();
    places
}

fn landscape(land: &Landscape) -> Result<Panel> {
    let side = SIDES.0;
    let edge = |i: usize| -side + 2.0 * side * i as f64 / CELLS as f64;
    let edges: Vec<f64> = (0..=CELLS).map(edge).collect();
    let game = Forsaken::default();
    let mut z = Array2::zeros((CELLS, CELLS));
    for ((j, i), value) in z.indexed_iter_mut() {
        let middle = [i, j].map(|i| f64::midpoint(edge(i), edge(i + 1)));
        *value = ratio(&game, land.star, middle)?;
    }
    let least = land.least();
    let (trap, _) = land.trap;
    Ok(Panel::new("x", "y")
        .title("forsaken: ⟨V, z − z*⟩/‖V‖²")
        .heatmap("ratio", &edges, &edges, &z)
        .colors(ColorScale::Diverging)
        .color_range(-1.0, 1.0)
        .equal_aspect()
        .points("least", &[least[0]], &[least[1]])
        .color(6)
        .points("a local minimum", &[trap[0]], &[trap[1]])
        .color(6)
        .marker(Marker::Cross))
}

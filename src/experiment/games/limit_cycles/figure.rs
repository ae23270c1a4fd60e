//! The portrait, the basins, the radius and the share by the step.

use ndarray::Array2;

use super::findings::Found;
use super::settings::LimitCycles;
use crate::error::Result;
use crate::game::{Cycle, End};
use crate::optimise::Field;
use crate::plot::{ColorScale, Figure, Marker, Motion, Panel};
use crate::stats::larger;

/// The colour of what attracts away from a solution, of solutions, of what repels, and of the method.
const CYCLE: usize = 1;
const POINT: usize = 0;
const WALL: usize = 3;
const METHOD: usize = 2;

/// Half a side of what is shown.
const HALF: f64 = 2.0;

impl LimitCycles {
    pub(super) fn figure(&self, title: &str, found: &Found<'_>) -> Result<Figure> {
        let figure = Figure::new(title)
            .panel(self.portrait_panel(found, 4000, false)?)
            .panel(self.basins_panel(found))
            .panel(self.radius_panel(found))
            .panel(self.share_panel(found));
        Ok(figure.columns(2))
    }

    /// The run, in motion.
    pub(super) fn motion(&self, title: &str, found: &Found<'_>) -> Result<Motion> {
        let panel = self.portrait_panel(found, 600, true)?;
        Ok(Motion::of(Figure::new(title).panel(panel)))
    }

    fn portrait_panel(&self, found: &Found<'_>, points: usize, moves: bool) -> Result<Panel> {
        let mut panel = Panel::new("x", "y")
            .title(&format!("{}, α = {} (arrows: −V)", self.name(), self.alpha))
            .equal_aspect()
            .x_range(-HALF, HALF)
            .y_range(-HALF, HALF);
        if !moves {
            let (mut x, mut y, mut dx, mut dy) = (vec![], vec![], vec![], vec![]);
            let game = self.chosen();
            for (i, j) in (0..15).flat_map(|i| (0..15).map(move |j| (i, j))) {
                let place = |k: i32| HALF * (f64::from(2 * k) / 14.0 - 1.0) * 0.95;
                let (z, mut v) = ([place(i), place(j)], [0.0; 2]);
                game.at(&z, &mut v)?;
                let length = larger(v[0].hypot(v[1]), 1e-12);
                x.push(z[0]);
                y.push(z[1]);
                dx.push(-v[0] / length);
                dy.push(-v[1] / length);
            }
            panel = panel.arrows("", &x, &y, &dx, &dy).arrow_scale(0.2);
        }
        // The first turns; the later ones lie on each other.
        let turns = if moves { 8.0 } else { 15.0 };
        let shown = (turns * std::f64::consts::TAU / self.alpha) as usize;
        let name = self.name();
        let label = format!("{name} from ({}, {})", self.start[0], self.start[1]);
        let inside = found
            .inside
            .map(|run| (run, format!("{name} from inside the wall"), POINT));
        for (run, label, color) in [(found.run, label, METHOD)].into_iter().chain(inside) {
            let path = &run.path[..run.path.len().min(shown)];
            let every = path.len().div_ceil(points);
            let (x, y): (Vec<f64>, Vec<f64>) =
                path.iter().step_by(every).map(|z| (z[0], z[1])).unzip();
            panel = panel.path(&label, &x, &y).color(color).width(1.2);
        }
        for (cycle, label, color) in [
            (&found.flow.attracting, "attracting cycle", CYCLE),
            (&found.flow.repelling, "repelling cycle, the wall", WALL),
        ] {
            if let Some(cycle) = cycle {
                let (x, y) = closed(cycle);
                panel = panel.line(label, &x, &y).color(color).width(2.5);
                panel = if color == WALL {
                    panel.dashed()
                } else {
                    panel.solid()
                };
            }
        }
        let (x, y): (Vec<f64>, Vec<f64>) = found.points.iter().map(|p| (p.z[0], p.z[1])).unzip();
        Ok(panel
            .points("V = 0", &x, &y)
            .color(POINT)
            .marker(Marker::nth(0))
            .size(7.0))
    }

    fn basins_panel(&self, found: &Found<'_>) -> Panel {
        let grid = self.grid();
        let value = |end: &End| match end {
            End::Point(_) => -1.0,
            End::Cycle(_) => 1.0,
            End::Elsewhere | End::Diverged => f64::NAN,
        };
        let values: Vec<f64> = found.ends.iter().map(value).collect();
        let z = Array2::from_shape_vec((self.side, self.side), values).expect("a cell a start");
        let mut panel = Panel::new("x of the start", "y of the start")
            .title("where each start ends")
            .equal_aspect()
            .heatmap(
                "ends on the cycle (1) or at the point (−1)",
                &grid.edges(0),
                &grid.edges(1),
                &z,
            )
            .colors(ColorScale::Diverging)
            .color_range(-2.0, 2.0);
        if let Some(wall) = &found.flow.repelling {
            let (x, y) = closed(wall);
            panel = panel
                .line("repelling cycle, the wall", &x, &y)
                .color(WALL)
                .dashed()
                .width(2.0);
        }
        panel
    }

    fn radius_panel(&self, found: &Found<'_>) -> Panel {
        let shown = |of: fn(&super::runs::Step) -> Option<f64>| -> (Vec<f64>, Vec<f64>) {
            found
                .steps
                .iter()
                .filter_map(|s| Some((s.alpha, of(s)?)))
                .unzip()
        };
        let (x, radius) = shown(|s| s.radius);
        let (fx, followed) = shown(|s| s.followed);
        let mut panel = Panel::new("step α", "mean ‖z‖ on the cycle")
            .title("a step moves the cycle")
            .points(&format!("{}, measured", self.name()), &x, &radius)
            .color(METHOD)
            .line("cycle of V − α(c − ½)JV", &fx, &followed)
            .color(CYCLE)
            .solid();
        if let Some(cycle) = &found.flow.attracting {
            panel = panel.horizontal(cycle.radius_mean, "the flow's cycle");
        }
        panel
    }

    fn share_panel(&self, found: &Found<'_>) -> Panel {
        let of: Vec<(f64, f64, f64)> = found
            .steps
            .iter()
            .filter_map(|s| Some((s.alpha, s.share?, s.share_law?)))
            .collect();
        let n = self.seeds as f64;
        let bar = |p: f64| 2.0 * (p * (1.0 - p) / n).sqrt();
        let title = match of.is_empty() {
            true => "no cycle repels: nothing to be taken over",
            false => "noisy runs from beside the wall",
        };
        Panel::new("step α", "share that ends on the attracting cycle")
            .title(title)
            .log_x()
            .line_of("Φ(d/(wσ√α))", &of, |s| s.0, |s| s.2)
            .color(CYCLE)
            .solid()
            .points_of("measured", &of, |s| s.0, |s| s.1)
            .color(METHOD)
            .error_bars_of(&of, |s| (s.1 - bar(s.1), s.1 + bar(s.1)))
    }

    fn name(&self) -> &'static str {
        match self.method {
            "gda" => "GDA",
            "eg" => "EG",
            _ => "EG+",
        }
    }
}

fn closed(cycle: &Cycle) -> (Vec<f64>, Vec<f64>) {
    let last = cycle.path.first();
    cycle
        .path
        .iter()
        .step_by(8)
        .chain(last)
        .map(|z| (z[0], z[1]))
        .unzip()
}

//! A run beside the flow, how far they part, and where bias leads.

use super::ends::{Ends, Seen};
use super::limit::Limit;
use super::settings::{Chosen, RobbinsMonro};
use super::shadow::Shadow;
use crate::error::Result;
use crate::game::{FlowSettings, Time, Walk};
use crate::plot::{Figure, Marker, Motion, Panel};

/// Time of the flow that is drawn, and points of it.
const DRAWN: (f64, usize) = (40.0, 1200);

/// The way of the flow from the game's start.
fn way(game: Chosen) -> Result<Vec<[f64; 2]>> {
    let mut walk = Walk::new(
        &game,
        &game.start(),
        Time::Forward,
        &FlowSettings::default(),
    )?;
    let (time, count) = DRAWN;
    let mut way = vec![game.start()];
    for index in 1..=count {
        if !walk.until(time * index as f64 / count as f64)? {
            break;
        }
        way.push([walk.z[0], walk.z[1]]);
    }
    Ok(way)
}

fn draw(panel: Panel, label: &str, way: &[[f64; 2]]) -> Panel {
    panel.line_of(label, way, |z| z[0], |z| z[1])
}

/// A point as a mark, a cycle as a line.
fn draw_limit(panel: Panel, label: &str, limit: &Limit) -> Panel {
    match limit.chain[..] {
        [z] => panel.points(label, &[z[0]], &[z[1]]).marker(Marker::Cross),
        _ => draw(panel, label, &limit.chain).solid(),
    }
}

impl RobbinsMonro {
    pub(super) fn figure(&self, title: &str, shadow: &Shadow, ends: &[Ends]) -> Result<Figure> {
        let (first, last) = (&ends[0], &ends[ends.len() - 1]);
        let plain = Panel::new("x", "y")
            .title(&format!("{}: without bias", self.game))
            .equal_aspect();
        let plain = draw(plain, "a run", &places(&first.path))
            .width(0.7)
            .solid();
        let plain = draw(plain, "flow", &way(self.chosen())?).color(1).solid();
        let plain = draw_limit(plain, "where it ends", &first.limit).color(3);
        let biased = Panel::new("x", "y")
            .title(&format!("with bias, ‖b‖ = {}", last.bias))
            .equal_aspect();
        let tail = last.path.len() / 2;
        let biased = draw(biased, "second half of a run", &places(&last.path[tail..]))
            .width(0.7)
            .solid();
        let biased = draw_limit(biased, "flow's end without bias", &first.limit).color(3);
        let biased = draw_limit(biased, "flow's end with bias", &last.limit).color(6);
        Ok(Figure::new(title)
            .panel(plain)
            .panel(shadows(shadow))
            .panel(biased)
            .panel(gaps(ends))
            .columns(2))
    }
}

fn places(path: &[Seen]) -> Vec<[f64; 2]> {
    path.iter().map(|seen| seen.z).collect()
}

/// Where a run was at each of so many times of the flow, as long as it went.
fn at_times(path: &[Seen], times: &[f64]) -> Vec<[f64; 2]> {
    let end = path.last().map_or(0.0, |seen| seen.time);
    let inside = times.iter().filter(|t| **t <= end);
    let before = inside.filter_map(|t| path[..path.partition_point(|s| s.time <= *t)].last());
    before.map(|seen| seen.z).collect()
}

impl RobbinsMonro {
    /// The flow, a run and a run with bias, by the flow's clock.
    pub(super) fn motion(&self, title: &str, ends: &[Ends]) -> Result<Motion> {
        let (first, last) = (&ends[0], &ends[ends.len() - 1]);
        let way = way(self.chosen())?;
        let (time, count) = DRAWN;
        let times: Vec<f64> = (0..=count / 4)
            .map(|i| 4.0 * time * i as f64 / count as f64)
            .collect();
        let thin: Vec<[f64; 2]> = way.iter().step_by(4).copied().collect();
        let mut panel = Panel::new("x", "y")
            .title(&format!("{}, by the flow's clock", self.game))
            .equal_aspect();
        for (label, path) in [
            ("flow", thin),
            ("run", at_times(&first.path, &times)),
            ("run with bias", at_times(&last.path, &times)),
        ] {
            let (x, y): (Vec<f64>, Vec<f64>) = path.iter().map(|z| (z[0], z[1])).unzip();
            panel = panel.path(label, &x, &y);
        }
        Ok(Motion::of(Figure::new(title).panel(panel)))
    }
}

fn shadows(shadow: &Shadow) -> Panel {
    let windows = &shadow.windows;
    Panel::new("step α at the window's begin", "distance from the flow")
        .title("after 2 units of the flow's time")
        .log_x()
        .log_y()
        .line_of("with noise, by law", windows, |w| w.step, |w| w.law.sqrt())
        .solid()
        .points_of("", windows, |w| w.step, |w| w.square.mean.sqrt())
        .color(0)
        .error_bars_of(windows, |w| w.square.root().bar(2.0))
        .line_of("without noise", windows, |w| w.step, |w| w.euler)
        .color(1)
        .solid()
}

fn gaps(ends: &[Ends]) -> Panel {
    Panel::new("bias ‖b‖", "distance")
        .title("last turn of the runs (marks)")
        .line_of(
            "between the flow's ends without and with bias",
            ends,
            |e| e.bias,
            |e| e.gap,
        )
        .solid()
        .points_of(
            "runs from the end without bias",
            ends,
            |e| e.bias,
            |e| e.from_unbiased.mean,
        )
        .color(1)
        .error_bars_of(ends, |e| e.from_unbiased.bar(2.0))
        .points_of(
            "runs from the end with bias",
            ends,
            |e| e.bias,
            |e| e.from_biased.mean,
        )
        .color(2)
        .error_bars_of(ends, |e| e.from_biased.bar(2.0))
}

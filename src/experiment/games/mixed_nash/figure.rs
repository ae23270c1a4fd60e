//! Gaps of mirror descent, the trap, the law of θ, gaps by temperature; the moving picture.

use super::hill::{Path, Run, STARTS};
use super::matrices::{Course, Random};
use super::settings::MixedNash;
use crate::error::Result;
use crate::game::mixed::EntropicEquilibrium;
use crate::plot::{Figure, Layer, Line, LineStyle, Motion, Panel};

/// Everything that is drawn.
pub(super) struct Drawn<'a> {
    pub(super) title: &'a str,
    pub(super) course: &'a Course,
    pub(super) random: &'a [Random],
    pub(super) paths: &'a [Path],
    pub(super) runs: &'a [Vec<Run>],
    pub(super) rests: &'a [EntropicEquilibrium<2>],
}

/// Points that are drawn of a population.
const POINTS: usize = 300;

impl MixedNash {
    pub(super) fn figure(&self, drawn: &Drawn<'_>) -> Result<Figure> {
        let seen = &drawn.course.seen;
        let course = Panel::new("steps k of mirror descent", "duality gap")
            .title("stone–paper–scissors")
            .log_x()
            .log_y()
            .line_of("bound for averages", seen, |s| s.steps as f64, |s| s.bound)
            .dashed()
            .line_of("averages", seen, |s| s.steps as f64, |s| s.average)
            .line_of("last iterate", seen, |s| s.steps as f64, |s| s.last);
        let random = Panel::new("rows and columns n", "duality gap of averages / bound")
            .title(&format!("random games, K = {}", self.steps))
            .log_x()
            .y_range(0.0, 1.1)
            .points_of(
                "a game",
                drawn.random,
                |r| r.size as f64,
                |r| (r.upper - r.lower) / r.bound,
            )
            .horizontal(1.0, "bound");
        let end = &drawn.runs[0][0].end;
        let some = end.first.len().min(POINTS);
        let plane = drawn.paths.iter().fold(trap(), |panel, path| {
            let (x, y) = path
                .drawn
                .iter()
                .copied()
                .unzip::<f64, f64, Vec<f64>, Vec<f64>>();
            panel.path(path.method, &x, &y).width(1.0)
        });
        let plane = plane
            .points(
                "population at rest",
                &end.first[..some],
                &end.second[..some],
            )
            .size(2.5)
            .title("the hill: paths in the plane");
        let rest = &drawn.rests[0];
        let all: Vec<f64> = drawn.runs[0]
            .iter()
            .flat_map(|run| run.end.first.clone())
            .collect();
        let law = Panel::new("θ", "density")
            .title(&format!("the law of θ at τ = {}", self.temperature))
            .y_range(0.0, f64::INFINITY)
            .line("entropic equilibrium", &rest.points, &rest.first)
            .histogram("populations", &all, 16);
        let temperatures = self.temperatures();
        let gaps: Vec<f64> = drawn.rests.iter().map(|rest| rest.bracket.gap()).collect();
        let mean_gap = |runs: &Vec<Run>| crate::stats::mean(runs.iter().map(Run::gap));
        let found: Vec<f64> = drawn.runs.iter().map(mean_gap).collect();
        let by_temperature = Panel::new("temperature τ", "duality gap")
            .title("what replies would gain")
            .log_x()
            .log_y()
            .line("entropic equilibrium", &temperatures, &gaps)
            .points("populations", &temperatures, &found)
            .horizontal(drawn.paths[0].gap(), "where GDA ends");
        Ok(Figure::new(drawn.title)
            .panel(course)
            .panel(random)
            .panel(plane)
            .panel(law)
            .panel(by_temperature)
            .columns(2))
    }

    /// The paths of panel (c), and a point of a population from the same start as the trapped ones.
    pub(super) fn moving(&self, paths: &[Path], run: &Run) -> Motion {
        let name = |path: &Path| {
            format!(
                "{} from ({}, {})",
                path.method, path.start[0], path.start[1]
            )
        };
        let [x, y] = [|p: &(f64, f64)| p.0, |p: &(f64, f64)| p.1];
        // From the first start EG goes the way of GDA.
        let shown = paths
            .iter()
            .filter(|p| p.method == "GDA" || p.start != STARTS[0]);
        let panel = shown.fold(trap(), |panel, path| {
            let xs: Vec<f64> = path.drawn.iter().map(x).collect();
            let ys: Vec<f64> = path.drawn.iter().map(y).collect();
            panel.path(&name(path), &xs, &ys).width(1.2)
        });
        let xs: Vec<f64> = run.drawn.iter().map(x).collect();
        let ys: Vec<f64> = run.drawn.iter().map(y).collect();
        let label = format!("a point of a population, τ = {}", self.temperature);
        let panel = panel.path(&label, &xs, &ys).width(0.8).opacity(0.8);
        let figure = Figure::new("Caught, and not caught")
            .panel(panel)
            .panel_size(560.0, 440.0);
        Motion::of(figure).seconds(16.0)
    }
}

/// The plane with the curve ωθ = ½, in grey.
fn trap() -> Panel {
    let branch = |sign: f64| {
        let theta = (0..=60).map(move |i| sign * 0.25 * 8.0_f64.powf(f64::from(i) / 60.0));
        theta
            .map(|theta| (theta, 0.5 / theta))
            .collect::<Vec<(f64, f64)>>()
    };
    let mut points = branch(1.0);
    points.push((f64::NAN, f64::NAN));
    points.extend(branch(-1.0));
    let (x, y) = points.into_iter().unzip();
    Panel::new("θ, which minimises", "ω, which maximises")
        .equal_aspect()
        .x_range(-2.05, 2.05)
        .y_range(-2.05, 2.05)
        .layer(Layer::Line(Line {
            label: "ωθ = ½".to_owned(),
            x,
            y,
            color: 6,
            style: LineStyle::Dashed,
            width: 1.2,
            ..Line::default()
        }))
}

//! A figure whose paths run.

use std::path::Path;

use super::draw;
use super::figure::{Figure, beside};
use super::running::Clock;
use crate::display::Html;
use crate::error::{Error, Result};

/// How a page shows the picture that runs or, where a reader wants it or asked their system for no motion, the still one.
const HOLD: &str = "<style>.dltheory-motion:has(>label>input:checked)>.dltheory-running{display:none}\
                    .dltheory-motion:has(>label>input:checked)>.dltheory-resting{display:block!important}\
                    @media (prefers-reduced-motion:reduce){.dltheory-motion>label,.dltheory-motion>.dltheory-running\
                    {display:none}.dltheory-motion>.dltheory-resting{display:block!important}}</style>\n";

/// A figure whose paths run: what [`Panel::path`](super::Panel::path) drew is left behind by a dot, one point of the path after
/// another at equal times, over and over. All paths of a figure run by one clock, so that they can be compared; the shorter
/// wait at their ends. The rest of the figure stands still, and so does all of it for a reader who asked their system for less
/// motion, who points at the file's picture, or who ticks "hold still" on a page.
///
/// The picture is SVG that is animated by CSS, without a script. Where that is not understood the whole path is shown.
/// Some ten turns are as many as a reader can follow.
///
/// ```
/// use dltheory::plot::{Figure, Motion, Panel};
/// let turn = |k: i32| f64::from(k) / 10.0;
/// let x: Vec<f64> = (0..100).map(|k| turn(k).cos()).collect();
/// let y: Vec<f64> = (0..100).map(|k| turn(k).sin()).collect();
/// let figure = Figure::new("A rotation").panel(Panel::new("x", "y").equal_aspect().path("flow", &x, &y));
/// let svg = Motion::of(figure).seconds(6.0).svg()?;
/// assert!(svg.contains("prefers-reduced-motion"));
/// # Ok::<(), dltheory::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Motion {
    /// The figure; of its layers the paths run.
    pub figure: Figure,
    /// How long one turn takes, with a rest at its end, in s, 1 to 120.
    pub seconds: f64,
}

impl Motion {
    /// The paths of `figure` run once in 12 s.
    #[must_use]
    pub fn of(figure: Figure) -> Self {
        Self {
            figure,
            seconds: 12.0,
        }
    }

    /// Sets how long one turn takes, in s.
    #[must_use]
    pub fn seconds(mut self, seconds: f64) -> Self {
        self.seconds = seconds;
        self
    }

    /// The moving figure as SVG. The same figure gives the same bytes.
    ///
    /// # Errors
    /// As [`Figure::svg`]; a time outside 1 to 120 s.
    pub fn svg(&self) -> Result<String> {
        draw::svg(&self.figure, Some(self.clock()?)).map_err(|reason| self.figure.error(reason))
    }

    /// Writes the SVG to `path`; the file appears whole or not at all.
    ///
    /// # Errors
    /// As [`Motion::svg`]; [`Error::Io`] if the file cannot be written.
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        super::figure::write_whole(path.as_ref(), &self.svg()?)
    }

    /// The moving figure in HTML, with a box to tick that shows the still one in its place. Or a sentence saying why it could not
    /// be drawn.
    #[must_use]
    pub fn html(&self) -> Html {
        let drawn = self.clock().and_then(|clock| {
            let pieces = |clock| draw::pieces(&self.figure, clock);
            let both = pieces(Some(clock)).and_then(|moving| Ok((moving, pieces(None)?)));
            both.map_err(|reason| self.figure.error(reason))
        });
        let ((moving, width), (still, _)) = match drawn {
            Ok(drawn) => drawn,
            Err(error) => return Html::message(&error.to_string()),
        };
        let mut inside = Html::new(format!(
            "{HOLD}<div class=\"dltheory-motion\">\n<label><input type=\"checkbox\"> hold still</label>\n\
             <div class=\"dltheory-running\">\n"
        ));
        inside.push(&beside(&moving, width));
        inside.push(&Html::new(
            "</div>\n<div class=\"dltheory-resting\" hidden>\n",
        ));
        inside.push(&beside(&still, width));
        inside.push(&Html::new("</div>\n</div>\n"));
        self.figure.framed(&inside)
    }

    /// Shows the moving figure in a notebook.
    pub fn evcxr_display(&self) {
        self.html().evcxr_display();
    }

    fn clock(&self) -> Result<Clock> {
        let seconds = self.seconds;
        if !(1.0..=120.0).contains(&seconds) {
            let expected = "1 to 120";
            return Err(Error::domain(
                "the seconds a motion takes",
                expected,
                seconds,
            ));
        }
        let layers = self.figure.panels.iter().flat_map(|panel| &panel.layers);
        let longest = layers.filter_map(super::Layer::path_points).max();
        Ok(Clock {
            seconds,
            longest: longest.unwrap_or(0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::{Layer, Line, Panel};

    fn spiral(points: usize, turns: f64) -> (Vec<f64>, Vec<f64>) {
        let angle = |k: usize| turns * std::f64::consts::TAU * k as f64 / points as f64;
        let radius = |k: usize| 1.0 + k as f64 / points as f64;
        (0..points)
            .map(|k| (radius(k) * angle(k).cos(), radius(k) * angle(k).sin()))
            .unzip()
    }

    fn figure(paths: usize, points: usize) -> Figure {
        let (x, y) = spiral(points, 10.0);
        let empty = Panel::new("x", "y").equal_aspect();
        let label = |k| format!("path {k}");
        Figure::new("spirals")
            .panel((0..paths).fold(empty, |panel, k| panel.path(&label(k), &x, &y)))
    }

    #[test]
    fn only_paths_run_and_the_still_figure_has_no_animation() {
        let (x, y) = spiral(50, 1.0);
        let figure = Figure::new("one").panel(
            Panel::new("x", "y")
                .path("runs", &x, &y)
                .line("stands", &x, &y),
        );
        let still = figure.svg().expect("drawn");
        assert!(!still.contains("animation") && !still.contains("<style"));
        let moving = Motion::of(figure).svg().expect("drawn");
        assert_eq!(moving.matches("@keyframes").count(), 1);
        assert_eq!(moving.matches("prefers-reduced-motion").count(), 1);
        assert!(moving.contains("animation:12s linear infinite"));
        roxmltree::Document::parse(&moving).expect("XML");
    }

    #[test]
    fn a_crowded_motion_stays_below_300_kb() {
        let motion = Motion::of(figure(8, 100_000));
        let svg = motion.svg().expect("drawn");
        assert!(svg.len() < 300_000, "{} bytes", svg.len());
        assert_eq!(svg, motion.svg().expect("drawn"), "not deterministic");
    }

    #[test]
    fn odd_paths_are_drawn() {
        let gaps = [f64::NAN, 1.0, f64::INFINITY, 1e300, -1e300];
        for (x, y) in [
            (&[][..], &[][..]),
            (&[1.0], &[1.0]),
            (&[1.0, 1.0], &[2.0, 2.0]),
            (&gaps, &gaps),
            (&[0.0, 1.0, 1e9], &[0.0, 1.0, 1e9]),
        ] {
            let panel = Panel::new("x", "y").x_range(-1.0, 2.0).y_range(-1.0, 2.0);
            let motion = Motion::of(Figure::new("odd").panel(panel.path("p", x, y)));
            let svg = motion.svg().expect("drawn");
            let numbers = svg.replace("infinite", "");
            assert!(
                !numbers.contains("NaN") && !numbers.contains("inf"),
                "{svg}"
            );
            assert!(motion.html().as_str().contains("hold still"));
        }
    }

    #[test]
    fn a_time_out_of_range_is_named() {
        let error = Motion::of(figure(1, 10)).seconds(f64::NAN);
        let error = error.svg().expect_err("no time").to_string();
        assert!(error.contains("the seconds a motion takes"), "{error}");
        let layer = Layer::Line(Line {
            x: vec![1.0],
            ..Line::default()
        });
        let panel = Panel::new("x", "y").layer(layer);
        let html = Motion::of(Figure::new("bad").panel(panel)).html();
        assert!(html.as_str().contains("y has 0 numbers"));
    }
}

//! Paths that run: a dot that moves along a path and, behind it, the part it has left.
//!
//! The way s(t) that a path has come, of 1,000 in all, is one property of CSS, `stroke-dashoffset`, in key frames at equal
//! times. A dash as long as the path, shifted so that it ends at s, is what lies behind; a dash of no length at s, with round
//! ends, is the dot. Whoever cannot animate, or asked for no motion, sees the whole path with the dot at its end.

use std::fmt::Write as _;

use super::canvas::{Canvas, Stroke, hex, units};
use super::kinds::Line;
use super::shape::{Point, Rect};
use super::style::{self, LineStyle, Marker};
use super::view::View;
use super::{arrows, sample};

/// How fast paths run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Clock {
    /// What the longest path takes, with its rest, in s.
    pub(crate) seconds: f64,
    /// Points of the longest path: all take as long from one point to the next.
    pub(crate) longest: usize,
}

/// The part of a turn in which paths run; then they rest.
const RUNNING: f64 = 0.85;

/// What s counts to.
const LENGTH: f64 = 1000.0;

/// The most key frames of a path.
const FRAMES: usize = 240;

/// How all of them run, stop for whoever points at the picture, and do not begin for whoever asked for no motion.
pub(crate) fn sheet(clock: Clock) -> String {
    format!(
        ".run{{animation:{}s linear infinite}}.still{{display:none}}svg:hover .run{{animation-play-state:paused}}\n\
         @media (prefers-reduced-motion:reduce){{.run{{animation:none!important}}.still{{display:inline}}}}\n",
        clock.seconds
    )
}

/// Draws a path that runs; spends about `budget` points.
pub(crate) fn draw(canvas: &mut Canvas, line: &Line, view: &View, budget: usize, clock: Clock) {
    let points = seen(line, view);
    let Some(&start) = points.first() else {
        return;
    };
    let stroke = Stroke {
        color: style::series(line.color),
        width: sample::drawable_width(line.width),
        opacity: sample::drawable_opacity(line.opacity),
        style: LineStyle::Solid,
    };
    let (size, color, opacity) = (style::MARKER_SIZE, stroke.color, stroke.opacity);
    if view.frame.holds(start, 0.5) {
        canvas.markers(&[start], Marker::Circle, size, color, opacity);
    }
    let course = Course::of(&points, budget.clamp(2, 2000));
    if course.length == 0.0 {
        return;
    }
    let number = canvas.next_number();
    canvas.write(&elements(&course, &view.frame, &stroke, number));
    canvas.add_style(&course.key_frames(number, clock, (budget / 4).clamp(40, FRAMES)));
    let end = course.points[course.points.len() - 1];
    if view.frame.holds(end, 0.5)
        && let Some(head) = arrows::head(&course.points, 9.0)
    {
        canvas.write("<g class=\"still\">\n");
        canvas.polygon(&head, color, opacity);
        canvas.write("</g>\n");
    }
}

/// The points up to the first that is missing or lies more than the frame's size outside it.
fn seen(line: &Line, view: &View) -> Vec<Point> {
    let slack = view.frame.width + view.frame.height;
    let pairs = line.x.iter().zip(&line.y);
    let places = pairs.map_while(|(&x, &y)| view.point(x, y));
    places.take_while(|&p| view.frame.holds(p, slack)).collect()
}

/// The path, what runs along it, and the part of the page it may be seen in.
fn elements(course: &Course, frame: &Rect, stroke: &Stroke, number: usize) -> String {
    let mut svg = String::new();
    let [x, y, w, h] = [frame.left, frame.top, frame.width, frame.height].map(units);
    let _ = write!(
        svg,
        "<clipPath id=\"frame{number}\"><rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"/></clipPath>\n\
         <defs><path id=\"path{number}\" pathLength=\"{LENGTH}\" d=\""
    );
    for (i, &(x, y)) in course.points.iter().enumerate() {
        let command = if i == 0 { "M" } else { "L" };
        let _ = write!(svg, "{command}{} {}", units(x), units(y));
    }
    let (all, twice, far) = (LENGTH, 2.0 * LENGTH, 9.0 * LENGTH);
    let _ = write!(
        svg,
        "\"/></defs>\n<g clip-path=\"url(#frame{number})\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\" opacity=\"{}\">\n\
         <use href=\"#path{number}\" opacity=\"0.3\"/>\n\
         <g class=\"run\" style=\"animation-name:run{number}\" stroke-dashoffset=\"{all}\">\n\
         <use href=\"#path{number}\" stroke-dasharray=\"{twice} {far}\"/>\n\
         <use href=\"#path{number}\" stroke-dasharray=\"0 {twice} 0 {far}\" stroke-width=\"{}\"/>\n</g>\n</g>\n",
        hex(stroke.color),
        units(stroke.width),
        stroke.opacity,
        units(1.6 * style::MARKER_SIZE),
    );
    svg
}

/// A path in px, with the way at each of its points.
struct Course {
    /// The points kept.
    points: Vec<Point>,
    /// Their places among all.
    places: Vec<usize>,
    /// The way from the start to each, in px.
    way: Vec<f64>,
    /// The whole way.
    length: f64,
    /// The last place among all.
    last: usize,
}

impl Course {
    /// Keeps points that are half a px apart; if more than `budget` are left, those a px apart, and so on.
    fn of(points: &[Point], budget: usize) -> Self {
        let apart = |a: Point, b: Point| (a.0 - b.0).hypot(a.1 - b.1);
        let last = points.len() - 1;
        let mut distance = 0.5;
        let places = loop {
            let mut kept: Vec<usize> = vec![0];
            for i in 1..=last {
                let before = points[kept[kept.len() - 1]];
                if i == last || apart(points[i], before) >= distance {
                    kept.push(i);
                }
            }
            if kept.len() <= budget || distance > 1e4 {
                break kept;
            }
            distance *= 2.0;
        };
        let points: Vec<Point> = places.iter().map(|&i| points[i]).collect();
        let mut way = vec![0.0];
        for pair in points.windows(2) {
            way.push(way[way.len() - 1] + apart(pair[0], pair[1]));
        }
        Self {
            length: way[way.len() - 1],
            points,
            places,
            way,
            last,
        }
    }

    /// The share of the way that is left behind at a place between points, 0 to 1.
    fn share(&self, place: f64) -> f64 {
        let after = self.places.partition_point(|&kept| (kept as f64) < place);
        if after == 0 {
            return 0.0;
        }
        let Some(&next) = self.places.get(after) else {
            return 1.0;
        };
        let before = self.places[after - 1];
        let part = (place - before as f64) / (next - before) as f64;
        (self.way[after - 1] + part * (self.way[after] - self.way[after - 1])) / self.length
    }

    /// The key frames of path `number`, at most so many.
    fn key_frames(&self, number: usize, clock: Clock, most: usize) -> String {
        let frames = self.last.min(most);
        let until = RUNNING * self.last as f64 / (clock.longest.max(2) - 1) as f64;
        let mut rules = format!("@keyframes run{number}{{");
        for frame in 0..=frames {
            let t = frame as f64 / frames as f64;
            let percent = 100.0 * until * t;
            let offset = LENGTH * (2.0 - self.share(t * self.last as f64));
            let _ = write!(
                rules,
                "{}%{{stroke-dashoffset:{}}}",
                short(percent, 100.0),
                short(offset, 10.0)
            );
        }
        let _ = writeln!(rules, "to{{stroke-dashoffset:{LENGTH}}}}}");
        rules
    }
}

/// A number rounded to a whole part of `parts`.
fn short(value: f64, parts: f64) -> f64 {
    (value * parts).round() / parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_is_that_of_the_points() {
        // An L: 30 px in one step, 10 px in two.
        let points = [(0.0, 0.0), (30.0, 0.0), (30.0, 5.0), (30.0, 10.0)];
        let course = Course::of(&points, 100);
        assert_eq!((course.length, course.last), (40.0, 3));
        let shares = [0.0, 0.5, 1.0, 2.0, 3.0].map(|place| course.share(place));
        assert_eq!(shares, [0.0, 0.375, 0.75, 0.875, 1.0]);
        let clock = Clock {
            seconds: 10.0,
            longest: 7,
        };
        assert_eq!(
            course.key_frames(4, clock, 100),
            "@keyframes run4{0%{stroke-dashoffset:2000}14.17%{stroke-dashoffset:1250}28.33%{stroke-dashoffset:1125}\
             42.5%{stroke-dashoffset:1000}to{stroke-dashoffset:1000}}\n"
        );
    }

    #[test]
    fn a_long_path_keeps_its_ends_and_its_times() {
        let points: Vec<Point> = (0..50_000).map(|i| (f64::from(i) * 0.01, 0.0)).collect();
        let course = Course::of(&points, 300);
        assert!(course.points.len() <= 300);
        assert_eq!(course.points[course.points.len() - 1], points[49_999]);
        for place in [1.0, 777.0, 25_000.5, 49_998.0] {
            assert!((course.share(place) - place / 49_999.0).abs() < 1e-9);
        }
    }
}

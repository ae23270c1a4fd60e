//! Spirals, factors, distances from the proximal point method.

use super::order::Order;
use super::settings::{BilinearGame, Point};
use super::steps::{factor, path};
use crate::error::Result;
use crate::game::linear::Complex;
use crate::plot::{Figure, Motion, Panel};

/// What is drawn, its name, and its colour. RFBS goes where OGDA goes.
const DRAWN: [(&str, &str, usize); 5] = [
    ("gda", "GDA", 0),
    ("ppm", "PPM", 1),
    ("eg", "EG", 2),
    ("ogda", "OGDA = RFBS", 3),
    ("printed_eg", "EG as printed", 4),
];

/// How far out a path is drawn.
const EDGE: f64 = 2.0;

impl BilinearGame {
    /// The spirals, until they leave.
    fn spirals(&self) -> Result<Panel> {
        let mut panel = Panel::new("x", "y")
            .title(&format!("minₓ maxᵧ xy from (1, 0), α = {}", self.alpha))
            .equal_aspect()
            .x_range(-EDGE, EDGE)
            .y_range(-EDGE, EDGE);
        for (method, name, color) in DRAWN {
            let path = path(method, self.alpha, self.steps)?;
            let inside: Vec<Complex> = path.into_iter().take_while(|z| z.abs() <= EDGE).collect();
            let x: Vec<f64> = inside.iter().map(|z| z.re).collect();
            let y: Vec<f64> = inside.iter().map(|z| z.im).collect();
            panel = panel.path(name, &x, &y).color(color);
        }
        Ok(panel.points("", &[0.0], &[0.0]).color(6))
    }

    pub(super) fn motion(&self) -> Result<Motion> {
        let title = format!(
            "Five methods on xy, α = {}, {} steps",
            self.alpha, self.steps
        );
        Ok(Motion::of(Figure::new(&title).panel(self.spirals()?)))
    }

    pub(super) fn figure(&self, title: &str, factors: &[Point], order: &Order) -> Result<Figure> {
        let alphas: Vec<f64> = (1..=130).map(|i| 0.01 * f64::from(i)).collect();
        let mut rates = Panel::new("step α", "|factor| of a step")
            .title("lines: closed form; points: measured")
            .y_range(0.6, 1.7)
            .horizontal(1.0, "");
        for (method, name, color) in DRAWN {
            let law: Vec<f64> = alphas.iter().map(|a| factor(method, *a)).collect();
            let own = factors.iter().filter(|p| p.method == method);
            rates = rates
                .line(name, &alphas, &law)
                .color(color)
                .points_of("", own, |p| p.alpha, |p| p.measured)
                .color(color);
        }
        let near = Panel::new("step α", "distance from PPM")
            .title("how near to the proximal point method")
            .log_x()
            .log_y();
        let series = [
            (
                "one step, EG and OGDA: α³/√(1+α²)",
                &order.distances,
                "eg",
                5,
            ),
            ("modulus, EG: α⁶/2", &order.moduli, "eg", 2),
            ("modulus, OGDA: α⁴", &order.moduli, "ogda", 3),
        ];
        let near = series
            .into_iter()
            .fold(near, |panel, (label, points, method, color)| {
                let own = || points.iter().filter(|p| p.method == method);
                panel
                    .line_of(label, own(), |p| p.alpha, |p| p.predicted)
                    .color(color)
                    .points_of("", own(), |p| p.alpha, |p| p.measured)
                    .color(color)
            });
        Ok(Figure::new(title)
            .panel(self.spirals()?)
            .panel(rates)
            .panel(near))
    }
}

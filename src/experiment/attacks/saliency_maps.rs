//! Saliency maps of networks trained as usual and against attacks.

mod settings;
mod training;

use ndarray::Array2;

pub use settings::SaliencyMaps;
use training::{INK, Maps, Point, Run, over};

use crate::attack::saliency::effective_pixels;
use crate::data::Source;
use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::experiment::problems::noisy_digits::{Design, NoisyDigits, fitted};
use crate::experiment::{About, Claim, Context, Findings, Study};
use crate::plot::{ColorScale, Figure, LegendPosition, Panel};
use crate::rng::stream;
use crate::stats::{Estimate, largest, least, mean};

/// How often chance alone may break one of the claims about differences between trainings.
const LEVEL: f64 = 1e-3;

/// The same for what is exact.
const EXACT: f64 = 1e-4;

/// Maps of noise.
const NOISE: usize = 400;

impl Study for SaliencyMaps {
    const ABOUT: About = About {
        id: "saliency_maps",
        title: "Saliency maps of standard and robust networks",
        what: "Takes the gradient of the right class's lead by the input, one number a pixel, of networks trained as usual and against \
               attacks of several sizes. Measures how steep it is, over how many pixels it is spread, and how much of it is on the digit.",
        slide: "Adversarial machine learning (EE-556): \"Application: Adversarial training for better interpretability\"; after Simonyan, \
                Vedaldi & Zisserman 2013, arXiv:1312.6034, and Tsipras, Santurkar, Engstrom, Turner & Madry 2019, arXiv:1805.12152",
        columns: Point::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        fitted(self, &[("n", 1), ("test", 1)], data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let design = Design {
            n: self.n,
            test: self.test,
            label_noise: 0.0,
            pool: self.pool,
        };
        let digits = NoisyDigits::new(&context.data, design, seed)?;
        let runs = context.paired(
            "networks",
            &self.epsilon,
            self.draws,
            seed,
            |&epsilon, draw| {
                self.maps(&digits.draw(draw.index)?.train, &digits.test, epsilon, draw)
            },
        )?;
        let points = self.epsilon.iter().zip(&runs).map(|(&epsilon, runs)| {
            Ok(Point {
                epsilon,
                test_error: Estimate::of(runs, |r| r.test_error)?,
                slope: over(runs, |m| m.slope)?,
                distance: over(runs, |m| m.distance)?,
                pixels: over(runs, |m| m.pixels)?,
                on_ink: over(runs, |m| m.on_ink)?,
            })
        });
        let points = points.collect::<Result<Vec<Point>>>()?;
        let d = digits.sizes().0;
        let noise = gaussian(NOISE, d, &mut stream(seed, "noise", 0))?;
        let spread = Estimate::of(noise.rows(), |row| effective_pixels(&row))?;
        let (height, width, channels) = context.data.load()?.shape;
        let shape = (channels == 1).then_some((height / self.pool, width / self.pool));
        let first = digits.test.x.row(0).to_owned();
        let ink = mean(digits.test.x.iter().map(|x| f64::from(*x >= INK)));
        let mut figure = self.figure(Self::ABOUT.title, &points, (spread.mean, ink));
        if let Some((height, width)) = shape {
            let image = |values: &ndarray::Array1<f64>| {
                Array2::from_shape_fn((height, width), |(r, c)| values[r * width + c])
            };
            let mut images = vec![image(&first)];
            let mut captions = vec!["image".to_owned()];
            for (epsilon, runs) in self.epsilon.iter().zip(&runs) {
                let top = largest(runs[0].map.iter().map(|g| g.abs()));
                // A network that answers all images alike has a map of zeros.
                let top = if top > 0.0 { top } else { 1.0 };
                images.push(image(&(&runs[0].map / top)));
                captions.push(format!("ε = {epsilon}"));
            }
            let panel = Panel::images(&images, 0)
                .title("maps of one image: for the class, against it")
                .colors(ColorScale::Diverging)
                .color_range(-1.0, 1.0)
                .captions(&captions);
            figure = figure.panel(panel);
        }
        self.findings(&points, &runs, (spread, d), digits.mnist)
            .map(|found| found.figure(figure))
    }
}

impl SaliencyMaps {
    fn findings(
        &self,
        points: &[Point],
        runs: &[Vec<Run>],
        (spread, d): (Estimate, usize),
        mnist: bool,
    ) -> Result<crate::experiment::Draft> {
        let (standard, robust) = (&runs[0], &runs[runs.len() - 1]);
        let silent = silent(points);
        // How a number of the maps changes from the smallest ε to the largest; `sign` is 1 where it is to grow.
        let trend = |text: &str, of: fn(&Maps) -> f64, sign: f64| -> Result<Claim> {
            let pairs = standard.iter().zip(robust);
            let logs =
                pairs.map(|(a, b)| Some(sign * (of(b.maps.as_ref()?) / of(a.maps.as_ref()?)).ln()));
            let claim = match (logs.collect::<Option<Vec<f64>>>(), silent) {
                (Some(logs), None) => Claim::positive(text, Estimate::from_values(&logs)?, LEVEL)?,
                _ => Claim::greater_than(text, 0.0, f64::NAN, 0.0),
            };
            Ok(claim
                .trend(mnist)
                .not_measured_if(silent.is_some(), silent.unwrap_or_default()))
        };
        let all = || runs.iter().flatten().filter_map(|run| run.maps.as_ref());
        let none = "no network answers: set a smaller epsilon, more epochs or a larger width";
        // Length and direction u are independent: E|u_i u_j| = E|g_i g_j|/d = 2/(πd), and (Σ|u|)² has d(d − 1) such terms and Σu² = 1.
        let pixels = 1.0 + std::f64::consts::FRAC_2_PI * (d as f64 - 1.0);
        Ok(Findings::of(points)
            .claim(Claim::equals(
                "a small step of ε sign ∇ against the class costs ε‖∇‖₁ of its lead: median over images, the network farthest off",
                1.0,
                farthest(all().map(|r| r.first_order)),
                1e-4,
            ).against(least(all().map(|r| r.by_euclid)), "ε‖∇‖₂"))
            .not_measured_if(all().next().is_none(), none)
            .measured_as("first_order_cost")
            .claim(Claim::equals(
                "a map has one number for each pixel: the gradient is by the input, not by the parameters",
                d as f64,
                standard[0].map.len() as f64,
                0.0,
            ).against(standard[0].parameters as f64, "by the parameters"))
            .identity()
            .claim(Claim::mean_equals(
                "a map of noise is spread over 1 + 2(d − 1)/π pixels: mean of (Σ|g|)²/Σg²",
                pixels,
                spread,
                0.0,
                EXACT,
            )?.against(d as f64, "all d"))
            .measured_as("pixels_of_noise")
            .claim(trend(
                "training against attacks flattens (trend): ln of standard over robust ‖∇‖₁, the smallest and the largest ε",
                |m| m.slope,
                -1.0,
            )?)
            .measured_as("log_slope_ratio")
            .claim(trend(
                "the lead lasts for a larger ε (trend): ln of robust over standard lead/‖∇‖₁",
                |m| m.distance,
                1.0,
            )?)
            .headline()
            .measured_as("log_distance_ratio")
            .claim(trend(
                "maps of robust networks are concentrated on fewer pixels (trend): ln of standard over robust (Σ|g|)²/Σg²",
                |m| m.pixels,
                -1.0,
            )?)
            .headline()
            .measured_as("log_pixel_ratio")
            .claim(trend(
                "maps of robust networks look more at the digit (trend): ln of robust over standard share of Σ|g| on ink",
                |m| m.on_ink,
                1.0,
            )?)
            .headline()
            .measured_as("log_ink_ratio"))
    }

    fn figure(&self, title: &str, points: &[Point], (noise, ink): (f64, f64)) -> Figure {
        let panel = |y: &str, title: &str| {
            Panel::new("ε of training", y)
                .title(title)
                .legend(LegendPosition::Below)
        };
        // Only of networks that answer.
        let line = |panel: Panel, label: &str, of: fn(&Point) -> Option<Estimate>| {
            let drawn = || points.iter().filter_map(|p| Some((p.epsilon, of(p)?)));
            panel
                .line_of(label, drawn(), |p| p.0, |p| p.1.mean)
                .points_of(label, drawn(), |p| p.0, |p| p.1.mean)
                .error_bars_of(drawn(), |p| p.1.bar(2.0))
        };
        let spread = panel(
            "pixels, (Σ|g|)²/Σg²",
            "how many pixels a map is spread over",
        );
        let spread = line(spread, "maps", |p| p.pixels).horizontal(noise, "noise");
        let on_ink = panel("share of Σ|g| on ink", "how much of a map is on the digit");
        let on_ink = line(on_ink, "maps", |p| p.on_ink).horizontal(ink, "even spread");
        let distance = panel("lead/‖∇‖₁", "how large an ε the lead lasts for");
        let distance = line(distance, "to first order", |p| p.distance)
            .line_of("the ε of training", points, |p| p.epsilon, |p| p.epsilon)
            .dashed();
        Figure::new(title)
            .columns(2)
            .panel(spread)
            .panel(on_ink)
            .panel(distance)
            .caption("Means over draws; bars: 2 standard errors.")
    }
}

/// Why trends from standard to robust training cannot be told, if so.
fn silent(points: &[Point]) -> Option<&'static str> {
    let (first, last) = (&points[0], &points[points.len() - 1]);
    if first.epsilon > 0.0 || last.epsilon < 0.05 {
        Some(
            "standard and robust networks are compared: let epsilon begin with 0 and end with 0.05 or more",
        )
    } else if first.slope.is_none() || first.test_error.mean > 0.2 {
        Some("the standard networks have hardly learned: set more epochs or a larger width")
    } else if last.slope.is_none() || last.test_error.mean > 0.5 {
        Some(
            "the robust networks have hardly learned: set a smaller epsilon, more epochs or a larger width",
        )
    } else {
        None
    }
}

/// The number farthest from 1.
fn farthest(values: impl IntoIterator<Item = f64>) -> f64 {
    let gaps: Vec<f64> = values.into_iter().map(|v| v - 1.0).collect();
    let (low, high) = (least(&gaps), largest(&gaps));
    1.0 + if -low > high { low } else { high }
}

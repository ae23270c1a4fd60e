//! How close the tangent kernel of a finite network is to its limit, and how much training moves it.

use ndarray::Array2;

use super::wide_network::{extremes, guide, network, relative_distance, train_wide};
use crate::data::Dataset;
use crate::data::synthetic::{random_signs, unit_sphere};
use crate::error::Result;
use crate::experiment::{About, Claim, Context, Draw, Findings, Study, row, settings};
use crate::model::mlp::PerExample;
use crate::model::{Activation, Kernel, KernelForm, Mlp, TwoLayerNtk, two_layer_ntk};
use crate::plot::{Figure, Panel};
use crate::rng::stream;
use crate::stats::{Estimate, PowerLaw, larger, root_mean_square};

/// The chance that one claim fails although theory is right.
const LEVEL: f64 = 1e-4;

/// How far an exponent may be from its limit beside chance: nearer to it than to any other multiple of ¼.
const NEARER: f64 = 0.125;

/// What training changes: its name in the table, in words, its colour, the exponent predicted, and its slope.
const CHANGES: [(&str, &str, usize, f64, &str); 3] = [
    ("relu_change", "kernel, ReLU", 1, -0.75, "relu_change_slope"),
    ("tanh_change", "kernel, tanh", 2, -1.0, "tanh_change_slope"),
    ("relu_moved", "weights, ReLU", 0, -0.5, "relu_moved_slope"),
];

settings! {
    /// Settings of `ntk_convergence`.
    pub struct NtkConvergence {
        /// Inputs, uniform on the unit sphere, the same in every draw.
        n: usize = 12, in 2..=200;
        /// Dimension d of the inputs.
        input_dim: usize = 10, in 2..=1000;
        /// Hidden units m a layer.
        widths: Vec<usize> = vec![64, 256, 1024, 4096, 16_384], quick vec![128, 512, 2048], in 4..=65_536, len 2..=100, increasing;
        /// Hidden layers. With more than 1 the kernel of a finite width is biased too, by O(1/m).
        depth: usize = 1, in 1..=5;
        /// Draws of the weights a width, whose kernels are compared with the limit.
        draws: usize = 200, quick 50, in 20..=100_000;
        /// How many of these networks are trained, and as many with tanh units.
        trained: usize = 24, quick 20, in 4..=10_000;
        /// Steps of gradient descent on random ±1 labels, after which the kernel is measured again.
        steps: usize = 100, in 1..=100_000;
    }
}

row! {
    /// One quantity at one width, over draws.
    struct Point {
        /// error: ‖K_m − K‖/‖K‖; relu_change and tanh_change: ‖K_T − K_0‖/‖K_0‖ over training; relu_moved:
        /// ‖W_T − W_0‖/‖W_0‖ (Frobenius norms)
        quantity: &'static str;
        /// hidden units m a layer
        width: usize;
        /// root mean square over draws
        measured: Estimate, and se "standard error of measured";
        /// exact root mean square c/√m; empty where only the exponent is known
        predicted: Option<f64>;
    } beside {
        /// The mean square over draws.
        square: Estimate;
    }
}

/// One network.
struct OneDraw {
    error: f64,
    /// What training changes, in the order of [`CHANGES`] and relative to what was there.
    changes: Option<[f64; 3]>,
    /// K_a and K_b at the start, with one hidden layer and the largest width.
    halves: Option<[Array2<f64>; 2]>,
}

impl Study for NtkConvergence {
    const ABOUT: About = About {
        id: "ntk_convergence",
        title: "The tangent kernel of a finite network: how near to its limit, how still in training",
        what: "Draws ReLU networks of growing width in the scaling (1/√m) Σ b σ(a·x), computes their tangent kernel from \
               thin factors and compares it with the closed form of infinite width. Then trains them, and networks \
               with tanh units, and measures how much the kernel has changed.",
        slide: "CMSC 828W: \"Neural Tangent Kernels (NTKs)\", the law of large numbers for K_m(x, x'); after Jacot, Gabriel & \
                Hongler 2018, arXiv:1806.07572",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let rng = &mut stream(seed, "inputs", 0);
        let x = unit_sphere(self.n, self.input_dim, rng)?;
        let data = Dataset::new(x, random_signs(self.n, rng)?)?;
        let exact = match self.depth {
            1 => Some(two_layer_ntk(&data.x, &data.x)?),
            _ => None,
        };
        let limit = Kernel::ReluNtk {
            hidden_layers: self.depth,
        };
        let limit = limit.matrix(&data.x, &data.x)?;
        let drawn = context.sweep(
            "networks",
            &self.widths,
            self.draws,
            seed,
            |&width, draw| self.one_draw(&data, &limit, width, draw),
        )?;
        self.findings(&drawn, exact.as_ref())
    }
}

impl NtkConvergence {
    fn one_draw(
        &self,
        data: &Dataset,
        limit: &Array2<f64>,
        width: usize,
        draw: Draw,
    ) -> Result<OneDraw> {
        let place = draw.index as usize / self.draws;
        let net = |activation, label| {
            let shape = (self.input_dim, width, 1);
            network::<f64>(shape, self.depth, activation, &mut draw.rng(label))
        };
        let relu = net(Activation::Relu, "relu weights")?;
        let start = relu.tangent_gram(&data.x, KernelForm::Trace)?;
        let changes = match draw.index as usize % self.draws < self.trained {
            false => None,
            true => {
                let (change, moved) = self.change(&relu, data, &start)?;
                let tanh = net(Activation::Tanh, "tanh weights")?;
                let tanh_start = tanh.tangent_gram(&data.x, KernelForm::Trace)?;
                Some([change, self.change(&tanh, data, &tanh_start)?.0, moved])
            }
        };
        let halves = match self.depth == 1 && place + 1 == self.widths.len() {
            false => None,
            true => {
                let layers = relu.output_gradients(&data.x, 0)?.layers;
                let half = |index: usize| {
                    let layers = vec![layers[index].clone()];
                    let one = PerExample { layers };
                    one.inner_products(&one)
                };
                Some([half(0)?, half(1)?])
            }
        };
        Ok(OneDraw {
            error: relative_distance(&start, limit),
            halves,
            changes,
        })
    }

    /// By how much training changes the kernel and the weights, relative to their norms.
    fn change(&self, net: &Mlp, data: &Dataset, start: &Array2<f64>) -> Result<(f64, f64)> {
        let eta = 0.5 / extremes(start)?.0;
        let trained = train_wide(net, data, eta, self.steps, &[])?.net;
        let end = trained.tangent_gram(&data.x, KernelForm::Trace)?;
        let norm = |parts: Vec<f64>| parts.iter().map(|v| v * v).sum::<f64>().sqrt();
        let moved = norm(trained.weight_distances(net)?) / norm(net.weight_norms());
        Ok((relative_distance(&end, start), moved))
    }

    /// One quantity by width.
    fn curve(
        &self,
        quantity: &'static str,
        drawn: &[Vec<OneDraw>],
        of: impl Fn(&OneDraw) -> Option<f64>,
    ) -> Result<Vec<Point>> {
        let point = |(&width, draws): (&usize, &Vec<OneDraw>)| {
            let squares: Vec<f64> = draws.iter().filter_map(&of).map(|v| v.powi(2)).collect();
            Ok(Point {
                quantity,
                width,
                measured: root_mean_square(&squares)?,
                predicted: None,
                square: Estimate::from_values(&squares)?,
            })
        };
        self.widths.iter().zip(drawn).map(point).collect()
    }

    fn findings(&self, drawn: &[Vec<OneDraw>], exact: Option<&TwoLayerNtk>) -> Result<Findings> {
        let change = |of: usize| {
            let name = CHANGES[of].0;
            self.curve(name, drawn, |draw| draw.changes.map(|changes| changes[of]))
        };
        let mut errors = self.curve("error", drawn, |draw| Some(draw.error))?;
        let changes = [change(0)?, change(1)?, change(2)?];
        let constant = exact.map(|ntk| ntk.relative_error(1));
        for point in &mut errors {
            point.predicted = constant.map(|c| c / (point.width as f64).sqrt());
        }
        let draws = Some(self.draws);
        let slope = law(&errors)?;
        let mut found = Findings::of(errors.iter().chain(changes.iter().flatten()))
            .measure("slope", slope.exponent)
            .measure("slope_se", slope.se);
        if let (Some(ntk), Some(c), [.., widest]) = (exact, constant, drawn) {
            let ([first, second], entries) = monte_carlo(ntk, widest)?;
            let half = |text: &str, distance| {
                let text =
                    format!("{text}, entry by entry: mean over the draws of the widest network");
                Claim::largest_within(&text, distance, entries, LEVEL, draws)
            };
            found = found
                .measure("constant", c)
                .claim(half("K_a = x·x'(π − θ)/(2π), first layer", first)?)
                .claim(half(
                    "K_b = ‖x‖‖x'‖(sin θ + (π − θ) cos θ)/(2π), second layer",
                    second,
                )?)
                .claim(Claim::all_within(
                    "mean square of ‖K_m − K‖/‖K‖ against its exact value c²/m, at every width",
                    errors
                        .iter()
                        .map(|p| p.square.distance(c * c / p.width as f64)),
                    LEVEL,
                    draws,
                )?);
        }
        // With more layers the bias of order 1/m bends the line at small widths.
        let bend = if self.depth == 1 { 0.0 } else { 0.05 };
        found = found.claim(Claim::mean_equals(
            "‖K_m − K‖/‖K‖ falls as 1/√m: slope of ln error by ln m",
            -0.5,
            slope.slope(),
            bend,
            LEVEL,
        )?);
        let texts = [
            "ReLU: training changes the kernel by m^(−3/4), as some √m units switch on or off at \
             random (trend): slope, nearer to it than to its neighbours −1/2 and −1",
            "tanh: training changes the kernel by 1/m (trend): slope, nearer to −1 than to −3/4",
            "ReLU: every weight moves by 1/√m of itself (trend): slope, nearer to −1/2 than to −3/4",
        ];
        for ((text, (.., predicted, name)), points) in texts.into_iter().zip(CHANGES).zip(&changes)
        {
            let slope = law(points)?.slope();
            found = found
                .claim(Claim::mean_equals(text, predicted, slope, NEARER, LEVEL)?)
                .against(0.0, "a change that stays")
                .measured_as(name);
        }
        Ok(found.figure(self.figure(&errors, &changes, constant)))
    }

    fn figure(&self, errors: &[Point], changes: &[Vec<Point>; 3], c: Option<f64>) -> Figure {
        let panel = |y, title| Panel::new("hidden units m", y).title(title).log_x().log_y();
        let marks = |panel: Panel, name: &str, color: usize, points: &[Point]| {
            panel
                .points_of(name, points, |p| p.width as f64, |p| p.measured.mean)
                .color(color)
                .error_bars_of(points, |p| p.measured.bar(2.0))
        };
        let (name, first) = match c {
            Some(c) => ("exact, c/√m", c / (self.widths[0] as f64).sqrt()),
            None => ("slope −1/2", errors[0].measured.mean),
        };
        let error = panel("‖K_m − K‖ / ‖K‖", "before training");
        let error = guide(error, name, &self.widths, -0.5, first).color(6);
        let mut change = panel("relative change", "over training");
        for ((_, words, color, exponent, _), points) in CHANGES.into_iter().zip(changes) {
            let first = points[0].measured.mean;
            change = guide(change, "", &self.widths, exponent, first)
                .color(color)
                .dashed()
                .width(1.0);
            change = marks(change, words, color, points);
        }
        Figure::new("The tangent kernel of a finite network")
            .panel(marks(error, "networks, ± 2 s.e.", 0, errors))
            .panel(change)
            .caption(
                "Dashed: the predicted slopes −1/2 (weights), −3/4 (kernel, ReLU) and −1 (kernel, \
                 tanh) from the first point.",
            )
    }
}

fn law(points: &[Point]) -> Result<PowerLaw> {
    PowerLaw::of(points, |p| p.width as f64, |p| p.measured)
}

/// The largest distances of the mean K_a and K_b from their closed forms, in s.e., over all entries on and above the
/// diagonal, and how many these are.
fn monte_carlo(ntk: &TwoLayerNtk, draws: &[OneDraw]) -> Result<([f64; 2], usize)> {
    let n = ntk.first.nrows();
    let mut distance = [0.0_f64; 2];
    for (half, limit) in [&ntk.first, &ntk.second].into_iter().enumerate() {
        for i in 0..n {
            for j in i..n {
                let halves = draws.iter().filter_map(|draw| draw.halves.as_ref());
                let values: Vec<f64> = halves.map(|halves| halves[half][[i, j]]).collect();
                let off = Estimate::from_values(&values)?.distance(limit[[i, j]]);
                distance[half] = larger(distance[half], off);
            }
        }
    }
    Ok((distance, n * (n + 1) / 2))
}

//! Bounds by the norms of trained networks, along the number of training examples: the norms grow with it.

use crate::data::{Dataset, Source, one_hot, train_test_split};
use crate::error::{Error, Result};
use crate::experiment::sizes::share_out;
use crate::experiment::{About, Claim, Context, Findings, Study, row, settings};
use crate::fit::train::{Outcome, TrainSettings, evaluate, train};
use crate::measure::complexity::{Norms, margin_percentile, path_norm};
use crate::model::{Loss, Mlp32, MlpSettings};
use crate::optimise::Optimiser;
use crate::plot::{Figure, LegendPosition, Panel};
use crate::rng::stream;
use crate::stats::{Estimate, least};

settings! {
    /// Settings of `norm_bound_growth`.
    pub struct NormBoundGrowth {
        /// The largest number n of training images.
        n: usize = 2048, quick 512, in 40..=50_000;
        /// How often it is halved, for the smaller ones; down to 20 images at most.
        halvings: usize = 5, quick 2, in 1..=10;
        /// Test images, the same for all networks.
        test: usize = 4000, quick 1000, in 50..=50_000;
        /// Hidden units.
        width: usize = 128, quick 64, in 1..=1024;
        /// Hidden layers.
        depth: usize = 2, in 1..=8;
        /// Learning rate of SGD with momentum 0.9.
        learning_rate: f64 = 0.05, in 1e-6..=10.0;
        /// Examples a step.
        batch: usize = 32, in 1..=10_000;
        /// Training stops where the mean cross-entropy of the training images is at most this.
        target: f64 = 0.01, in 1e-4..=1.0;
        /// Epochs after which training stops anyway.
        epochs: usize = 1000, in 1..=100_000;
        /// Networks at each n, each with its own images.
        draws: usize = 6, quick 3, in 2..=1000;
    }
}

row! {
    /// The networks of one number of images.
    struct Point {
        /// training images
        n: usize;
        /// share of networks that reached the target
        reached: f64;
        /// share of test images classified wrongly
        test_error: Estimate, and test_se "its standard error";
        /// 10th percentile of the margins of the training images
        margin: Estimate, and margin_se "its standard error";
        /// spectral complexity · root mean square length of an image/(margin · √n)
        spectral: Estimate, and spectral_se "its standard error";
        /// path norm · the same/(margin · √n)
        path: Estimate, and path_se "its standard error";
        /// distance ‖W − W⁰‖_F from the initial weights
        distance: Estimate, and distance_se "its standard error";
    }
}

/// One network.
struct Run {
    reached: bool,
    test_error: f64,
    margin: f64,
    spectral: f64,
    path: f64,
    distance: f64,
}

impl Study for NormBoundGrowth {
    const ABOUT: About = About {
        id: "norm_bound_growth",
        title: "Bounds by norms, along the number of training examples",
        what: "Trains ReLU networks without biases on more and more digits, all to the same cross-entropy, and computes \
               what bounds by norms divide by √n: the spectral complexity and the path norm over the margin. These grow \
               with n, so that the bounds do not fall as 1/√n, and say nothing all along, while the test error falls.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Generalization bounds vs. #training data\"; after \
                Nagarajan & Kolter 2019, arXiv:1902.04742",
        columns: Point::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        let images = data.load()?;
        let words = format!("the images of {}", images.name);
        share_out(self, &[("n", 1), ("test", 1)], images.len(), &words)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let images = context.data.load()?;
        let all = Dataset::new(
            images.pixels.mapv(|pixel| f64::from(pixel) / 255.0),
            one_hot(&images.labels, images.classes)?,
        )?;
        let halved = (0..=self.halvings).rev().map(|times| self.n >> times);
        let sizes: Vec<usize> = halved.filter(|n| *n >= 20).collect();
        let rng = &mut stream(seed, "test images", 0);
        let split = train_test_split(all.len(), all.len() - self.test, self.test, rng)?;
        let (test, pool) = (all.select(&split.test)?, all.select(&split.train)?);
        let runs = context.sweep("networks", &sizes, self.draws, seed, |&n, draw| {
            let rows = train_test_split(pool.len(), n, 0, &mut draw.rng("images"))?;
            self.network(&pool.select(&rows.train)?, &test, &mut draw.rng("network"))
        })?;
        let points = sizes.iter().zip(&runs).map(|(&n, runs)| {
            let reached = runs.iter().filter(|run| run.reached).count();
            let of = |part: fn(&Run) -> f64| Estimate::of(runs, part);
            Ok(Point {
                n,
                reached: reached as f64 / runs.len() as f64,
                test_error: of(|run| run.test_error)?,
                margin: of(|run| run.margin)?,
                spectral: of(|run| run.spectral)?,
                path: of(|run| run.path)?,
                distance: of(|run| run.distance)?,
            })
        });
        let points = points.collect::<Result<Vec<Point>>>()?;
        Ok(self.findings(&points, images.is_mnist()))
    }
}

impl NormBoundGrowth {
    fn network(&self, data: &Dataset, test: &Dataset, rng: &mut crate::rng::Rng) -> Result<Run> {
        let hidden = std::iter::repeat_n(self.width, self.depth);
        let (d, k) = (data.x.ncols(), data.y.ncols());
        let sizes: Vec<usize> = std::iter::once(d).chain(hidden).chain([k]).collect();
        let shape = MlpSettings {
            biases: false,
            ..MlpSettings::of_sizes(&sizes)
        };
        let start = Mlp32::new(&shape, rng)?;
        let settings = TrainSettings {
            optimiser: Optimiser::momentum(0.9),
            learning_rate: self.learning_rate,
            batch: self.batch,
            epochs: self.epochs,
            target_loss: Some(self.target),
            ..TrainSettings::default()
        };
        let trained = train(&start, data, None, &settings, rng)?;
        let outputs = trained
            .net
            .forward(&data.x.mapv(|x| x as f32))?
            .mapv(f64::from);
        let margin = margin_percentile(&outputs, &data.y)?;
        if margin <= 0.0 {
            let expected = "above 0: allow more epochs";
            return Err(Error::domain(
                "the 10th percentile of the margins",
                expected,
                margin,
            ));
        }
        let norms = Norms::of(&trained.net, Some(&start))?;
        // Σ‖x‖²/n, and √n.
        let n = data.len() as f64;
        let length = (data.x.iter().map(|x| x * x).sum::<f64>() / n).sqrt();
        let scale = length / (margin * n.sqrt());
        Ok(Run {
            reached: matches!(trained.outcome, Outcome::ReachedTarget { .. }),
            test_error: evaluate(&trained.net, test, Loss::CrossEntropy)?
                .error
                .unwrap_or(f64::NAN),
            margin,
            spectral: norms.spectral_complexity() * scale,
            path: path_norm(&trained.net)? * scale,
            distance: norms.squared_distance().sqrt(),
        })
    }

    fn findings(&self, points: &[Point], mnist: bool) -> Findings {
        let (first, last) = (&points[0], &points[points.len() - 1]);
        let times = |of: fn(&Point) -> &Estimate| of(last).mean / of(first).mean;
        let (spectral, path) = (times(|p| &p.spectral), times(|p| &p.path));
        let growth = (last.n as f64 / first.n as f64).sqrt();
        Findings::of(points)
            .measure("growth_of_root_n", growth)
            .measure("growth_of_spectral_bound", spectral)
            .measure("growth_of_path_bound", path)
            .measure("growth_of_distance", times(|p| &p.distance))
            .measure("first_spectral_bound", first.spectral.mean)
            .measure("last_spectral_bound", last.spectral.mean)
            .measure("first_test_error", first.test_error.mean)
            .measure("last_test_error", last.test_error.mean)
            .claim(
                Claim::equals(
                    "every network reaches the target cross-entropy (trend): share",
                    1.0,
                    least(points.iter().map(|point| point.reached)),
                    0.0,
                )
                .trend(mnist),
            )
            .claim(
                Claim::less_than(
                    "more images, fewer errors (trend): test error at the last n over that at the first",
                    1.0,
                    times(|p| &p.test_error),
                    0.0,
                )
                .trend(mnist),
            )
            .claim(
                Claim::greater_than(
                    "what stands over √n in the bound grows with n (trend): spectral complexity/margin, last over first",
                    1.0,
                    spectral * growth,
                    0.0,
                )
                .trend(mnist),
            )
            .headline()
            .measured_as("growth_of_spectral_complexity")
            .claim(
                Claim::greater_than(
                    "what stands over √n in the other bound grows with n too (trend): path norm/margin, last over first",
                    1.0,
                    path * growth,
                    0.0,
                )
                .trend(mnist),
            )
            .measured_as("growth_of_path_norm")
            .claim(
                Claim::greater_than(
                    "the bound by spectral complexity says nothing at any n (trend): least bound, where 1 is vacuous",
                    1.0,
                    least(points.iter().map(|point| point.spectral.mean)),
                    0.0,
                )
                .trend(mnist),
            )
            .figure(Self::figure(points))
    }

    fn figure(points: &[Point]) -> Figure {
        let n = |point: &Point| point.n as f64;
        let errors = Panel::new("training images n", "test error")
            .title("what happens")
            .log_x()
            .log_y()
            .points_of("", points, n, |point| point.test_error.mean)
            .error_bars_of(points, |point| point.test_error.bar(2.0));
        let bounds = Panel::new("training images n", "norm · ‖x‖/(margin · √n)")
            .title("what bounds by norms say")
            .log_x()
            .log_y()
            .points_of("spectral complexity", points, n, |point| {
                point.spectral.mean
            })
            .error_bars_of(points, |point| point.spectral.bar(2.0))
            .points_of("path norm", points, n, |point| point.path.mean)
            .error_bars_of(points, |point| point.path.bar(2.0))
            .horizontal(1.0, "vacuous above")
            .legend(LegendPosition::Below);
        Figure::new(Self::ABOUT.title).panel(errors).panel(bounds).caption(
            "Means over networks, each with its own images, with 2 standard errors. Constants and logarithms of the bounds are left \
             out.",
        )
    }
}

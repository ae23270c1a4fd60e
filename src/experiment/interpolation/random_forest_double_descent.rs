//! Random forests on digits: first more leaves, then more trees.

mod draw;
mod figure;
mod points;

use crate::data::Source;
use crate::error::{Error, Result};
use crate::experiment::problems::noisy_digits::{Design, NoisyDigits, fitted};
use crate::experiment::{About, Claim, Context, Findings, Study};
use crate::stats::{Estimate, largest, least, least_by, mean};
use draw::OneDraw;
pub use draw::RandomForestDoubleDescent;
use figure::figure;
use points::Point;

/// The chance that one claim fails although theory is right.
const LEVEL: f64 = 1e-3;

impl Study for RandomForestDoubleDescent {
    const ABOUT: About = About {
        id: "random_forest_double_descent",
        title: "Random forests: more leaves, then more trees",
        what: "Grows one regression tree on noisy MNIST digits leaf by leaf until it fits every label, and then averages more and \
               more such trees. The test error falls, rises and falls again. The second descent is that of an average: with T trees \
               the error is c + (e − c)/T. Where all sizes of tree are averaged, there is no peak.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Double descent curve in practice (I)\": \
                \"random features, random forest, and shallow neural networks\"; after Belkin, Hsu, Ma & Mandal 2019, arXiv:1812.11118",
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
            label_noise: self.label_noise,
            pool: self.pool,
        };
        let digits = NoisyDigits::new(&context.data, design, seed)?;
        if self.features > digits.sizes().0 {
            let expected = format!("at most {}, the pixels", digits.sizes().0);
            return Err(Error::domain("the features", expected, self.features));
        }
        let leaves = self.leaves();
        let draws = context.draws("draws", self.draws, seed, |draw| {
            self.one_draw(&digits.draw(draw.index)?.train, &digits.test, &leaves, draw)
        })?;
        self.findings(&leaves, &draws, digits.mnist)
    }
}

impl RandomForestDoubleDescent {
    fn points(&self, leaves: &[usize], draws: &[OneDraw]) -> Result<Vec<Point>> {
        let point = |axis, leaves, trees, of: &dyn Fn(&OneDraw) -> draw::Scores| -> Result<Point> {
            Ok(Point {
                axis,
                leaves,
                trees,
                test_mse: Estimate::of(draws, |d| of(d).mse)?,
                test_error: Estimate::of(draws, |d| of(d).error)?,
                train_mse: mean(draws.iter().map(|d| of(d).train_mse)),
            })
        };
        let mut points = Vec::new();
        for (at, &leaves) in leaves.iter().enumerate() {
            points.push(point("leaves", leaves, 1, &|d| d.by_leaves[at])?);
        }
        for (at, &leaves) in leaves.iter().enumerate() {
            points.push(point("forest_leaves", leaves, self.trees, &|d| {
                d.forest_by_leaves[at]
            })?);
        }
        for at in 0..self.trees {
            points.push(point("trees", self.n, at + 1, &|d| d.by_trees[at])?);
        }
        Ok(points)
    }

    fn findings(&self, leaves: &[usize], draws: &[OneDraw], mnist: bool) -> Result<Findings> {
        let points = self.points(leaves, draws)?;
        let over = |of: &dyn Fn(usize, &OneDraw) -> f64| -> Result<Estimate> {
            let each = draws.iter().enumerate();
            Estimate::from_values(&each.map(|(i, d)| of(i, d)).collect::<Vec<f64>>())
        };
        // The best number of leaves for a draw is chosen by the others.
        let best: Vec<usize> = (0..draws.len())
            .map(|own| {
                let others = |at: usize| -> f64 {
                    let rest = draws.iter().enumerate().filter(|(i, _)| *i != own);
                    rest.map(|(_, d)| d.by_leaves[at].mse).sum()
                };
                least_by(0..leaves.len(), |&at| others(at))
                    .expect("settings have a number of leaves, and trees have finite errors")
            })
            .collect();
        let valley = |i: usize, d: &OneDraw| d.by_leaves[best[i]].mse;
        let single = |d: &OneDraw| d.by_trees[0].mse;
        let forest = |d: &OneDraw| d.by_trees[self.trees - 1].mse;
        let law = |count: usize| {
            let off = |_: usize, d: &OneDraw| d.by_trees[count - 1].mse - d.law(count);
            Ok(over(&off)?.distance(0.0))
        };
        let distances = (1..=self.trees).map(law).collect::<Result<Vec<f64>>>()?;
        let last = over(&|_, d| forest(d))?;
        let off = over(&|_, d| forest(d) - d.law(self.trees))?;
        let positive = |text: &str, of: &dyn Fn(usize, &OneDraw) -> f64| -> Result<Claim> {
            Ok(Claim::positive(text, over(of)?, LEVEL)?.trend(mnist))
        };
        let full = leaves.len() - 1;
        Ok(Findings::of(points.iter())
            .claim(Claim::equals(
                "a tree grown out gives every training label back, wrong ones too: largest training error",
                0.0,
                largest(draws.iter().map(|d| d.by_trees[0].train_mse)),
                0.0,
            ))
            .identity()
            .claim(Claim::equals(
                "the error of an average of trees is their mean error less their mean squared distance from it: largest \
                 relative gap",
                0.0,
                largest(draws.iter().map(|d| d.gap)),
                1e-12,
            ))
            .identity()
            .claim(Claim::all_within(
                "T trees have the error c + (e − c)/T, with e that of one and c the mean product of the errors of two, both from \
                 other trees on the same digits, at every T",
                distances,
                LEVEL,
                Some(self.draws),
            )?)
            .claim(Claim::mean_equals(
                &format!("T = {}: c + (e − c)/T", self.trees),
                over(&|_, d| d.law(self.trees))?.mean,
                Estimate {
                    mean: last.mean,
                    ..off
                },
                0.0,
                LEVEL,
            )?)
            .against(over(&|_, d| single(d))?.mean, "one tree")
            .claim(positive(
                "one tree: past its best number of leaves the test error rises (trend): grown out less best, chosen by the other \
                 draws",
                &|i, d| single(d) - valley(i, d),
            )?)
            .claim(positive(
                "trees grown out: more of them have less error (trend): one less all",
                &|_, d| single(d) - forest(d),
            )?)
            .claim(positive(
                "trees grown out and averaged end below the best single tree (trend)",
                &|i, d| valley(i, d) - forest(d),
            )?)
            .headline()
            .claim(positive(
                "averaged at every size, trees gain from leaves that a single one had better not grow (trend): all trees at the \
                 leaves best for one, less all trees grown out",
                &|i, d| d.forest_by_leaves[best[i]].mse - d.forest_by_leaves[full].mse,
            )?)
            .measure("valley_leaves", {
                let one = points.iter().filter(|p| p.axis == "leaves");
                least_by(one, |p| p.test_mse.mean).map_or(f64::NAN, |p| p.leaves as f64)
            })
            .measure("single_rise", rise(&points, "leaves"))
            .measure("forest_rise", rise(&points, "forest_leaves"))
            .measure("valley_mse", over(&valley)?.mean)
            .measure("single_mse", over(&|_, d| single(d))?.mean)
            .measure("forest_mse", last.mean)
            .measure("limit_mse", over(&|_, d| d.product)?.mean)
            .measure("single_error", over(&|_, d| d.by_trees[0].error)?.mean)
            .measure("forest_error", over(&|_, d| d.by_trees[self.trees - 1].error)?.mean)
            .measure("grown_leaves", mean(draws.iter().map(|d| d.grown)))
            .figure(figure(self, &points)))
    }
}

/// How far the error of trees grown out is above the least by leaves, as a share of it.
fn rise(points: &[Point], axis: &str) -> f64 {
    let errors = points.iter().filter(|p| p.axis == axis);
    let errors: Vec<f64> = errors.map(|p| p.test_mse.mean).collect();
    errors
        .last()
        .map_or(f64::NAN, |last| last / least(&errors) - 1.0)
}

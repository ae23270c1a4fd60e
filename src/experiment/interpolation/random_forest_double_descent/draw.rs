//! One training set: its trees, and the averages of more and more of them.

use ndarray::Array2;

use crate::data::Dataset;
use crate::error::Result;
use crate::experiment::{Draw, settings};
use crate::fit::{Tree, TreeSettings};
use crate::model::classification_error;

settings! {
    /// Settings of `random_forest_double_descent`.
    pub struct RandomForestDoubleDescent {
        /// Training digits a draw.
        n: usize = 600, quick 250, in 20..=5000;
        /// Share of training labels changed to another class.
        label_noise: f64 = 0.1, in 0.0..=0.8;
        /// Pixels tried at each split.
        features: usize = 14, quick 7, in 1..=1000;
        /// Trees that are averaged in the end; as many others predict their error.
        trees: usize = 20, quick 12, in 2..=500;
        /// Draws of training set and trees.
        draws: usize = 10, in 4..=1000;
        /// Side of the squares of pixels that are averaged: 2 makes 14 × 14 of 28 × 28.
        pool: usize = 2, quick 4, in 1..=28;
        /// Test digits, the same in every draw.
        test: usize = 1000, quick 500, in 10..=5000;
    }
}

/// One size of model.
#[derive(Clone, Copy)]
pub(super) struct Scores {
    pub mse: f64,
    /// Share of test digits read wrongly.
    pub error: f64,
    pub train_mse: f64,
}

/// One draw.
pub(super) struct OneDraw {
    /// One tree, at each number of leaves.
    pub by_leaves: Vec<Scores>,
    /// The average of all trees, at each number of leaves.
    pub forest_by_leaves: Vec<Scores>,
    /// The average of the first 1, 2, … trees grown out.
    pub by_trees: Vec<Scores>,
    /// e: the mean error of the other trees.
    pub alone: f64,
    /// c: the mean product of the errors of two of them.
    pub product: f64,
    /// Error of the average + mean squared distance from it, against the mean error: relative gap.
    pub gap: f64,
    /// Leaves of a tree grown out, a mean.
    pub grown: f64,
}

impl OneDraw {
    /// What the other trees predict for the average of `count` trees.
    pub(super) fn law(&self, count: usize) -> f64 {
        self.product + (self.alone - self.product) / count as f64
    }
}

impl RandomForestDoubleDescent {
    /// 1, 2, 3, 4, 6, 8, …, n.
    pub(super) fn leaves(&self) -> Vec<usize> {
        let at = |i: i32| 2f64.powf(f64::from(i) / 2.0).round() as usize;
        let mut leaves: Vec<usize> = (0..40).map(at).take_while(|l| *l < self.n).collect();
        leaves.push(self.n);
        leaves.dedup();
        leaves
    }

    pub(super) fn one_draw(
        &self,
        train: &Dataset,
        test: &Dataset,
        leaves: &[usize],
        draw: Draw,
    ) -> Result<OneDraw> {
        let settings = TreeSettings {
            max_leaves: self.n,
            features: self.features,
        };
        let grow = |index: usize| {
            let rng = &mut draw.rng(&format!("tree {index}"));
            Tree::grow(&train.x, &train.y, &settings, rng)
        };
        let trees = (0..self.trees).map(grow).collect::<Result<Vec<Tree>>>()?;
        let others = (self.trees..2 * self.trees).map(grow);
        let others = others.map(|tree| tree?.predict(&test.x, self.n));
        let others = others.collect::<Result<Vec<Array2<f64>>>>()?;
        let score = |on_test: &Array2<f64>, on_train: &Array2<f64>| -> Result<Scores> {
            Ok(Scores {
                mse: square(&(on_test - &test.y)),
                error: classification_error(on_test, &test.y)?,
                train_mse: square(&(on_train - &train.y)),
            })
        };
        let both = |tree: &Tree, leaves: usize| -> Result<[Array2<f64>; 2]> {
            Ok([
                tree.predict(&test.x, leaves)?,
                tree.predict(&train.x, leaves)?,
            ])
        };
        let mut found = OneDraw {
            by_leaves: Vec::new(),
            forest_by_leaves: Vec::new(),
            by_trees: Vec::new(),
            alone: others.iter().map(|f| square(&(f - &test.y))).sum::<f64>() / others.len() as f64,
            product: 0.0,
            gap: 0.0,
            grown: trees.iter().map(|t| t.leaves() as f64).sum::<f64>() / trees.len() as f64,
        };
        let count = others.len() as f64;
        let together = average(&others);
        let error = square(&(&together - &test.y));
        // The square of a sum of errors has every pair twice and every one alone once.
        found.product = (count * error - found.alone) / (count - 1.0);
        let spread = others.iter().map(|f| square(&(f - &together))).sum::<f64>() / count;
        found.gap = ((error + spread) / found.alone - 1.0).abs();
        for &leaves in leaves {
            let [on_test, on_train] = both(&trees[0], leaves)?;
            found.by_leaves.push(score(&on_test, &on_train)?);
            let all = trees.iter().map(|tree| both(tree, leaves));
            let all = all.collect::<Result<Vec<_>>>()?;
            let (on_test, on_train): (Vec<_>, Vec<_>) =
                all.into_iter().map(|[a, b]| (a, b)).unzip();
            found
                .forest_by_leaves
                .push(score(&average(&on_test), &average(&on_train))?);
        }
        let mut sums = both(&trees[0], self.n)?;
        found.by_trees.push(score(&sums[0], &sums[1])?);
        for (before, tree) in (1..).zip(&trees[1..]) {
            let [on_test, on_train] = both(tree, self.n)?;
            sums = [&sums[0] + &on_test, &sums[1] + &on_train];
            let share = 1.0 / f64::from(before + 1);
            found
                .by_trees
                .push(score(&(&sums[0] * share), &(&sums[1] * share))?);
        }
        Ok(found)
    }
}

fn average(of: &[Array2<f64>]) -> Array2<f64> {
    let mut sum = Array2::zeros(of[0].dim());
    of.iter().for_each(|f| sum += f);
    sum / of.len() as f64
}

/// The mean square of all entries.
fn square(a: &Array2<f64>) -> f64 {
    a.iter().map(|v| v * v).sum::<f64>() / a.len() as f64
}

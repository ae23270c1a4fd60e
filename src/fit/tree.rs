//! Regression trees that grow leaf by leaf, so that one growth serves every number of leaves.

mod split;

use std::collections::BinaryHeap;

use ndarray::{Array2, ArrayRef2, ArrayView1};

use super::{check_examples, check_filled};
use crate::error::{Error, Result};
use split::{candidate, sum};

/// How a tree grows.
#[derive(Clone, Copy, Debug)]
pub struct TreeSettings {
    /// Leaves at most; it ends sooner where every leaf has equal targets.
    pub max_leaves: usize,
    /// Coordinates tried at each split, drawn anew; further ones only while all tried are constant there.
    pub features: usize,
}

/// A regression tree, and every smaller one it was on the way.
#[derive(Clone, Debug)]
pub struct Tree {
    nodes: Vec<Node>,
    leaves: usize,
    inputs: usize,
}

#[derive(Clone, Debug)]
struct Node {
    /// The mean target of its training rows, k numbers.
    mean: Vec<f64>,
    split: Option<Split>,
}

#[derive(Clone, Debug)]
struct Split {
    feature: usize,
    /// Inputs up to it go left.
    threshold: f64,
    /// The left child; the right one follows it.
    left: usize,
    /// How many splits came before.
    order: usize,
}

impl Tree {
    /// Grows a tree for the squared error on inputs `x`, `(n, d)`, and targets `y`, `(n, k)`: again and again the split that
    /// lowers the training error most, among those each leaf found on coordinates drawn by `rng`.
    ///
    /// # Formula
    /// A leaf predicts the mean μ of its targets. Splitting n rows into n₁ and n₂ lowers Σ‖y − μ‖² by n₁‖μ₁‖² + n₂‖μ₂‖² −
    /// n‖μ‖². Thresholds are midway between neighbouring values.
    ///
    /// # Errors
    /// Empty, non-finite or mismatched arrays; no leaves; no features, or more than d.
    ///
    /// # Reference
    /// Breiman 2001, "Random forests", doi:10.1023/A:1010933404324.
    pub fn grow(
        x: &ArrayRef2<f64>,
        y: &ArrayRef2<f64>,
        settings: &TreeSettings,
        rng: &mut impl rand::Rng,
    ) -> Result<Self> {
        check_examples(x, y)?;
        if settings.max_leaves == 0 {
            return Err(Error::domain("the leaves of a tree", "at least 1", 0));
        }
        if !(1..=x.ncols()).contains(&settings.features) {
            let expected = format!("1 to {}", x.ncols());
            return Err(Error::domain(
                "the features tried",
                expected,
                settings.features,
            ));
        }
        let all: Vec<usize> = (0..x.nrows()).collect();
        let mut tree = Self {
            nodes: vec![leaf(y, &all)],
            leaves: 1,
            inputs: x.ncols(),
        };
        let mut heap = BinaryHeap::new();
        heap.extend(candidate(x, y, 0, all, settings.features, rng));
        while tree.leaves < settings.max_leaves {
            let Some(best) = heap.pop() else { break };
            let goes_left = |row: &usize| x[[*row, best.feature]] <= best.threshold;
            let (left, right): (Vec<usize>, Vec<usize>) =
                best.rows.into_iter().partition(goes_left);
            let at = tree.nodes.len();
            tree.nodes[best.node].split = Some(Split {
                feature: best.feature,
                threshold: best.threshold,
                left: at,
                order: tree.leaves - 1,
            });
            for (node, rows) in [(at, left), (at + 1, right)] {
                tree.nodes.push(leaf(y, &rows));
                heap.extend(candidate(x, y, node, rows, settings.features, rng));
            }
            tree.leaves += 1;
        }
        Ok(tree)
    }

    /// How many leaves it has.
    #[must_use]
    pub fn leaves(&self) -> usize {
        self.leaves
    }

    /// The predictions, `(t, k)`, for inputs `x`, `(t, d)`, of the tree as it was when it had `leaves` leaves, or of
    /// the whole one where it has fewer.
    ///
    /// # Errors
    /// Empty or non-finite inputs, or of another d; no leaves.
    pub fn predict(&self, x: &ArrayRef2<f64>, leaves: usize) -> Result<Array2<f64>> {
        check_filled("the inputs", x)?;
        if x.ncols() != self.inputs {
            let expected = format!("(t, {})", self.inputs);
            return Err(Error::shape("the inputs", expected, x.shape()));
        }
        if leaves == 0 {
            return Err(Error::domain("the leaves of a tree", "at least 1", 0));
        }
        let mut predictions = Array2::zeros((x.nrows(), self.nodes[0].mean.len()));
        for (mut out, row) in predictions.rows_mut().into_iter().zip(x.rows()) {
            out.assign(&ArrayView1::from(&self.leaf_of(row, leaves).mean));
        }
        Ok(predictions)
    }

    fn leaf_of(&self, row: ArrayView1<'_, f64>, leaves: usize) -> &Node {
        let mut node = &self.nodes[0];
        while let Some(split) = node.split.as_ref().filter(|s| s.order + 1 < leaves) {
            let right = usize::from(row[split.feature] > split.threshold);
            node = &self.nodes[split.left + right];
        }
        node
    }
}

fn leaf(y: &ArrayRef2<f64>, rows: &[usize]) -> Node {
    let mut mean = sum(y, rows);
    mean.iter_mut().for_each(|m| *m /= rows.len() as f64);
    Node { mean, split: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::rng::stream;
    use ndarray::array;

    fn grow(x: &Array2<f64>, y: &Array2<f64>, max_leaves: usize) -> Tree {
        let settings = TreeSettings {
            max_leaves,
            features: x.ncols(),
        };
        Tree::grow(x, y, &settings, &mut stream(1, "tree", 0)).expect("valid")
    }

    #[test]
    fn a_full_tree_gives_every_target_back_and_its_growth_is_nested() {
        let rng = &mut stream(1, "tree data", 0);
        let (x, y) = (
            gaussian(60, 4, rng).expect("valid"),
            gaussian(60, 2, rng).expect("valid"),
        );
        let full = grow(&x, &y, 60);
        assert_eq!(full.leaves(), 60);
        assert_eq!(full.predict(&x, 60).expect("valid"), y);
        let mut last = f64::INFINITY;
        for leaves in 1..=60 {
            // With all coordinates tried nothing is random, and a smaller tree is a beginning of the larger.
            let small = grow(&x, &y, leaves);
            let predictions = full.predict(&x, leaves).expect("valid");
            assert_eq!(predictions, small.predict(&x, leaves).expect("valid"));
            let error = (&predictions - &y).iter().map(|e| e * e).sum::<f64>();
            assert!(error < last, "{leaves} leaves: {error}");
            last = error;
        }
    }

    #[test]
    fn the_best_split_by_hand() {
        let x = array![[0.0, 5.0], [1.0, 5.0], [2.0, 5.0], [3.0, 5.0]];
        let y = array![[1.0], [1.0], [1.0], [9.0]];
        let tree = grow(&x, &y, 4);
        // Two leaves are pure: it ends there.
        assert_eq!(tree.leaves(), 2);
        let at = tree
            .predict(&array![[2.4, 0.0], [2.6, 0.0]], 9)
            .expect("valid");
        assert_eq!(at, array![[1.0], [9.0]]);
        assert_eq!(
            tree.predict(&array![[7.0, 0.0]], 1).expect("valid"),
            array![[3.0]]
        );
        // Equal inputs cannot be split.
        let same = grow(&array![[1.0], [1.0]], &array![[0.0], [1.0]], 2);
        assert_eq!(same.leaves(), 1);
        // Neither coordinate of an exclusive or helps at first.
        let x = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]];
        let y = array![[0.0], [1.0], [1.0], [0.0]];
        assert_eq!(grow(&x, &y, 4).predict(&x, 4).expect("valid"), y);
    }

    #[test]
    fn bad_input_is_an_error() {
        let (x, y) = (array![[1.0], [2.0]], array![[1.0], [3.0]]);
        let rng = &mut stream(1, "tree", 1);
        for (max_leaves, features) in [(0, 1), (2, 0), (2, 2)] {
            let settings = TreeSettings {
                max_leaves,
                features,
            };
            assert!(Tree::grow(&x, &y, &settings, rng).is_err());
        }
        let tree = grow(&x, &y, 2);
        assert!(tree.predict(&array![[1.0, 2.0]], 1).is_err());
        assert!(tree.predict(&x, 0).is_err());
    }
}

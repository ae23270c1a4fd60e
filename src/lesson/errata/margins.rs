//! Implicit bias on separable data, chapter 6.

use ndarray::{Array2, array};

use super::Erratum;
use crate::error::Result;
use crate::experiment::Claim;
use crate::fit::hard_margin;
use crate::optimise::{Adam, Optimiser, State};
use crate::stats::least;

pub(super) const ERRATA: &[Erratum] = &[
    Erratum {
        id: "separator_sign",
        chapter: 6,
        slide: "CMSC 828W, Lecture 4: \"l'(w^t x_i) > 0 and x_i^t w* < 0\". Both signs are the other way round: l' < 0, since the \
                loss falls, and w* (ŵ above) has every example on its side. The rows test the second.",
        claims: separator_sign,
    },
    Erratum {
        id: "adaptive_bias",
        chapter: 6,
        slide: "CMSC 828W, Lecture 4: \"Experimentally, Adam and Adagrad do not have implicit bias\". They have one, but not that of \
                gradient descent: Adam turns to the largest margin in ℓ∞ from wherever it starts. The rows test Adam; AdaGrad \
                is in a folded claim above.",
        claims: adaptive_bias,
    },
];

fn separator_sign(_seed: u64) -> Result<[Claim; 2]> {
    let z = array![[0.5, 1.5], [1.5, 0.3], [2.5, 1.0], [1.0, 3.0]];
    let svm = hard_margin(&z, &Array2::ones((4, 1)))?.expect("(1, 1) separates them");
    let margin = least(z.dot(&svm.weights));
    Ok([
        Claim::less_than("the least y_i x_i·w* is negative", 0.0, margin, 0.0),
        Claim::at_least("the least y_i x_i·w* is 1", 1.0, margin, 1e-9),
    ])
}

/// Adam on four points with the largest ℓ∞ margin at (1, 1), from two starts at a right angle. The loop is its own, the rule
/// that of `optimise`: two numbers, and no loss to look at.
///
/// # Reference
/// Zhang, Zou & Cao 2024, "The implicit bias of Adam on separable data", arXiv:2406.10650: with falling rates the ℓ∞ margin
/// becomes the largest.
fn adaptive_bias(_seed: u64) -> Result<[Claim; 2]> {
    let z = [[0.5, 1.0], [6.0, 1.0], [6.0, 1.5], [4.0, 2.0]];
    let direction = |start: [f64; 2]| {
        let rule = Optimiser::Adam(Adam {
            beta2: 0.99,
            epsilon: 1e-200,
            ..Adam::default()
        });
        let (mut w, mut state) = (start, State::new(rule, &start));
        for t in 1..=30_000_u32 {
            let mut gradient = [0.0; 2];
            for z in z {
                let share = 0.25 / (1.0 + (z[0] * w[0] + z[1] * w[1]).exp());
                gradient[0] -= share * z[0];
                gradient[1] -= share * z[1];
            }
            state.step(&mut w, &gradient, 0.1 / f64::from(t).sqrt());
        }
        w[1].atan2(w[0])
    };
    let apart = (direction([2.0, 0.0]) - direction([0.0, 2.0])).abs();
    let before = std::f64::consts::FRAC_PI_2;
    Ok([
        Claim::at_least(
            "without a bias two starts at a right angle stay apart: angle",
            before,
            apart,
            0.0,
        ),
        Claim::equals(
            "both turn to one direction: angle (nearer to 0 than to the right angle)",
            0.0,
            apart,
            0.5 * before,
        )
        .against(before, "no turn"),
    ])
}

//! Exercises of `01_risk_sgd_and_saddles`.

mod noise;
mod softmax;

use super::{Check, Exercise};

pub(super) use noise::{after_one, by_hand, drift, variance};
pub(super) use softmax::{slopes, sums};

pub(super) static EXERCISES: &[Exercise] = &[
    Exercise {
        name: "logit_gradient",
        chapter: "01_risk_sgd_and_saddles",
        title: "The gradient of cross-entropy by the logits",
        hints: &[
            "Write the loss as log Σ e^(f_j) − f_c and differentiate by one f_i.",
            "∂/∂f_i log Σ e^(f_j) = e^(f_i)/Σ e^(f_j), the softmax; the second part adds −1 at the class.",
            "Subtract the largest logit before the exponentials: that changes no softmax, and nothing overflows.",
        ],
        checks: &[
            Check {
                name: "slopes",
                about: "softmax(f) with 1 taken off at the class, on random logits of 2 to 8 classes",
                run: slopes,
            },
            Check {
                name: "sums",
                about: "the entries sum to 0; the same number added to all logits changes nothing",
                run: sums,
            },
        ],
    },
    Exercise {
        name: "escape_deviation",
        chapter: "01_risk_sgd_and_saddles",
        title: "How far noise has carried a run from a saddle",
        hints: &[
            "The noise of a step is independent of y: variances add.",
            "V after a step is (1 + α)² V + α² σ², from V = 0.",
            "Loop over the steps with V, and return its root.",
        ],
        checks: &[
            Check {
                name: "after_one",
                about: "one step from the saddle: α σ",
                run: after_one,
            },
            Check {
                name: "by_hand",
                about: "constant steps: ασ √(((1 + α)^2k − 1)/((1 + α)² − 1))",
                run: by_hand,
            },
        ],
    },
    Exercise {
        name: "langevin_step",
        chapter: "01_risk_sgd_and_saddles",
        title: "A step of Langevin dynamics",
        hints: &[
            "The gradient is multiplied by α, the noise by a root.",
            "Its variance in each coordinate is 2ατ: draw one standard normal number a coordinate.",
            "x[i] − α·gradient[i] + (2.0 * step * temperature).sqrt() * z, with a fresh z from StandardNormal.sample(rng).",
        ],
        checks: &[
            Check {
                name: "drift",
                about: "at temperature 0 a plain step; else one that follows the generator",
                run: drift,
            },
            Check {
                name: "variance",
                about: "the noise has variance 2ατ, whatever the step and the temperature",
                run: variance,
            },
        ],
    },
];

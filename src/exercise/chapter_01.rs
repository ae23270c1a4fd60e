//! Exercises of `01_risk_sgd_and_saddles`.

pub(super) mod methods;
mod noise;
mod softmax;

use super::{Check, Exercise};

use methods::{bound, first_step, first_steps, hovers, little_noise, memory, path};
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
    Exercise {
        name: "hovering_step",
        chapter: "01_risk_sgd_and_saddles",
        title: "The step that hovers at a given height",
        hints: &[
            "One step turns E x² = m into (1 − αλ)² m + α²σ². Hovering means that m stays m.",
            "Solve m = (1 − αλ)² m + α²σ² for m first, then for α; α = 0 is not the answer.",
            "Divide by α: 2λm = α(λ²m + σ²).",
        ],
        checks: &[
            Check {
                name: "hovers",
                about: "from 0, E x² by its recursion goes to the given square",
                run: hovers,
            },
            Check {
                name: "little_noise",
                about: "as the noise goes to 0 the step goes to 2/λ, where descent itself no longer converges",
                run: little_noise,
            },
        ],
    },
    Exercise {
        name: "nesterov_point",
        chapter: "01_risk_sgd_and_saddles",
        title: "Nesterov's method with growing momentum",
        hints: &[
            "Two points are kept: x_{k−1} and x_{k−2}. The gradient Ay − b is taken at a third, y, ahead of them.",
            "y = x_{k−1} + ((k−2)/(k+1))(x_{k−1} − x_{k−2}), then x_k = y − η(Ay − b), for k = 1, 2, …",
            "At k = 1 both points are 0, so y = 0 whatever the factor.",
        ],
        checks: &[
            Check {
                name: "first_steps",
                about: "no steps: 0; two steps are plain descent, the third has momentum ¼",
                run: first_steps,
            },
            Check {
                name: "bound",
                about: "f(x_k) − f* ≤ 2‖x*‖²/(η(k+1)²) where plain descent is above it",
                run: bound,
            },
        ],
    },
    Exercise {
        name: "amsgrad_path",
        chapter: "01_risk_sgd_and_saddles",
        title: "AMSGrad",
        hints: &[
            "m and v are Adam's running means of g and g². AMSGrad divides by the root of the largest v so far.",
            "u ← max(u, v), then x ← x − η m/√u. Everything begins at 0, nothing is corrected for that, and no ε is added.",
            "Before the first gradient that is not 0, m and u are 0: then x stays where it is.",
        ],
        checks: &[
            Check {
                name: "first_step",
                about: "one gradient, whatever its size: a step of η(1 − β₁)/√(1 − β₂) against it",
                run: first_step,
            },
            Check {
                name: "memory",
                about: "with β₁ = 0 a large gradient keeps all steps after it small: |step/gradient| never grows",
                run: memory,
            },
            Check {
                name: "path",
                about: "every place on the way, for random gradients and memories",
                run: path,
            },
        ],
    },
];

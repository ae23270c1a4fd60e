//! Exercises of `06_overparameterised_optimisation`.

pub(super) mod margins;

use margins::{conditions, descent, dual, rates};

use super::{Check, Exercise};

const CHAPTER: &str = "06_overparameterised_optimisation";

pub(super) static EXERCISES: &[Exercise] = &[
    Exercise {
        name: "late_loss",
        chapter: CHAPTER,
        title: "The loss after many steps",
        hints: &[
            "The mean loss of the limit is (1/n) Σ e^(−z_i·w) over the support vectors, w = ŵ ln t + ρ.",
            "With (η/n) e^(−z_i·ρ) = α_i a sum over the support is left: Σ α_i/(ηt).",
            "Σ α_i = ‖ŵ‖², and ‖ŵ‖ = 1/γ.",
        ],
        checks: &[
            Check {
                name: "descent",
                about: "one example at distance γ, 20,000 steps of gradient descent: their loss, within 2 %",
                run: descent,
            },
            Check {
                name: "rates",
                about: "twice the steps, or twice the rate: half the loss. Twice the margin: a quarter",
                run: rates,
            },
        ],
    },
    Exercise {
        name: "two_multipliers",
        chapter: CHAPTER,
        title: "The multipliers of two examples",
        hints: &[
            "If both support the margin, z₁·w = z₂·w = 1 with w = α₁z₁ + α₂z₂: two equations for α.",
            "A negative solution is forbidden: then one example supports alone. Which?",
            "Alone it has α = 1/‖z‖². The other has 0, and a margin of at least 1: it is the shorter example that supports.",
        ],
        checks: &[
            Check {
                name: "conditions",
                about: "α ≥ 0, margins of w = Σ α_i z_i at least 1, and exactly 1 where α_i > 0",
                run: conditions,
            },
            Check {
                name: "dual",
                about: "Σ α_i = ‖w‖²",
                run: dual,
            },
        ],
    },
];

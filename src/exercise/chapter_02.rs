//! Exercises of `02_adversarial_examples`.

pub(super) mod inputs;
pub(super) mod linear;
pub(super) mod steps;

use super::{Check, Exercise};

const CHAPTER: &str = "02_adversarial_examples";

pub(super) static EXERCISES: &[Exercise] = &[
    Exercise {
        name: "worst_margin",
        chapter: CHAPTER,
        title: "The worst margin of a linear model",
        hints: &[
            "δ changes the margin by y w·δ, whatever x is. What is the least of that over the ball?",
            "For p = ∞ every entry of δ is ±ε, against the sign of y w_j. For p = 1 all of ε goes into one entry. For p = 2 δ points straight against y w.",
            "m − ε‖w‖_q with 1/p + 1/q = 1: q = 1 for p = ∞, q = ∞ for p = 1, else q = p/(p − 1).",
        ],
        checks: &[
            Check {
                name: "corners",
                about: "p = ∞: the least over all corners of the cube around x, for both labels",
                run: linear::corners,
            },
            Check {
                name: "one_entry",
                about: "p = 1: the least over all changes of one entry by ±ε",
                run: linear::one_entry,
            },
            Check {
                name: "straight",
                about: "p = 2: what δ = −y ε w/‖w‖ leaves",
                run: linear::straight,
            },
        ],
    },
    Exercise {
        name: "least_perturbation",
        chapter: CHAPTER,
        title: "The least change that reaches the boundary",
        hints: &[
            "Which direction of length 1 changes w·x the most? The worst margin knows it for each of the three norms.",
            "With v that direction, w·v = ‖w‖_q. How far along v does w·x become 0?",
            "δ = −(w·x/‖w‖_q) v with v = sign(w) for p = ∞, w/‖w‖ for p = 2, and for p = 1 the sign of the largest |w_j| at one such j, 0 elsewhere.",
        ],
        checks: &[
            Check {
                name: "boundary",
                about: "w·(x + δ) = 0 for p = 1, 2 and ∞, from either side",
                run: linear::boundary,
            },
            Check {
                name: "shortest",
                about: "‖δ‖ is |w·x| over the dual norm of w: no shorter one gets there",
                run: linear::shortest,
            },
        ],
    },
];
pub(super) static EXERCISES: &[Exercise] = &[inputs::FREE_PIXELS, inputs::POISONED_PREDICTION];

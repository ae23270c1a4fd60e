//! Exercises of `02_adversarial_examples`.

pub(super) mod inputs;
pub(super) mod linear;
pub(super) mod steps;

use super::{Check, Exercise};

use steps::{allowed, best, linear as corner, nearest, one_entry};

pub(super) static EXERCISES: &[Exercise] = &[
    inputs::FREE_PIXELS,
    inputs::POISONED_PREDICTION,
    Exercise {
        name: "sign_step",
        chapter: "02_adversarial_examples",
        title: "The sign step that maximises the minoriser",
        hints: &[
            "Fix t first: among all points of the ball with ‖z − η‖∞ ≤ t, where is ⟨g, z − η⟩ largest? Each entry goes by itself.",
            "Each entry moves min(t, room) the way of its slope, so what is left is a function of t alone: Σ|g_i| min(t, room_i) − L t²/2. It is \
             concave.",
            "Its slope at t is the sum of |g_i| over the entries that still have room, less L t. Bisect for the t between 0 and 2ε where that \
             turns negative, then clip(η + t sign g) to [−ε, ε].",
        ],
        checks: &[
            Check {
                name: "one_entry",
                about: "one entry: |g|/L the way of its slope, or to the end of the ball",
                run: one_entry,
            },
            Check {
                name: "best",
                about: "inside the ball, and the surrogate is nowhere larger, at 400 points far and near",
                run: best,
            },
            Check {
                name: "linear",
                about: "with hardly any curvature: the corner that the gradient points to",
                run: corner,
            },
        ],
    },
    Exercise {
        name: "project_digit",
        chapter: "02_adversarial_examples",
        title: "The nearest image within the budget",
        hints: &[
            "Shortening the move to ε and clipping to [0, 1] are two projections one after the other: the result is allowed, but is it the \
             nearest? What clipping takes from some pixels, the others may use.",
            "With a multiplier for the ball every pixel goes by itself: z_i = clip(x_i + s·(moved_i − x_i)) with one s for all, 0 < s ≤ 1.",
            "The distance ‖z − x‖ grows with s. If s = 1 is within ε, that is the answer; else bisect for the s at which it is ε.",
        ],
        checks: &[
            Check {
                name: "allowed",
                about: "what is allowed stays; what only leaves [0, 1] is clipped",
                run: allowed,
            },
            Check {
                name: "nearest",
                about: "within ε and [0, 1], and no allowed image is nearer",
                run: nearest,
            },
        ],
    },
];

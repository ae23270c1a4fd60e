//! Exercises of `08_initialisation_and_lazy_training`.

mod propagation;
pub(super) mod training;

use propagation::{keeps, measured, normal, one_layer, variance};
use training::{
    direction, forgets, grows, length, recursion, short, small_eigenvalues, sums_to, tail,
};

use super::{Check, Exercise};

const CHAPTER: &str = "08_initialisation_and_lazy_training";

pub(super) static EXERCISES: &[Exercise] = &[
    Exercise {
        name: "he_weights",
        chapter: CHAPTER,
        title: "He's initialisation",
        hints: &[
            "A matrix (m, d) turns d inputs into m outputs. Which of the two numbers is the fan-in?",
            "The variance is 2/fan-in. A standard normal number times s has the variance s².",
            "Variance 2/fan-in, so a standard normal number times its root. Which of the two sizes is the fan-in?",
        ],
        checks: &[
            Check {
                name: "variance",
                about: "the entries have variance 2/inputs, in matrices of four shapes; another generator, other weights",
                run: variance,
            },
            Check {
                name: "normal",
                about: "their mean is 0, their fourth moment 3 V², and all of their law a normal one",
                run: normal,
            },
        ],
    },
    Exercise {
        name: "mean_square_at_depth",
        chapter: CHAPTER,
        title: "The mean square after many layers",
        hints: &[
            "Start with one layer: z = Σ_j W_j a_j has the mean square V Σ_j a_j². No ReLU came before it.",
            "Every later layer reads m units, m being the size of the layer before. Their mean square is half of E z² after a ReLU, and all of it in a linear network.",
            "One layer gives V₁‖a‖². Each further one multiplies by its variance, the units before it, and the share of the square that σ lets through.",
        ],
        checks: &[
            Check {
                name: "one_layer",
                about: "with one layer it is V ‖a‖²",
                run: one_layer,
            },
            Check {
                name: "keeps",
                about: "He's variances keep it with ReLU, LeCun's keep it in a linear network",
                run: keeps,
            },
            Check {
                name: "measured",
                about: "4,000 ReLU networks have it on average, within 7 standard errors",
                run: measured,
            },
        ],
    },
    Exercise {
        name: "growing_powers",
        chapter: CHAPTER,
        title: "Powers that grow before they vanish",
        hints: &[
            "For symmetric or orthogonal matrices ‖Aᵏ‖ is ρᵏ. You need a matrix whose eigenvectors are far from perpendicular, or one that has too few.",
            "Try A = [[ρ, c], [0, ρ]]. Both eigenvalues are ρ, whatever c is. What is the upper right entry of Aᵏ?",
            "For [[ρ, c], [0, ρ]] the corner of the k-th power is k ρ^(k−1) c. Choose c.",
        ],
        checks: &[
            Check {
                name: "small_eigenvalues",
                about: "the spectral radius is at most ρ, though ‖A‖ ≥ 1",
                run: small_eigenvalues,
            },
            Check {
                name: "grows",
                about: "and still ‖Aᵏ‖ ≥ factor, with a spectral radius of at most 1",
                run: grows,
            },
            Check {
                name: "forgets",
                about: "in the long run nothing is left: ‖A³⁰⁰‖ is tiny, though ‖A‖ ≥ 1",
                run: forgets,
            },
        ],
    },
    Exercise {
        name: "clip_by_norm",
        chapter: CHAPTER,
        title: "Clipping by norm",
        hints: &[
            "Only the length may change: the answer is g times one number, at most 1.",
            "That number is min(1, c/‖g‖). Mind g = 0.",
            "Scale g by limit over its length, if that is below 1.",
        ],
        checks: &[
            Check {
                name: "length",
                about: "a long gradient gets the length of the limit",
                run: length,
            },
            Check {
                name: "direction",
                about: "it keeps its direction",
                run: direction,
            },
            Check {
                name: "short",
                about: "a short one is left alone",
                run: short,
            },
        ],
    },
    Exercise {
        name: "running_mean_weights",
        chapter: CHAPTER,
        title: "What a running mean remembers",
        hints: &[
            "Follow one batch. When it arrives it gets the weight 1 − ρ. What does every later update do to it?",
            "It is multiplied by ρ once for every later batch: the oldest of T batches has T − 1 of them, the newest none.",
            "Batch t is multiplied by 1 − ρ once, and by ρ for every batch after it.",
        ],
        checks: &[
            Check {
                name: "recursion",
                about: "the weights give the running mean of the update rule, for random batches",
                run: recursion,
            },
            Check {
                name: "sums_to",
                about: "they sum to 1 − ρᵀ: the rest still belongs to the start",
                run: sums_to,
            },
            Check {
                name: "tail",
                about: "every batch weighs ρ times the next one, and the newest 1 − ρ",
                run: tail,
            },
        ],
    },
];

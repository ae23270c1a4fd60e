//! Deep-learning theory you can run.
//!
//! This crate is the companion of five documents on deep-learning theory: a tutorial, "Neural
//! networks: the good, the bad, the ugly" (ICASSP 2023), and four sets of lecture notes and slides.
//! Each phenomenon they describe is here as a library function, an experiment, a notebook section.
//! Every claim stands beside its predicted number, its measured number and its tolerance.
//!
//! # Where is …?
//!
//! | to | look in |
//! |---|---|
//! | read real digits, MNIST, CIFAR-10; split them; flip labels | [`data`] |
//! | draw random features; kernels; networks, recurrent ones and batch normalisation; initialisations | [`model`] |
//! | first and second derivatives of networks: cotangents, Hessian–vector products, gradient penalties | [`model::differentiate`] |
//! | first-order methods for anything with a gradient: rules, clipping, sets, one loop | [`optimise`] |
//! | fit: minimum norm, ridge, every width at once, SGD, networks, gradient flow | [`fit`] |
//! | split an error into bias and variance; Rademacher and other complexities; empirical tangent kernels | [`measure`], [`model::mlp`] |
//! | follow signals through a fresh network; lazy ratio, phase diagram | [`measure::propagation`], [`measure::lazy`] |
//! | perturbation stability, Lipschitz bounds, isoperimetry | [`measure::robustness`], [`measure::lipschitz`] |
//! | run a whole experiment, with claims | [`experiment`] |
//! | exercises: their checks and points | [`exercise`] |
//! | in a chapter: errors of the slides, tested; a guess beforehand | [`lesson`] |
//! | draw a figure | [`plot`] |
//! | grade notebooks | `grade`, with the feature `cli` |
//! | make reproducible random numbers | [`rng`] |
//! | factorise matrices; which engine does it, on how many threads | [`linalg`], [`engine`] |
//!
//! # From slides to code
//!
//! | slide | here | meaning |
//! |---|---|---|
//! | n | `n` | training examples |
//! | p (inputs of a network) | `d` | input dimension |
//! | m | `m`, `columns`, `width` | feature columns or hidden neurons |
//! | **a**, b | `x`, `y` | an input and its target |
//! | **x** (parameters) | `weights` | what is learned |
//! | φ(**a**) | `features` | the hidden layer's output, `(n, m)` |
//! | R, R_n | `test_mse`, `train_mse` | risk and empirical risk of the squared loss |
//! | γ_k, α_k | `step` | step size |
//! | **X**_l, W_l | `layers[l].weights` | the weights of a layer, `(out, in)` |
//! | β₁², β², β_L² | `Init::{first, hidden, last}` | variances of a network's initial weights |
//! | 1/α | `multiplier` | what the output is multiplied by, outside the weights |
//! | K, Θ | `Kernel::ReluNtk`, `tangent_kernel` | tangent kernel, of infinite and of finite width |
//! | κ | `lazy_ratio` | how far weights have moved, in parts of their norm |
//! | 𝒫(h, ε) | `perturbation_stability` | how far outputs move when inputs do |
//! | R, ℜ | `rademacher`, `learned_complexity` | Rademacher complexity |
//!
//! The minimum-norm path answers the first question anyone has about double descent, "what happens
//! at every width?", for the price of about one fit:
//!
//! ```
//! use dltheory::prelude::*;
//!
//! let digits = two_classes(&mnist_sample()?, 3, 7)?;
//! let split = train_test_split(digits.len(), 60, 200, &mut stream(1, "split", 0))?;
//! let (train, test) = (digits.select(&split.train)?, digits.select(&split.test)?);
//!
//! let features = RandomFeatures::fourier(480, 784, 5.0, &mut stream(1, "features", 0))?;
//! let (z_train, z_test) = (features.apply(&train.x)?, features.apply(&test.x)?);
//! let widths: Vec<usize> = (1..=480).collect();
//! let path = min_norm_path(&z_train, &z_test, &train.y, &widths)?;
//!
//! let mse = path.test_mse(&test.y)?;
//! assert!(mse[59] > 5.0 * mse[19]); // a peak where columns = training digits
//! assert!(mse[479] < mse[19]); // and a second descent beyond it
//! # Ok::<(), dltheory::Error>(())
//! ```

pub mod attack;
#[cfg(feature = "cli")]
pub mod cli;
pub mod data;
pub mod display;
pub mod error;
pub mod exercise;
pub mod experiment;
pub mod fit;
pub mod game;
#[cfg(feature = "cli")]
pub mod grade;
pub mod lesson;
pub mod linalg;
pub mod measure;
pub mod model;
pub mod notebook;
pub mod optimise;
pub mod plot;
pub mod prelude;
pub mod real;
pub mod rl;
pub mod stats;

pub use dltheory_engine as engine;
pub use dltheory_workbench::rng;
pub use error::{Error, Result};

//! Data sets: real digits and made ones, and how they become training problems.
//!
//! | step | type | where |
//! |---|---|---|
//! | where the images come from | [`Source`]: the built-in sample, or a folder | [`source`] |
//! | labelled images, bytes as in the files | [`Images`] | [`images`] |
//! | coarser images as numbers | squares of pixels averaged | [`mean_pool`] |
//! | inputs and targets as numbers | [`Dataset`] `{ x: (n, d), y: (n, k) }` | [`dataset`] |
//! | made inputs and targets | Gaussian designs, cubes, balls, spheres | [`synthetic`] |
//! | sums modulo p | [`ModularTable`] | [`modular`] |
//! | who trains, who tests, whose label is wrong | [`Split`], [`flip_labels`], [`change_labels`] | [`split`] |
//!
//! The file formats are in [`idx`] (MNIST) and [`cifar`]. Their readers trust nothing a file says:
//! any bytes give either images or an error that names the file, what was expected and what was found.
//!
//! ```
//! use dltheory::{data, rng};
//! let digits = data::mnist_sample()?;
//! assert_eq!(digits.counts(), [1001, 1127, 991, 1032, 980, 863, 1014, 1070, 944, 978]);
//!
//! let problem = data::two_classes(&digits, 3, 7)?; // x = pixel/255, y = −1 for 3 and +1 for 7
//! let split = data::train_test_split(problem.len(), 600, 800, &mut rng::stream(1, "split", 0))?;
//! let train = problem.select(&split.train)?;
//! assert_eq!((train.x.dim(), train.y.dim()), ((600, 784), (600, 1)));
//! # Ok::<(), dltheory::Error>(())
//! ```

mod array;
pub mod cifar;
mod contact_sheet;
pub mod dataset;
mod file;
mod folder;
pub mod identity;
pub mod idx;
pub mod images;
mod listing;
pub mod modular;
mod npy;
mod pair;
pub mod pool;
pub mod sequences;
mod sniff;
pub mod source;
pub mod split;
pub mod synthetic;
mod table;
mod thin;

pub use dataset::{Dataset, one_hot, two_classes};
pub use file::MAX_BYTES;
pub use identity::{Identity, Known};
pub use images::Images;
pub use modular::{ModularSum, ModularTable};
pub use pool::mean_pool;
pub use sequences::Sequences;
pub use source::{Source, load, mnist_sample};
pub use split::{Split, change_labels, flip_labels, train_test_split};
pub use synthetic::{Decay, Spectrum};

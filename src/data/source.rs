//! Where images come from: the sample built into the library, or a folder the user names.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::idx::{self, DIGITS};
use super::{Identity, Images, folder};
#[cfg(doc)]
use crate::Error;
use crate::Result;

/// The environment variable that names a data folder.
pub const VARIABLE: &str = "DLTHEORY_DATA";

const SAMPLE_IMAGES: &str = "mnist-10k-images-idx3-ubyte.gz";
const SAMPLE_LABELS: &str = "mnist-10k-labels-idx1-ubyte.gz";
const SAMPLE_NAME: &str = "MNIST sample";
/// Where to take images from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Source {
    /// The 10,000 digits built into the library, see [`mnist_sample`].
    #[default]
    Sample,
    /// A folder with files of images, see [`load`].
    Folder(PathBuf),
}

impl Source {
    /// The folder named by the environment variable `DLTHEORY_DATA`, or the sample where that is
    /// unset or empty.
    #[must_use]
    pub fn from_env() -> Self {
        Self::from_value(std::env::var_os(VARIABLE))
    }

    /// What [`Source::from_env`] makes of the variable's value.
    fn from_value(value: Option<OsString>) -> Self {
        match value {
            Some(folder) if !folder.is_empty() => Self::Folder(folder.into()),
            _ => Self::Sample,
        }
    }

    /// Reads the images.
    ///
    /// # Errors
    /// For a folder as [`load`]; the sample is part of the library and loads.
    pub fn load(&self) -> Result<Images> {
        match self {
            Self::Sample => mnist_sample(),
            Self::Folder(folder) => load(folder),
        }
    }

    /// Reads the images and says what they are, see [`Images::identity`].
    ///
    /// # Errors
    /// As [`Source::load`].
    pub fn identity(&self) -> Result<Identity> {
        Ok(self.load()?.identity())
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sample => write!(f, "built-in {SAMPLE_NAME}"),
            Self::Folder(folder) => write!(f, "{}", folder.display()),
        }
    }
}

/// 10,000 real MNIST digits, 28×28, built into the library: no file is read.
///
/// Class counts are 1001 1127 991 1032 980 863 1014 1070 944 978. Classes are interleaved, so the first
/// n images are a fair sample. Source and licence: `data/README.md`.
///
/// # Errors
/// None in practice: [`Error::Data`] could only come from a damaged build.
///
/// # Reference
/// Y. LeCun, L. Bottou, Y. Bengio, P. Haffner (1998), "Gradient-based learning applied to document recognition",
/// Proceedings of the IEEE 86(11), 2278–2324, doi:10.1109/5.726791.
pub fn mnist_sample() -> Result<Images> {
    let images = include_bytes!("../../data/mnist-10k-images-idx3-ubyte.gz");
    let labels = include_bytes!("../../data/mnist-10k-labels-idx1-ubyte.gz");
    idx::parse_pair(
        (Path::new(SAMPLE_IMAGES), images),
        (Path::new(SAMPLE_LABELS), labels),
        DIGITS,
        SAMPLE_NAME,
    )
}

/// Reads the set of images in `folder`, or in a folder up to three levels below it.
///
/// Looked for in this order:
/// - IDX files: images and labels, for training and testing (`train-images-idx3-ubyte`, `train-labels-idx1-ubyte`,
///   `t10k-images-idx3-ubyte`, `t10k-labels-idx1-ubyte`), or undivided, such as the sample's two; or one pair of the four alone. Each also
///   with `.gz`, spelled with a dot, with a prefix such as `emnist-letters-`, or as a browser's second copy `… (1)`. Where one of several
///   files for the same thing cannot be read, the next is tried. `.npy`, and `.npz` with one array, may stand in for IDX files.
/// - CIFAR-10: `data_batch_1.bin` … `data_batch_5.bin`, `test_batch.bin`; CIFAR-100: `train.bin`, `test.bin`.
/// - One `.npz` with arrays `x_train`, `y_train`, `x_test`, `y_test`, as Keras keeps it.
/// - `.csv` tables with a label and grey levels a line, as Kaggle has them.
///
/// Training images come first, [`Images::n_train`] says how many. EMNIST's images are turned upright. What is unusual is in
/// [`Images::notes`]; what the set is, in [`Images::name`] and [`Images::identity`], by its bytes.
///
/// # Errors
/// [`Error::Io`] where the folder or a file cannot be read. [`Error::Data`] when it is no folder, none of these is there (lists
/// what was looked for and what is there), several lie equally deep, only part of one is there (names the first missing file), or a file
/// is not what it should be. [`Error::Domain`] when all images are equal.
pub fn load(folder: &Path) -> Result<Images> {
    folder::load(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unset_or_empty_variable_means_the_sample() {
        assert_eq!(Source::from_value(None), Source::Sample);
        assert_eq!(Source::from_value(Some("".into())), Source::Sample);
        let folder = Source::from_value(Some("digits".into()));
        assert_eq!(folder, Source::Folder("digits".into()));
        assert_eq!(folder.to_string(), "digits");
    }
}

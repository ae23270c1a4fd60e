//! Where images come from: the sample built into the library, or a folder the user names.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::file::mismatch;
use super::idx::{self, DIGITS};
use super::{Identity, Images, cifar};
use crate::{Error, Result};

/// The environment variable that names a data folder.
pub const VARIABLE: &str = "DLTHEORY_DATA";

const SAMPLE_IMAGES: &str = "mnist-10k-images-idx3-ubyte.gz";
const SAMPLE_LABELS: &str = "mnist-10k-labels-idx1-ubyte.gz";
const SAMPLE_NAME: &str = "MNIST sample";
/// Images and labels for training, then for testing.
const MNIST: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];
const CIFAR: [&str; 6] = [
    "data_batch_1.bin",
    "data_batch_2.bin",
    "data_batch_3.bin",
    "data_batch_4.bin",
    "data_batch_5.bin",
    "test_batch.bin",
];
const CIFAR_FOLDER: &str = "cifar-10-batches-bin";

/// Where to take images from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Source {
    /// The 10,000 digits built into the library, see [`mnist_sample`].
    #[default]
    Sample,
    /// A folder with MNIST or CIFAR-10 files, see [`load`].
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

/// Reads the first of these that `folder` has: all of MNIST, the 10,000-digit sample, CIFAR-10's binary batches.
///
/// - MNIST (or a set in its format): `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`,
///   `t10k-images-idx3-ubyte`, `t10k-labels-idx1-ubyte`; each also with `.gz`, and also spelled
///   `train-images.idx3-ubyte`. Training images come first, [`Images::n_train`] says how many.
/// - The sample: `mnist-10k-images-idx3-ubyte.gz`, `mnist-10k-labels-idx1-ubyte.gz`, also without `.gz`.
/// - CIFAR-10: `data_batch_1.bin` … `data_batch_5.bin`, `test_batch.bin`, here or in `cifar-10-batches-bin`.
///
/// # Errors
/// [`Error::Io`] where the folder or a file cannot be read. [`Error::Data`] when it is no folder, none of these is there (lists
/// what was looked for), only part of one is there (names the first missing file), or a file is not what it should be.
pub fn load(folder: &Path) -> Result<Images> {
    let found = std::fs::metadata(folder).map_err(|source| Error::io(folder, source))?;
    if !found.is_dir() {
        return Err(mismatch(folder, "a folder", "a file"));
    }
    let mnist = Found::look(folder, &MNIST.map(spellings));
    if let Found::All(files) = &mnist {
        let mut images = idx::read_pair(&files[0], &files[1], DIGITS, "MNIST, training files")?;
        let test = idx::read_pair(&files[2], &files[3], DIGITS, "MNIST, test files")?;
        images.append(&test)?;
        images.name = "MNIST".to_owned();
        return Ok(images);
    }
    let sample = Found::look(folder, &[SAMPLE_IMAGES, SAMPLE_LABELS].map(packed_or_plain));
    if let Found::All(files) = &sample {
        return idx::read_pair(&files[0], &files[1], DIGITS, SAMPLE_NAME);
    }
    let mut partial = vec![mnist, sample];
    for place in [folder.to_owned(), folder.join(CIFAR_FOLDER)] {
        match Found::look(&place, &CIFAR.map(|name| vec![name.to_owned()])) {
            Found::All(files) => return cifar_batches(&files),
            other => partial.push(other),
        }
    }
    for found in partial {
        if let Found::Part { missing, present } = found {
            let expected = format!("a file beside {}", present.display());
            return Err(mismatch(&missing, expected, "no such file"));
        }
    }
    Err(mismatch(folder, looked_for(), "none of these"))
}

/// Five training batches, then the test batch.
fn cifar_batches(files: &[PathBuf]) -> Result<Images> {
    let mut images = cifar::read_batch(&files[0])?;
    for (at, path) in files.iter().enumerate().skip(1) {
        images.append(&cifar::read_batch(path)?)?;
        if at < CIFAR.len() - 1 {
            images.n_train = images.len();
        }
    }
    Ok(images)
}

/// What a folder has of a set of files.
enum Found {
    /// Every file, in the order asked for.
    All(Vec<PathBuf>),
    /// Some of them: the first that is missing and the first that is there.
    Part { missing: PathBuf, present: PathBuf },
    /// None of them.
    Nothing,
}

impl Found {
    /// Looks for each file under any of its spellings.
    fn look(folder: &Path, files: &[Vec<String>]) -> Self {
        let mut present = Vec::new();
        let mut missing = None;
        for names in files {
            let paths = names.iter().map(|name| folder.join(name));
            match paths.clone().find(|path| path.is_file()) {
                Some(path) => present.push(path),
                None => missing = missing.or(paths.into_iter().next()),
            }
        }
        match (missing, present.first()) {
            (None, _) => Self::All(present),
            (Some(missing), Some(first)) => Self::Part {
                missing,
                present: first.clone(),
            },
            (Some(_), None) => Self::Nothing,
        }
    }
}

/// `train-images-idx3-ubyte`, plain or `.gz`, and the same with a dot before `idx`.
fn spellings(name: &str) -> Vec<String> {
    let dotted = name.replace("-idx", ".idx");
    let both = [name.to_owned(), dotted];
    both.into_iter()
        .flat_map(|name| [format!("{name}.gz"), name].into_iter().rev())
        .collect()
}

/// `name` as it stands, and without its `.gz`.
fn packed_or_plain(name: &str) -> Vec<String> {
    let plain = name.strip_suffix(".gz").unwrap_or(name);
    vec![name.to_owned(), plain.to_owned()]
}

/// The sets of files that [`load`] knows, in words.
fn looked_for() -> String {
    format!(
        "{} (each also with .gz, and also spelled train-images.idx3-ubyte), \
         or {SAMPLE_IMAGES}, {SAMPLE_LABELS} (also without .gz), \
         or {} (also in {CIFAR_FOLDER})",
        MNIST.join(", "),
        CIFAR.join(", ")
    )
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

    #[test]
    fn names_have_four_spellings() {
        let names = spellings(MNIST[0]);
        assert_eq!(
            names,
            [
                "train-images-idx3-ubyte",
                "train-images-idx3-ubyte.gz",
                "train-images.idx3-ubyte",
                "train-images.idx3-ubyte.gz"
            ]
        );
    }
}

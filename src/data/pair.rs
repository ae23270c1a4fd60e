//! From arrays of images and labels to [`Images`]: sizes and classes agree, EMNIST stands upright, the name is honest.

use std::path::PathBuf;

use ndarray::{Array2, Axis};

use super::array::{Array, Pictures};
use super::file::mismatch;
use super::identity::recognise;
use super::idx::{self, DIGITS, check_labels};
use super::{Images, thin};
use crate::Result;

/// Classes of EMNIST's parts that have more than the ten digits: letters, balanced and by merged class, by class.
/// G. Cohen, S. Afshar, J. Tapson, A. van Schaik (2017), "EMNIST: an extension of MNIST to handwritten letters",
/// arXiv:1702.05373.
const EMNIST_CLASSES: [usize; 3] = [LETTERS, 47, 62];
const LETTERS: usize = 26;

/// Images with their labels, and the files both came from.
#[derive(Debug)]
pub(super) struct Pair {
    pictures: Pictures,
    labels: Vec<u8>,
    image_path: PathBuf,
    label_path: PathBuf,
}

impl Pair {
    /// Images and labels from two arrays; they may come in the other order, which is noted.
    pub(super) fn new(images: (PathBuf, Array), labels: (PathBuf, Array)) -> Result<Self> {
        let swapped = images.1.like_labels() && !labels.1.like_labels();
        let ((image_path, images), (label_path, labels)) = match swapped {
            true => (labels, images),
            false => (images, labels),
        };
        let mut pictures = idx::pictures(&image_path, images)?;
        pictures.notes.extend(labels.notes.iter().cloned());
        let labels = idx::labels(&label_path, labels)?;
        if swapped {
            pictures.notes.push(format!(
                "{} holds the images and {} the labels: the names are swapped",
                image_path.display(),
                label_path.display()
            ));
        }
        let n = pictures.pixels.nrows();
        if labels.len() != n {
            return Err(mismatch(
                &label_path,
                format!("{n} labels, as many as images in {}", image_path.display()),
                format!("{} labels", labels.len()),
            ));
        }
        Ok(Self {
            pictures,
            labels,
            image_path,
            label_path,
        })
    }
}

/// Images for training, then those for testing. `prefix` is what the files' names start with.
pub(super) fn join(mut train: Pair, test: Option<Pair>, prefix: &str) -> Result<Images> {
    let shape = train.pictures.shape;
    let (height, width, channels) = shape;
    let n_train = train.labels.len();
    let size = format!("{height}×{width}");
    let mut notes = std::mem::take(&mut train.pictures.notes);
    let mut labels = train.labels;
    let mut pixels = train.pictures.pixels;
    let classes = labels.iter().max().map_or(0, |&most| usize::from(most) + 1);
    let classes = classes.max(DIGITS);
    if let Some(test) = test {
        if test.pictures.shape != shape {
            let (height, width, other) = test.pictures.shape;
            let colour = |channels| if channels == 3 { " in colour" } else { "" };
            return Err(mismatch(
                &test.image_path,
                format!(
                    "images of {size}{} like those in {}",
                    colour(channels),
                    train.image_path.display()
                ),
                format!("images of {height}×{width}{}", colour(other)),
            ));
        }
        check_labels(&test.label_path, &test.labels, classes)?;
        pixels
            .append(Axis(0), test.pictures.pixels.view())
            .map_err(|error| mismatch(&test.image_path, "images of one size", error))?;
        labels.extend(test.labels);
        notes.extend(test.pictures.notes);
    }
    // EMNIST counts its letters from 1: A is 1, Z is 26.
    let letters = classes == LETTERS + 1 && labels.iter().all(|&label| label > 0);
    let classes = if letters { LETTERS } else { classes };
    if letters {
        labels.iter_mut().for_each(|label| *label -= 1);
        notes.push("labels 1 to 26 were read as classes 0 to 25, A to Z".to_owned());
    }
    let named = prefix.contains("emnist");
    if shape == (28, 28, 1) && (named || EMNIST_CLASSES.contains(&classes)) {
        pixels = upright(&pixels, height);
        let why = match named {
            true => "the files are called EMNIST".to_owned(),
            false => format!("28×28 pixels and {classes} classes are EMNIST's"),
        };
        notes.push(format!(
            "turned upright: EMNIST's images lie on their side, and {why}"
        ));
    }
    let parts = match labels.len() - n_train {
        0 => n_train.to_string(),
        test => format!("{n_train} + {test}"),
    };
    let colour = if channels == 3 { " in colour" } else { "" };
    let name = format!("images in MNIST's format ({parts} of {size}{colour}, {classes} classes)");
    let mut images = Images::new(pixels, labels, shape, classes, &name)?;
    images.n_train = n_train;
    images.notes = notes;
    finish(images)
}

/// Gives a recognised set its name, and notes what is thin about the others.
pub(super) fn finish(mut images: Images) -> Result<Images> {
    match recognise(&images) {
        Some((_, name)) => images.name = name.to_owned(),
        None => thin::note(&mut images)?,
    }
    Ok(images)
}

/// Each image with rows and columns exchanged.
fn upright(pixels: &Array2<u8>, side: usize) -> Array2<u8> {
    Array2::from_shape_fn(pixels.dim(), |(image, at)| {
        pixels[[image, at % side * side + at / side]]
    })
}

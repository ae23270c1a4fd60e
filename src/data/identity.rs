//! What a set of images is, told by its bytes and never by the name of a file.
//!
//! MNIST, Fashion-MNIST and many others come as files of the same names and sizes. A number published for one
//! of them must not be held against another, so a set counts as MNIST only if its labels and its pixels
//! are MNIST's, byte for byte.

use ndarray::{ArrayRef2, s};
use sha2::{Digest, Sha256};

use super::Images;

/// What a set of images is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// A recognised set's own name, such as "MNIST"; otherwise what [`Images::name`] says.
    pub name: String,
    /// SHA-256, 64 small hexadecimal digits, over all labels, one byte each, followed by all pixels, one byte
    /// each and image by image, both in the order of [`Images`].
    pub sha256: String,
    /// The published set that these bytes are, or are a part of.
    pub known: Option<Known>,
}

impl Identity {
    /// Whether the images are MNIST's: all 70,000, the 60,000 for training, the 10,000 for testing, or
    /// the sample built into this library. Only then may numbers published for MNIST be used.
    #[must_use]
    pub fn is_mnist(&self) -> bool {
        self.known == Some(Known::Mnist)
    }
}

/// A published set that is recognised by its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Handwritten digits: Y. LeCun, L. Bottou, Y. Bengio, P. Haffner (1998), "Gradient-based learning applied to
    /// document recognition", Proceedings of the IEEE 86(11), 2278–2324.
    Mnist,
    /// Pictures of clothes in MNIST's format: H. Xiao, K. Rasul, R. Vollgraf (2017), "Fashion-MNIST: a novel
    /// image dataset for benchmarking machine learning algorithms", arXiv:1708.07747.
    FashionMnist,
}

impl Images {
    /// What these images are: recognised by their bytes where they are a published set.
    ///
    /// Ask before choosing classes: a part chosen from a set has other bytes than the set.
    #[must_use]
    pub fn identity(&self) -> Identity {
        let recognised = recognise(self);
        let mut hash = Sha256::new();
        hash.update(&self.labels);
        update(&mut hash, &self.pixels);
        Identity {
            name: recognised.map_or_else(|| self.name.clone(), |(_, name)| name.to_owned()),
            sha256: hex(hash),
            known: recognised.map(|(known, _)| known),
        }
    }

    /// Whether numbers published for MNIST apply, see [`Identity::is_mnist`].
    #[must_use]
    pub fn is_mnist(&self) -> bool {
        matches!(recognise(self), Some((Known::Mnist, _)))
    }
}

/// One published pair of files of 28×28 grey images.
struct Part {
    known: Known,
    name: &'static str,
    n: usize,
    /// SHA-256 of the unpacked IDX file of labels.
    labels: &'static str,
    /// SHA-256 of the unpacked IDX file of images.
    images: &'static str,
}

/// Sums of the unpacked files. The sample's were computed from the files in `data`; those of MNIST and
/// Fashion-MNIST are the same in many independent public programs that download the files and check them.
const PARTS: [Part; 5] = [
    Part {
        known: Known::Mnist,
        name: "MNIST sample",
        n: 10_000,
        labels: "660a58b8a4371816c3663f714640360e9a333d9f09829073a1306a0caeac516a",
        images: "c803dff110df838a65aeda3b0969a63a7bb6d418c4eb43af1da4bfacee179d31",
    },
    Part {
        known: Known::Mnist,
        name: "MNIST, training images",
        n: 60_000,
        labels: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        images: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    },
    Part {
        known: Known::Mnist,
        name: "MNIST, test images",
        n: 10_000,
        labels: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        images: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    },
    Part {
        known: Known::FashionMnist,
        name: "Fashion-MNIST, training images",
        n: 60_000,
        labels: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
        images: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    },
    Part {
        known: Known::FashionMnist,
        name: "Fashion-MNIST, test images",
        n: 10_000,
        labels: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        images: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    },
];

const SIDE: usize = 28;

/// The published set with these bytes, and what it or its part is called.
pub(super) fn recognise(images: &Images) -> Option<(Known, &'static str)> {
    let n = images.len();
    if images.shape != (SIDE, SIDE, 1) || images.pixels.dim() != (n, SIDE * SIDE) {
        return None;
    }
    if let Some(part) = part(&images.labels, &images.pixels) {
        return Some((part.known, part.name));
    }
    // Training images, then test images.
    let (first, second) = (images.labels.get(..60_000)?, images.labels.get(60_000..)?);
    let test = part(second, &images.pixels.slice(s![60_000.., ..]))?;
    let training = part(first, &images.pixels.slice(s![..60_000, ..]))?;
    (training.known == test.known).then_some((
        training.known,
        match training.known {
            Known::Mnist => "MNIST",
            Known::FashionMnist => "Fashion-MNIST",
        },
    ))
}

/// The part with these labels and pixels. Pixels are looked at only when the labels agree.
fn part(labels: &[u8], pixels: &ArrayRef2<u8>) -> Option<&'static Part> {
    let n = u32::try_from(labels.len()).ok()?;
    let mut candidates = PARTS
        .iter()
        .filter(|part| part.n == labels.len())
        .peekable();
    candidates.peek()?;
    let mut hash = Sha256::new();
    hash.update([0, 0, 8, 1]);
    hash.update(n.to_be_bytes());
    hash.update(labels);
    let labels = hex(hash);
    let part = candidates.find(|part| part.labels == labels)?;
    let mut hash = Sha256::new();
    hash.update([0, 0, 8, 3]);
    let side = SIDE as u32;
    for size in [n, side, side] {
        hash.update(size.to_be_bytes());
    }
    update(&mut hash, pixels);
    (hex(hash) == part.images).then_some(part)
}

/// Feeds all pixels, image by image.
fn update(hash: &mut Sha256, pixels: &ArrayRef2<u8>) {
    for row in pixels.outer_iter() {
        match row.as_slice() {
            Some(row) => hash.update(row),
            None => row.iter().for_each(|pixel| hash.update([*pixel])),
        }
    }
}

fn hex(hash: Sha256) -> String {
    hash.finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::mnist_sample;
    use ndarray::Array2;

    #[test]
    fn the_sample_is_known_by_its_bytes_whatever_it_is_called() {
        let mut sample = mnist_sample().expect("built in");
        let identity = sample.identity();
        assert!(identity.is_mnist() && sample.is_mnist());
        assert_eq!(identity.name, "MNIST sample");
        sample.name = "socks".to_owned();
        assert_eq!(sample.identity(), identity);
        let turned = sample
            .pixels
            .clone()
            .reversed_axes()
            .as_standard_layout()
            .into_owned();
        sample.pixels = turned.reversed_axes();
        assert!(sample.pixels.row(0).as_slice().is_none());
        assert_eq!(sample.identity(), identity);
        sample.pixels[[9_999, 0]] ^= 1;
        let changed = sample.identity();
        assert!(!changed.is_mnist() && changed.known.is_none());
        assert_eq!(changed.name, "socks");
        assert_ne!(changed.sha256, identity.sha256);
    }

    #[test]
    fn the_sum_is_over_labels_then_pixels() {
        let pixels = Array2::from_shape_vec((1, 2), vec![b'b', b'c']).expect("shape");
        let images = Images::new(pixels, vec![b'a'], (1, 2, 1), 256, "MNIST").expect("valid");
        let identity = images.identity();
        // SHA-256 of "abc", FIPS 180-4's example.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(identity.sha256, abc);
        assert!(!identity.is_mnist() && !images.is_mnist());
    }
}

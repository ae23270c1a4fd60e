//! The images and the kinds of networks.

use super::settings::ConvStability;
use crate::data::{Dataset, mean_pool, train_test_split, two_classes};
use crate::error::{Error, Result};
use crate::experiment::Context;
use crate::experiment::sizes::squares;
use crate::model::{ConvSettings, Padding};
use crate::rng::stream;
use crate::stats::{larger, mean};

/// The side of the squares of pixels that are averaged: digits of 7×7.
const POOL: usize = 4;

/// A kind of convolutional network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Layer after layer, on a torus.
    Plain,
    /// The same in blocks with skip connections.
    Residual,
    /// Plain, with zeros around the images.
    Zeros,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Residual => "residual",
            Self::Zeros => "zeros",
        }
    }
}

/// A kind, a depth and a number of channels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub kind: Kind,
    pub depth: usize,
    pub channels: usize,
}

/// Small digits of two classes, each less its mean and of norm 1, with targets ±1.
pub(super) struct Images {
    pub data: Dataset,
    /// (height, width, channels).
    pub shape: (usize, usize, usize),
}

impl ConvStability {
    pub(super) fn images(&self, seed: u64, context: &Context) -> Result<Images> {
        let class = |digit: usize| {
            u8::try_from(digit).map_err(|_| Error::domain("class", "0 to 255", digit))
        };
        let images = context.data.load()?;
        let (negative, positive) = (class(self.digits[0])?, class(self.digits[1])?);
        let mut all = two_classes(&images, negative, positive)?;
        let chosen = images.of_classes(&[negative, positive])?;
        let side = squares(&images, POOL);
        all.x = mean_pool(&chosen, side)?;
        let rng = &mut stream(seed, "conv digits", 0);
        let mut data = all.select(&train_test_split(all.len(), self.n, 0, rng)?.train)?;
        // Less its mean, so that no window is blank: a blank one has no gradient without biases.
        for mut row in data.x.rows_mut() {
            row -= mean(row.iter().copied());
            let norm = row.dot(&row).sqrt();
            row /= larger(norm, f64::MIN_POSITIVE);
        }
        let (height, width, colours) = images.shape;
        Ok(Images {
            data,
            shape: (height / side, width / side, colours),
        })
    }

    pub(super) fn net(&self, place: Place, shape: (usize, usize, usize)) -> ConvSettings {
        ConvSettings {
            image: shape,
            channels: vec![place.channels; place.depth - 1],
            outputs: 1,
            padding: match place.kind {
                Kind::Zeros => Padding::Zero,
                Kind::Plain | Kind::Residual => Padding::Circular,
            },
            biases: false,
            residual: (place.kind == Kind::Residual).then_some(self.branch),
            ..ConvSettings::default()
        }
    }
}

//! Labelled images as bytes, the way the files hold them.

use ndarray::{Array2, Axis};

use super::contact_sheet;
use crate::display::Html;
use crate::{Error, Result};

/// n labelled images of one size.
///
/// `Debug` prints a summary, not the pixels.
#[derive(Clone, PartialEq, Eq)]
pub struct Images {
    /// Grey or colour levels 0..=255, `(n, d)` with d = height·width·channels. The value of
    /// (row, column, channel) is at `channel·height·width + row·width + column`: one whole
    /// plane a colour.
    pub pixels: Array2<u8>,
    /// The class of each image, `(n,)`, each below `classes`.
    pub labels: Vec<u8>,
    /// (height, width, channels); 1 channel is grey, 3 are red, green, blue.
    pub shape: (usize, usize, usize),
    /// How many classes there are, whether or not all occur.
    pub classes: usize,
    /// The first `n_train` images come from the source's training files, the others from its
    /// test files. Equal to n where the source makes no such division.
    pub n_train: usize,
    /// What these images are, for titles and messages.
    pub name: String,
    /// What is unusual about them or their files, a sentence each; mostly empty.
    pub notes: Vec<String>,
}

impl Images {
    /// Images from their parts: pixels `(n, d)`, labels `(n,)`, shape (height, width, channels);
    /// `n_train` becomes n, and there are no notes.
    ///
    /// # Errors
    /// [`Error::Shape`] when d is not height·width·channels or there is not one label an image;
    /// [`Error::Domain`] when channels are neither 1 nor 3, classes not 1 to 256, or a label not below `classes`.
    pub fn new(
        pixels: Array2<u8>,
        labels: Vec<u8>,
        shape: (usize, usize, usize),
        classes: usize,
        name: &str,
    ) -> Result<Self> {
        let n_train = pixels.nrows();
        let name = name.to_owned();
        let images = Self {
            pixels,
            labels,
            shape,
            classes,
            n_train,
            name,
            notes: Vec::new(),
        };
        images.check()?;
        Ok(images)
    }

    /// n, the number of images.
    #[must_use]
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no image.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// How many images each class has, `(classes,)`.
    #[must_use]
    pub fn counts(&self) -> Vec<usize> {
        // A label is a byte, so there is nothing to count beyond 256 classes.
        let mut counts = vec![0; self.classes.min(256)];
        for &label in &self.labels {
            if let Some(count) = counts.get_mut(usize::from(label)) {
                *count += 1;
            }
        }
        counts
    }

    /// The images whose label is one of `classes`, in their order here. Labels, `classes` and
    /// the meaning of `n_train` stay.
    ///
    /// # Errors
    /// [`Error::Domain`] when a class is not below `self.classes` or has no image, or none is given.
    pub fn of_classes(&self, classes: &[u8]) -> Result<Self> {
        self.check()?;
        let counts = self.counts();
        if classes.is_empty() {
            return Err(Error::domain(
                "list of classes",
                "at least one class",
                "empty",
            ));
        }
        for &class in classes {
            if counts
                .get(usize::from(class))
                .is_none_or(|&count| count == 0)
            {
                let present = (0..self.classes).filter(|&class| counts[class] > 0);
                let present: Vec<String> = present.map(|class| class.to_string()).collect();
                let expected = format!("a class of {}: {}", self.name, present.join(", "));
                return Err(Error::domain("class", expected, class));
            }
        }
        let kept: Vec<usize> = (0..self.len())
            .filter(|&index| classes.contains(&self.labels[index]))
            .collect();
        Ok(Self {
            pixels: self.pixels.select(Axis(0), &kept),
            labels: kept.iter().map(|&index| self.labels[index]).collect(),
            shape: self.shape,
            classes: self.classes,
            n_train: kept.partition_point(|&index| index < self.n_train),
            name: self.name.clone(),
            notes: self.notes.clone(),
        })
    }

    /// Appends `other`, keeping `n_train` as it is: training files first, then test files.
    ///
    /// # Errors
    /// [`Error::Shape`] when the two differ in image shape; [`Error::Domain`] when they differ in classes.
    pub fn append(&mut self, other: &Self) -> Result<()> {
        self.check()?;
        other.check()?;
        if other.shape != self.shape {
            let (height, width, channels) = other.shape;
            let expected = format!("{:?} like {}", self.shape, self.name);
            let got = [height, width, channels];
            return Err(Error::shape(
                &format!("image of {}", other.name),
                expected,
                &got,
            ));
        }
        if other.classes != self.classes {
            let what = format!("number of classes of {}", other.name);
            return Err(Error::domain(&what, self.classes, other.classes));
        }
        self.pixels
            .append(Axis(0), other.pixels.view())
            .map_err(|_| Error::shape("images", "equal widths", other.pixels.shape()))?;
        self.labels.extend_from_slice(&other.labels);
        self.notes.extend_from_slice(&other.notes);
        Ok(())
    }

    /// Class counts and the first images as HTML.
    #[must_use]
    pub fn html(&self) -> Html {
        contact_sheet::page(self)
    }

    /// Shows the class counts and the first images in a notebook.
    pub fn evcxr_display(&self) {
        self.html().evcxr_display();
    }

    /// The fields are public, so whoever indexes asks first whether they still agree.
    fn check(&self) -> Result<()> {
        let (height, width, channels) = self.shape;
        let d = height
            .checked_mul(width)
            .and_then(|area| area.checked_mul(channels));
        if d != Some(self.pixels.ncols()) {
            let expected = format!("(n, height·width·channels) for {:?}", self.shape);
            return Err(Error::shape("pixels", expected, self.pixels.shape()));
        }
        if self.labels.len() != self.pixels.nrows() {
            let expected = format!("one label for each of {} images", self.pixels.nrows());
            return Err(Error::shape("labels", expected, &[self.labels.len()]));
        }
        if channels != 1 && channels != 3 {
            return Err(Error::domain("number of channels", "1 or 3", channels));
        }
        if !(1..=256).contains(&self.classes) {
            return Err(Error::domain("number of classes", "1 to 256", self.classes));
        }
        match self
            .labels
            .iter()
            .find(|&&label| usize::from(label) >= self.classes)
        {
            None => Ok(()),
            Some(label) => Err(Error::domain(
                "label",
                format!("below {}", self.classes),
                label,
            )),
        }
    }
}

impl std::fmt::Debug for Images {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Images")
            .field("name", &self.name)
            .field("len", &self.len())
            .field("shape", &self.shape)
            .field("n_train", &self.n_train)
            .field("counts", &self.counts())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn four() -> Images {
        let pixels = Array2::from_shape_fn((4, 6), |(i, j)| (10 * i + j) as u8);
        Images::new(pixels, vec![2, 0, 2, 1], (2, 3, 1), 3, "four <tiny>").expect("valid")
    }

    #[test]
    fn classes_are_counted_and_picked_in_order() {
        let mut images = four();
        images.n_train = 2;
        assert_eq!(images.counts(), [1, 1, 2]);
        let picked = images.of_classes(&[2, 1]).expect("both present");
        assert_eq!(picked.labels, [2, 2, 1]);
        assert_eq!(picked.pixels.column(0).to_vec(), [0, 20, 30]);
        assert_eq!((picked.n_train, picked.classes), (1, 3));
    }

    #[test]
    fn bad_classes_are_refused_with_the_good_ones() {
        let images = four().of_classes(&[0, 2]).expect("both present");
        let refusal = |classes: &[u8]| images.of_classes(classes).expect_err("refused").to_string();
        let named = "expected a class of four <tiny>: 0, 2";
        assert_eq!(refusal(&[9]), format!("class is 9, {named}"));
        assert_eq!(refusal(&[0, 1]), format!("class is 1, {named}"));
        assert!(refusal(&[]).contains("at least one class"));
    }

    #[test]
    fn parts_that_disagree_are_refused() {
        let build = |labels: Vec<u8>, shape, classes| {
            Images::new(Array2::zeros((2, 6)), labels, shape, classes, "x")
                .map_err(|e| e.to_string())
        };
        assert!(build(vec![0, 1], (2, 3, 1), 2).is_ok());
        let refused = |labels, shape, classes, reason: &str| {
            let error = build(labels, shape, classes).expect_err("refused");
            assert!(error.contains(reason), "{error}");
        };
        refused(
            vec![0],
            (2, 3, 1),
            2,
            "labels has shape [1], expected one label for each of 2",
        );
        refused(vec![0, 1], (2, 2, 1), 2, "pixels has shape [2, 6]");
        refused(vec![0, 1], (usize::MAX, 2, 1), 2, "pixels has shape [2, 6]");
        refused(
            vec![0, 1],
            (3, 1, 2),
            2,
            "number of channels is 2, expected 1 or 3",
        );
        refused(vec![0, 2], (2, 3, 1), 2, "label is 2, expected below 2");
        refused(vec![0, 1], (2, 3, 1), 257, "number of classes is 257");
    }

    #[test]
    fn fields_changed_afterwards_never_panic() {
        let mut images = four();
        images.labels.push(77);
        assert!(images.of_classes(&[0]).is_err());
        assert!(images.append(&four()).is_err());
        assert_eq!(images.counts(), [1, 1, 2]);
        images.shape = (50, 50, 3);
        images.classes = usize::MAX;
        assert_eq!(images.counts().len(), 256);
        assert!(!images.html().as_str().contains("<img"));
    }

    #[test]
    fn appending_keeps_the_division() {
        let mut images = four();
        images.append(&four()).expect("same shape");
        assert_eq!(
            (images.len(), images.n_train, images.pixels.nrows()),
            (8, 4, 8)
        );
        let other = Images::new(Array2::zeros((1, 6)), vec![0], (3, 2, 1), 3, "turned");
        let error = images
            .append(&other.expect("valid"))
            .expect_err("another shape");
        assert_eq!(
            error.to_string(),
            "image of turned has shape [3, 2, 1], expected (2, 3, 1) like four <tiny>"
        );
    }
}

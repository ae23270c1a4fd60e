//! Inputs and targets as numbers: what features are computed from and models are fitted to.

use ndarray::{Array2, ArrayRef2, Axis};

use super::Images;
use crate::display::{Html, format_number, html_table};
use crate::{Error, Result};

/// n inputs and their targets. Targets are always 2-D, so that `(n, 1) − (n,)` cannot happen.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// Inputs, `(n, d)`.
    pub x: Array2<f64>,
    /// Targets, `(n, k)`.
    pub y: Array2<f64>,
}

impl Dataset {
    /// A data set from inputs `(n, d)` and targets `(n, k)`.
    ///
    /// # Errors
    /// [`Error::Shape`] when the two differ in n.
    pub fn new(x: Array2<f64>, y: Array2<f64>) -> Result<Self> {
        let dataset = Self { x, y };
        dataset.check()?;
        Ok(dataset)
    }

    /// n, the number of inputs.
    #[must_use]
    pub fn len(&self) -> usize {
        self.x.nrows()
    }

    /// Whether there is no input.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows named by `indices`, in that order; a row named twice comes twice.
    ///
    /// # Errors
    /// [`Error::Domain`] names the first index that is not below n; [`Error::Shape`] when `x` and `y` differ in n.
    pub fn select(&self, indices: &[usize]) -> Result<Self> {
        self.check()?;
        let n = self.len();
        if let Some(at) = indices.iter().position(|&index| index >= n) {
            let what = format!("row index at position {at}");
            return Err(Error::domain(&what, format!("below {n}"), indices[at]));
        }
        Ok(Self {
            x: self.x.select(Axis(0), indices),
            y: self.y.select(Axis(0), indices),
        })
    }

    /// The shapes and ranges as an HTML table.
    #[must_use]
    pub fn html(&self) -> Html {
        let row = |name: &str, values: &ArrayRef2<f64>| {
            let (rows, columns) = values.dim();
            let low = values.iter().copied().fold(f64::INFINITY, f64::min);
            let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let mean = values.mean().unwrap_or(f64::NAN);
            let [low, mean, high] = [low, mean, high].map(format_number);
            let shape = format!("({rows}, {columns})");
            vec![name.to_owned(), shape, low, mean, high]
        };
        let rows = [row("x, inputs", &self.x), row("y, targets", &self.y)];
        let head = ["array", "shape", "least", "mean", "greatest"];
        Html::new(html_table(&head, &rows))
    }

    /// Shows the shapes and ranges in a notebook.
    pub fn evcxr_display(&self) {
        self.html().evcxr_display();
    }

    fn check(&self) -> Result<()> {
        match self.y.nrows() == self.x.nrows() {
            true => Ok(()),
            false => {
                let expected = format!("({}, k): one row for each input", self.x.nrows());
                Err(Error::shape("y", expected, self.y.shape()))
            }
        }
    }
}

/// Two classes as a regression problem: x = pixel/255 in \[0, 1\], `(n, d)`, and y in one column `(n, 1)`:
/// −1 for class `negative`, +1 for class `positive`. Images keep their order.
///
/// # Errors
/// [`Error::Domain`] when the two classes are the same, or one is not in `images`.
pub fn two_classes(images: &Images, negative: u8, positive: u8) -> Result<Dataset> {
    if negative == positive {
        return Err(Error::domain(
            "pair of classes",
            "two different classes",
            format!("{negative} and {positive}"),
        ));
    }
    let chosen = images.of_classes(&[negative, positive])?;
    let sign = |at: usize| {
        if chosen.labels[at] == positive {
            1.0
        } else {
            -1.0
        }
    };
    Ok(Dataset {
        x: chosen.pixels.mapv(|pixel| f64::from(pixel) / 255.0),
        y: Array2::from_shape_fn((chosen.len(), 1), |(at, _)| sign(at)),
    })
}

/// Labels as rows of the unit matrix: result `(n, classes)` is 1 at (i, label of i) and 0 elsewhere.
///
/// # Errors
/// [`Error::Domain`] when `classes` is not 1 to 256, or names the first label that is not below it.
pub fn one_hot(labels: &[u8], classes: usize) -> Result<Array2<f64>> {
    if !(1..=256).contains(&classes) {
        return Err(Error::domain("number of classes", "1 to 256", classes));
    }
    let mut rows = Array2::zeros((labels.len(), classes));
    for (at, (&label, mut row)) in labels.iter().zip(rows.outer_iter_mut()).enumerate() {
        let Some(entry) = row.get_mut(usize::from(label)) else {
            let what = format!("label at index {at}");
            return Err(Error::domain(&what, format!("below {classes}"), label));
        };
        *entry = 1.0;
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::arr2;

    fn images() -> Images {
        let pixels = arr2(&[[0, 255], [51, 102], [1, 2], [3, 4]]);
        Images::new(pixels, vec![7, 3, 5, 7], (1, 2, 1), 10, "dots").expect("valid")
    }

    #[test]
    fn pixels_are_scaled_and_classes_become_signs() {
        let data = two_classes(&images(), 3, 7).expect("both present");
        assert_eq!(data.y, arr2(&[[1.0], [-1.0], [1.0]]));
        assert_eq!(
            data.x,
            arr2(&[[0.0, 1.0], [0.2, 0.4], [3.0 / 255.0, 4.0 / 255.0]])
        );
        let swapped = two_classes(&images(), 7, 3).expect("both present");
        let html = data.html();
        for part in [">(3, 1)<", ">-1<", ">0.3333<"] {
            assert!(html.as_str().contains(part), "{part} is not in {html:?}");
        }
        assert_eq!(swapped.y, -data.y);
    }

    #[test]
    fn bad_pairs_are_refused() {
        let refusal = |a, b| {
            two_classes(&images(), a, b)
                .expect_err("refused")
                .to_string()
        };
        assert!(refusal(3, 3).contains("3 and 3, expected two different classes"));
        assert!(refusal(3, 4).contains("class is 4, expected a class of dots: 3, 5, 7"));
        assert!(refusal(200, 3).contains("class is 200"));
    }

    #[test]
    fn rows_are_selected_or_refused() {
        let data = two_classes(&images(), 3, 7).expect("both present");
        let picked = data.select(&[2, 0, 0]).expect("in range");
        assert_eq!(picked.y, arr2(&[[1.0], [1.0], [1.0]]));
        assert_eq!(picked.x.row(1), data.x.row(0));
        assert!(data.select(&[]).expect("nothing asked").is_empty());
        let error = data.select(&[0, 3]).expect_err("three rows");
        assert_eq!(
            error.to_string(),
            "row index at position 1 is 3, expected below 3"
        );
        let lame = Dataset::new(Array2::zeros((2, 1)), Array2::zeros((3, 1)));
        assert!(
            lame.expect_err("2 and 3 rows")
                .to_string()
                .contains("y has shape [3, 1]")
        );
    }

    #[test]
    fn one_hot_rows_hold_a_single_one_at_the_label() {
        assert_eq!(
            one_hot(&[2, 0], 3).expect("valid"),
            arr2(&[[0., 0., 1.], [1., 0., 0.]])
        );
        let error = one_hot(&[1, 3], 3).expect_err("3 is no class");
        assert_eq!(error.to_string(), "label at index 1 is 3, expected below 3");
        assert!(one_hot(&[], 0).is_err() && one_hot(&[], usize::MAX).is_err());
    }
}

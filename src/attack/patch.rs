//! A square patch whose pixels may take any value of their range.

use ndarray::{Array1, Array2, ArrayRef1};
use rand::{Rng, RngExt};

use super::Threat;
use super::picture::check_shape;
use super::pixels::{end, pixel_gains};
use crate::error::{Error, Result};
use crate::real::Real;

/// A picture with a patch.
#[derive(Clone, Debug, PartialEq)]
pub struct Patched {
    /// The pixels after it, `(d,)`.
    pub inputs: Array1<f64>,
    /// The row of the patch's upper left corner.
    pub top: usize,
    /// Its column.
    pub left: usize,
    /// By how much g·z rose.
    pub gain: f64,
    /// The same for every place of the patch, `(places below each other, places beside each other)`.
    pub gains: Array2<f64>,
}

/// The largest g·z where z is x outside one square of `side` × `side` pixels, all channels of it, and anything in `range`
/// inside.
///
/// # Formula
/// Inside a square every pixel takes its gain max(g_i (b − x_i), g_i (a − x_i)); every place of the square is tried, by
/// sums over rectangles from the upper left corner. Exact for a linear model with the slopes g, `(d,)`. Of equal places
/// the first, row by row.
///
/// # Errors
/// A side of 0 or larger than the picture of `shape` (height, width, channels); else as for
/// [`pixel_gains`].
///
/// # Reference
/// Brown, Mané, Roy, Abadi & Gilmer 2017, "Adversarial patch", arXiv:1712.09665.
///
/// ```
/// use dltheory::attack::worst_patch;
/// use ndarray::Array1;
/// let (mut slopes, x) = (Array1::zeros(16), Array1::zeros(16));
/// slopes[15] = 2.0;
/// let worst = worst_patch(&slopes, &x, (4, 4, 1), 2, (0.0, 1.0))?;
/// assert_eq!((worst.top, worst.left, worst.gain), (2, 2, 2.0));
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn worst_patch(
    slopes: &ArrayRef1<f64>,
    x: &ArrayRef1<f64>,
    shape: (usize, usize, usize),
    side: usize,
    range: (f64, f64),
) -> Result<Patched> {
    check_shape(x.len(), shape)?;
    check_side(side, shape)?;
    let each = pixel_gains(slopes, x, range)?;
    let (height, width, channels) = shape;
    // Sums over the rectangle above and to the left.
    let mut sums = Array2::<f64>::zeros((height + 1, width + 1));
    for row in 0..height {
        for column in 0..width {
            let here = (0..channels).map(|c| each[(c * height + row) * width + column]);
            let here: f64 = here.sum();
            sums[[row + 1, column + 1]] =
                here + sums[[row, column + 1]] + sums[[row + 1, column]] - sums[[row, column]];
        }
    }
    let places = (height - side + 1, width - side + 1);
    let gains = Array2::from_shape_fn(places, |(t, l)| {
        sums[[t + side, l + side]] - sums[[t, l + side]] - sums[[t + side, l]] + sums[[t, l]]
    });
    let mut best = (0, 0);
    for (place, gain) in gains.indexed_iter() {
        if *gain > gains[best] {
            best = place;
        }
    }
    let mut inputs = x.to_owned();
    let mut gain = 0.0;
    for i in square(best, side, shape) {
        inputs[i] = end(slopes[i], x[i], range);
        gain += each[i];
    }
    Ok(Patched {
        inputs,
        top: best.0,
        left: best.1,
        gain,
        gains,
    })
}

/// A square at one place as a threat for [`pgd`](fn@super::pgd): any z that is x outside it and within the range inside.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PatchAt {
    /// The row and the column of its upper left corner.
    pub corner: (usize, usize),
    /// Pixels a side.
    pub side: usize,
    /// (height, width, channels) of the pictures.
    pub shape: (usize, usize, usize),
    /// What pixels may be.
    pub range: (f64, f64),
}

impl PatchAt {
    fn inside(&self) -> impl Iterator<Item = usize> + use<> {
        square(self.corner, self.side, self.shape)
    }
}

impl<T: Real> Threat<T> for PatchAt {
    fn check(&self, x: &[T]) -> Result<()> {
        check_shape(x.len(), self.shape)?;
        check_side(self.side, self.shape)?;
        let most = (self.shape.0 - self.side, self.shape.1 - self.side);
        if self.corner.0 > most.0 || self.corner.1 > most.1 {
            let got = format!("{:?}", self.corner);
            return Err(Error::domain(
                "the corner of the patch",
                format!("at most {most:?}"),
                got,
            ));
        }
        let (low, high) = self.range;
        match low < high && low.is_finite() && high.is_finite() {
            true => Ok(()),
            false => Err(Error::domain(
                "the range of a pixel",
                "two finite numbers in order",
                format!("{:?}", self.range),
            )),
        }
    }

    /// The width of the range.
    fn budget(&self) -> f64 {
        self.range.1 - self.range.0
    }

    fn project(&self, x: &[T], z: &mut [T]) {
        let mut nearest = x.to_vec();
        let (low, high) = (T::of(self.range.0), T::of(self.range.1));
        for i in self.inside() {
            nearest[i] = if z[i] < low {
                low
            } else if z[i] > high {
                high
            } else {
                z[i]
            };
        }
        z.copy_from_slice(&nearest);
    }

    /// The largest change of a pixel.
    fn size(&self, x: &[T], z: &[T]) -> f64 {
        let moves = z.iter().zip(x).map(|(z, x)| (*z - *x).abs().as_f64());
        crate::stats::largest(moves)
    }

    /// Every pixel inside uniform in the range.
    fn start(&self, x: &[T], z: &mut [T], rng: &mut dyn Rng) {
        z.copy_from_slice(x);
        for i in self.inside() {
            z[i] = T::of(self.range.0 + (self.range.1 - self.range.0) * rng.random::<f64>());
        }
    }

    /// The signs inside, 0 outside.
    fn steepest(&self, g: &[T], v: &mut [T]) {
        v.fill(T::zero());
        for i in self.inside() {
            v[i] = T::of(end(g[i].as_f64(), 0.0, (-1.0, 1.0)));
        }
    }
}

/// The pixels of the square whose upper left corner is (row, column) `corner`, as places of an input.
fn square(
    corner: (usize, usize),
    side: usize,
    (height, width, channels): (usize, usize, usize),
) -> impl Iterator<Item = usize> {
    let (top, left) = corner;
    (0..channels).flat_map(move |c| {
        let rows = top..top + side;
        rows.flat_map(move |row| {
            (left..left + side).map(move |column| (c * height + row) * width + column)
        })
    })
}

/// Checks that a square of this side fits.
fn check_side(side: usize, (height, width, _): (usize, usize, usize)) -> Result<()> {
    let most = height.min(width);
    match (1..=most).contains(&side) {
        true => Ok(()),
        false => Err(Error::domain(
            "the side of the patch",
            format!("1 to {most}"),
            side,
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::{gaussian, uniform_cube};
    use crate::rng::stream;

    /// Each place by itself, two channels.
    #[test]
    fn the_best_of_all_places_is_found() {
        let rng = &mut stream(1, "patch", 0);
        let shape = (5, 6, 2);
        for side in 1..=5 {
            let g = gaussian(1, 60, rng).expect("valid").row(0).to_owned();
            let x = uniform_cube(1, 60, rng).expect("valid").row(0).to_owned();
            let worst = worst_patch(&g, &x, shape, side, (0.0, 1.0)).expect("valid");
            for ((top, left), gain) in worst.gains.indexed_iter() {
                let mut z = x.clone();
                for c in 0..2 {
                    for row in top..top + side {
                        for column in left..left + side {
                            let i = c * 30 + row * 6 + column;
                            z[i] = if g[i] > 0.0 { 1.0 } else { 0.0 };
                        }
                    }
                }
                let direct = g.dot(&(&z - &x));
                assert!((gain - direct).abs() < 1e-12);
                assert!(direct <= worst.gain + 1e-12);
                if (top, left) == (worst.top, worst.left) {
                    assert_eq!(z, worst.inputs);
                }
            }
        }
        let (g, x) = (Array1::zeros(60), Array1::zeros(60));
        for side in [0, 6] {
            assert!(worst_patch(&g, &x, shape, side, (0.0, 1.0)).is_err());
        }
        assert!(worst_patch(&g, &x, (5, 5, 2), 1, (0.0, 1.0)).is_err());
    }

    /// One full step of a linear model is the worst patch at that place.
    #[test]
    fn ascent_inside_a_patch_leaves_the_rest_alone() {
        use crate::attack::{Objective, PgdSettings, fgsm, pgd};
        use crate::model::{Differentiable, Mlp, MlpSettings};
        let rng = &mut stream(2, "patch", 0);
        let net = Mlp::new(&MlpSettings::of_sizes(&[24, 1]), rng).expect("valid");
        let x = uniform_cube(1, 24, rng).expect("valid");
        let y = ndarray::array![[1.0]];
        let victim = net.checked().expect("valid");
        let threat = PatchAt {
            corner: (1, 2),
            side: 2,
            shape: (4, 6, 1),
            range: (0.0, 1.0),
        };
        let one = fgsm(&victim, &x, &y, &threat, Objective::Margin).expect("valid");
        let how = PgdSettings {
            steps: 5,
            step: 0.5,
            restarts: 2,
            objective: Objective::Margin,
            ..PgdSettings::default()
        };
        let many = pgd(&victim, &x, &y, &threat, &how, rng).expect("valid");
        for i in 0..24 {
            let inside = (1..3).contains(&(i / 6)) && (2..4).contains(&(i % 6));
            let w = net.layers[0].weights[[0, i]];
            let expected = match inside {
                true if w > 0.0 => 0.0,
                true => 1.0,
                false => x[[0, i]],
            };
            assert_eq!(one.inputs[[0, i]], expected);
            assert_eq!(many.inputs[[0, i]], expected);
        }
        let off = PatchAt {
            corner: (3, 0),
            ..threat
        };
        assert!(fgsm(&victim, &x, &y, &off, Objective::Margin).is_err());
    }
}

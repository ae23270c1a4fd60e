//! Pictures turned and shifted, by interpolation between pixels.

use ndarray::{Array2, ArrayRef2};

use super::picture::check_shape;
use crate::error::{Result, check_finite, check_scale};
use crate::real::check_rows;

/// A turn about the middle of the picture, then a shift.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Motion {
    /// The angle in degrees, clockwise as seen.
    pub degrees: f64,
    /// Pixels to the right.
    pub right: f64,
    /// Pixels down.
    pub down: f64,
}

impl Motion {
    /// Every motion of a grid: `angles` angles from −`degrees` to `degrees`, and shifts by whole pixels, up to `pixels` in each
    /// direction. One angle, or 0 degrees, is the angle 0.
    ///
    /// # Errors
    /// Degrees that are negative or not finite.
    pub fn grid(degrees: f64, angles: usize, pixels: usize) -> Result<Vec<Self>> {
        check_scale("the largest angle", degrees)?;
        let angle = |i: usize| degrees * (2.0 * i as f64 / (angles - 1) as f64 - 1.0);
        let angles: Vec<f64> = match (angles, degrees > 0.0) {
            (0 | 1, _) | (_, false) => vec![0.0],
            (_, true) => (0..angles).map(angle).collect(),
        };
        let shift = |i: usize| i as f64 - pixels as f64;
        let mut grid = Vec::new();
        for degrees in angles {
            for right in (0..=2 * pixels).map(shift) {
                for down in (0..=2 * pixels).map(shift) {
                    grid.push(Self {
                        degrees,
                        right,
                        down,
                    });
                }
            }
        }
        Ok(grid)
    }

    /// The pictures `x`, `(n, height·width·channels)`, after this motion.
    ///
    /// # Formula
    /// The pixel at p comes from q = R(−θ)(p − c − s) + c, c the middle and s the shift, as the mean of the four pixels
    /// around q, weighted by nearness (bilinear interpolation); beyond the picture is `fill`. It is linear in x − `fill`;
    /// shifts by whole pixels and, of square pictures, quarter turns move pixels without a change.
    ///
    /// # Errors
    /// Pictures of another size than `shape` (height, width, channels), or not finite; a motion or `fill` that is not finite.
    ///
    /// # Reference
    /// Engstrom, Tran, Tsipras, Schmidt & Madry 2019, "Exploring the landscape of spatial robustness", arXiv:1712.02779:
    /// they find by grid what first-order methods do not.
    ///
    /// ```
    /// use dltheory::attack::Motion;
    /// use ndarray::array;
    /// let right = Motion { right: 1.0, ..Motion::default() };
    /// let x = array![[1.0, 2.0, 3.0, 4.0]];
    /// assert_eq!(right.of(&x, (2, 2, 1), 0.0)?, array![[0.0, 1.0, 0.0, 3.0]]);
    /// # Ok::<(), dltheory::Error>(())
    /// ```
    pub fn of(
        &self,
        x: &ArrayRef2<f64>,
        shape: (usize, usize, usize),
        fill: f64,
    ) -> Result<Array2<f64>> {
        check_shape(x.ncols(), shape)?;
        check_rows("the pictures", x, x.ncols())?;
        check_finite("the pictures", x)?;
        check_finite("the motion", &[self.degrees, self.right, self.down])?;
        check_finite("the fill", &[fill])?;
        let (height, width, channels) = shape;
        let weights = self.weights(height, width);
        // What of each pixel comes from inside the picture.
        let mut covered = vec![0.0; height * width];
        for &(at, _, weight) in &weights {
            covered[at] += weight;
        }
        let mut moved = Array2::zeros(x.raw_dim());
        for (mut to, from) in moved.rows_mut().into_iter().zip(x.rows()) {
            for c in 0..channels {
                let plane = c * height * width;
                for (at, covered) in covered.iter().enumerate() {
                    to[plane + at] = (1.0 - covered) * fill;
                }
                for &(at, source, weight) in &weights {
                    to[plane + at] += weight * from[plane + source];
                }
            }
        }
        Ok(moved)
    }

    /// (pixel, where it comes from, with which weight) for one plane.
    fn weights(&self, height: usize, width: usize) -> Vec<(usize, usize, f64)> {
        let (sin, cos) = quarter_exact(self.degrees);
        let middle = ((height - 1) as f64 / 2.0, (width - 1) as f64 / 2.0);
        let mut weights = Vec::with_capacity(4 * height * width);
        for row in 0..height {
            for column in 0..width {
                let (y, x) = (
                    row as f64 - middle.0 - self.down,
                    column as f64 - middle.1 - self.right,
                );
                let source = (cos * y - sin * x + middle.0, cos * x + sin * y + middle.1);
                for (r, near_row) in around(source.0, height) {
                    for (c, near_column) in around(source.1, width) {
                        weights.push((row * width + column, r * width + c, near_row * near_column));
                    }
                }
            }
        }
        weights
    }
}

/// The places of 0..n beside q, each with its nearness 1 − |q − place|, as far as they exist and are not 0.
fn around(q: f64, n: usize) -> impl Iterator<Item = (usize, f64)> {
    let below = q.floor();
    let part = q - below;
    [(below, 1.0 - part), (below + 1.0, part)]
        .into_iter()
        .filter(move |(place, weight)| *weight > 0.0 && *place >= 0.0 && *place < n as f64)
        .map(|(place, weight)| (place as usize, weight))
}

/// Sine and cosine of an angle in degrees, without rounding at quarter turns.
fn quarter_exact(degrees: f64) -> (f64, f64) {
    let turned = degrees.rem_euclid(360.0);
    match turned {
        0.0 => (0.0, 1.0),
        90.0 => (1.0, 0.0),
        180.0 => (0.0, -1.0),
        270.0 => (-1.0, 0.0),
        _ => turned.to_radians().sin_cos(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::uniform_cube;
    use crate::rng::stream;

    #[test]
    fn quarter_turns_and_whole_shifts_move_pixels() {
        let x = uniform_cube(2, 2 * 25, &mut stream(1, "rotation", 0)).expect("valid");
        let shape = (5, 5, 2);
        let turn = |degrees| Motion {
            degrees,
            ..Motion::default()
        };
        let once = turn(90.0).of(&x, shape, 0.0).expect("valid");
        // Clockwise: the upper left corner goes to the upper right.
        assert_eq!(once[[0, 4]], x[[0, 0]]);
        assert_eq!(once[[1, 25 + 4]], x[[1, 25]]);
        let twice = turn(90.0).of(&once, shape, 0.0).expect("valid");
        assert_eq!(twice, turn(180.0).of(&x, shape, 0.0).expect("valid"));
        assert_eq!(x, turn(-180.0).of(&twice, shape, 0.0).expect("valid"));
        assert_eq!(x, turn(0.0).of(&x, shape, 0.3).expect("valid"));
        let shift = Motion {
            right: -1.0,
            down: 2.0,
            ..Motion::default()
        };
        let moved = shift.of(&x, shape, 0.5).expect("valid");
        for (row, column) in [(0, 0), (1, 3), (2, 0), (4, 3), (4, 4)] {
            let expected = match (row >= 2, column <= 3) {
                (true, true) => x[[0, (row - 2) * 5 + column + 1]],
                _ => 0.5,
            };
            assert_eq!(moved[[0, row * 5 + column]], expected);
        }
    }

    /// A linear ramp is what interpolation keeps: inside, turned values are the ramp at the turned place.
    #[test]
    fn a_ramp_turns_into_a_ramp() {
        let n = 15;
        let x = Array2::from_shape_fn((1, n * n), |(_, i)| (i / n) as f64 + 0.5 * (i % n) as f64);
        let motion = Motion {
            degrees: 20.0,
            right: 0.4,
            down: -0.7,
        };
        let moved = motion.of(&x, (n, n, 1), 0.0).expect("valid");
        let (sin, cos) = 20_f64.to_radians().sin_cos();
        for row in 5..10 {
            for column in 5..10 {
                // The same by hand with the inverse written out: turn back about (7, 7) after undoing the shift.
                let (dy, dx) = (row as f64 - 7.0 + 0.7, column as f64 - 7.0 - 0.4);
                let (y, x) = (7.0 + cos * dy - sin * dx, 7.0 + cos * dx + sin * dy);
                assert!((moved[[0, row * n + column]] - (y + 0.5 * x)).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn the_grid_has_every_motion_once() {
        let grid = Motion::grid(30.0, 5, 1).expect("valid");
        assert_eq!(grid.len(), 5 * 9);
        assert!(grid.contains(&Motion::default()));
        assert_eq!(Motion::grid(0.0, 7, 0).expect("valid"), [Motion::default()]);
        assert!(Motion::grid(-1.0, 7, 0).is_err());
        let x = Array2::zeros((1, 4));
        let far = Motion {
            right: f64::NAN,
            ..Motion::default()
        };
        assert!(far.of(&x, (2, 2, 1), 0.0).is_err());
        assert!(Motion::default().of(&x, (2, 3, 1), 0.0).is_err());
    }
}

//! k pixels that may take any value of their range, all others left alone.

use ndarray::{Array1, ArrayRef1, Zip};

use super::picture::{check_pixels, check_slopes};
use crate::error::{Result, check_finite};

/// A picture of which some pixels were changed.
#[derive(Clone, Debug, PartialEq)]
pub struct FreePixels {
    /// The pixels after it, `(d,)`.
    pub inputs: Array1<f64>,
    /// The changed pixels, the largest gain first.
    pub changed: Vec<usize>,
    /// By how much g·z rose.
    pub gain: f64,
}

/// What each pixel alone can add to g·z, `(d,)`: max(g_i (b − x_i), g_i (a − x_i)) for pixels in \[a, b\]. It is never
/// negative.
///
/// # Errors
/// A pixel outside `range`, a slope that is not finite, or another number of slopes than of pixels.
pub fn pixel_gains(
    slopes: &ArrayRef1<f64>,
    x: &ArrayRef1<f64>,
    range: (f64, f64),
) -> Result<Array1<f64>> {
    check_pixels("the pixels", x, range)?;
    check_slopes(slopes.shape(), x.shape())?;
    check_finite("the slopes", slopes)?;
    Ok(Zip::from(slopes)
        .and(x)
        .map_collect(|g, x| g * (end(*g, *x, range) - x)))
}

/// The largest g·z with at most `k` entries of z other than those of x, all in `range`.
///
/// # Formula
/// Pixels do not wait for each other, so the k largest of the gains of [`pixel_gains`] are taken, of equals the first: the
/// changed ones go to the end b of \[a, b\] where g_i > 0, to a where g_i < 0. Exact for a linear model with the slopes
/// g, `(d,)`; for another model the first step of such an attack. Pixels without a gain stay as they are.
///
/// # Errors
/// As for [`pixel_gains`].
///
/// # Reference
/// Mathematics of Data, "...Into adversarial examples": "the use of ℓ1-norm leads to sparse attacks".
///
/// ```
/// use dltheory::attack::free_pixels;
/// use ndarray::array;
/// let worst = free_pixels(&array![2.0, -1.0, 3.0], &array![0.5, 0.9, 0.9], 1, (0.0, 1.0))?;
/// assert_eq!((worst.changed, worst.gain), (vec![0], 1.0));
/// # Ok::<(), dltheory::Error>(())
/// ```
pub fn free_pixels(
    slopes: &ArrayRef1<f64>,
    x: &ArrayRef1<f64>,
    k: usize,
    range: (f64, f64),
) -> Result<FreePixels> {
    let gains = pixel_gains(slopes, x, range)?;
    let mut order: Vec<usize> = (0..x.len()).filter(|i| gains[*i] > 0.0).collect();
    order.sort_by(|a, b| gains[*b].total_cmp(&gains[*a]));
    order.truncate(k);
    let mut inputs = x.to_owned();
    for &i in &order {
        inputs[i] = end(slopes[i], x[i], range);
    }
    Ok(FreePixels {
        inputs,
        gain: order.iter().map(|i| gains[*i]).sum(),
        changed: order,
    })
}

/// Where pixel x goes: to the end of its range that its slope g asks for.
pub(super) fn end(g: f64, x: f64, (low, high): (f64, f64)) -> f64 {
    if g > 0.0 {
        high
    } else if g < 0.0 {
        low
    } else {
        x
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::{gaussian, uniform_cube};
    use crate::rng::stream;
    use ndarray::array;

    /// All subsets of 7 pixels, each pixel at either end of its range.
    #[test]
    fn no_other_choice_gains_more() {
        let rng = &mut stream(1, "free pixels", 0);
        for _ in 0..20 {
            let g = gaussian(1, 7, rng).expect("valid").row(0).to_owned();
            let x = uniform_cube(1, 7, rng).expect("valid").row(0).to_owned();
            for k in 0..=7 {
                let worst = free_pixels(&g, &x, k, (0.0, 1.0)).expect("valid");
                let mut best = 0.0_f64;
                for set in 0_u32..1 << 7 {
                    if set.count_ones() as usize > k {
                        continue;
                    }
                    let of = |i: usize| f64::max(g[i] * (1.0 - x[i]), -g[i] * x[i]);
                    let gain = (0..7).filter(|i| set >> i & 1 == 1).map(of).sum();
                    best = best.max(gain);
                }
                assert!((worst.gain - best).abs() < 1e-14, "{k}");
                assert!((g.dot(&(&worst.inputs - &x)) - best).abs() < 1e-14);
                assert!(worst.changed.len() <= k);
            }
        }
    }

    #[test]
    fn bad_input_is_named() {
        let named = |g: Array1<f64>, x: Array1<f64>, range| {
            let error = free_pixels(&g, &x, 1, range).expect_err("refused");
            error.argument().expect("an argument").to_owned()
        };
        let (g, x) = (array![1.0, 1.0], array![0.5, 0.5]);
        assert_eq!(
            named(g.clone(), x.clone(), (1.0, 0.0)),
            "the range of a pixel"
        );
        assert_eq!(named(g.clone(), array![0.5, 1.5], (0.0, 1.0)), "the pixels");
        assert_eq!(named(array![1.0], x.clone(), (0.0, 1.0)), "the slopes");
        assert_eq!(named(array![f64::NAN, 1.0], x, (0.0, 1.0)), "the slopes");
    }
}

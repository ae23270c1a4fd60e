//! The sign step as majorisation–minimisation: the exact maximiser of a minoriser that is smooth in ℓ∞.

use crate::error::{Error, Result, check_finite, check_scale};

/// One step of minorise–maximise for a function that is smooth in the ℓ∞ norm.
#[derive(Clone, Debug, PartialEq)]
pub struct SignStep {
    /// t*, how far the step goes in ℓ∞.
    pub length: f64,
    /// η* = clip(ζ + t* sign ∇f(ζ)), `(d,)`.
    pub point: Vec<f64>,
    /// How much the minoriser rises from ζ to η*, ≥ 0: f rises by at least that.
    pub gain: f64,
}

/// The maximiser of the minoriser q(η) = f(ζ) + ⟨g, η − ζ⟩ − (L/2)‖η − ζ‖∞² over `low` ≤ η ≤ `high`.
///
/// # Formula
/// With r_i the room of entry i the way of its slope, high_i − ζ_i for g_i > 0 and ζ_i − low_i for g_i < 0,
///
/// η* = clip(ζ + t* sign g), t* = argmax_{t ≥ 0} Σ_i |g_i| min(t, r_i) − L t²/2.
///
/// *Proof.* Among all η with ‖η − ζ‖∞ ≤ t the linear part is largest where every entry goes min(t, r_i) the way of its slope.
/// What is left is concave in t: t* is where the slope Σ_{r_i > t} |g_i| meets L t, or the room at which it jumps past it.
///
/// `at` is ζ, `gradient` g = ∇f(ζ), `smoothness` L ≥ 0, a constant with f ≥ q everywhere between `low` and `high`; all arrays
/// `(d,)`. With L = 0 the step goes to the corner sign g points to.
///
/// # Errors
/// Arrays of different lengths or not finite; L negative or not finite; ζ outside of the bounds.
///
/// # Reference
/// The step for the ball alone: lecture "Adversarial machine learning and GANs" (EE-556), "Multiple steps of FGSM: A connection to
/// majorization-minimization", whose sign and whose t*, of the linear part alone, are misprinted.
pub fn sign_step(
    at: &[f64],
    gradient: &[f64],
    low: &[f64],
    high: &[f64],
    smoothness: f64,
) -> Result<SignStep> {
    let d = at.len();
    for (what, array) in [
        ("the point of the step", at),
        ("the gradient", gradient),
        ("the lower bounds", low),
        ("the upper bounds", high),
    ] {
        if array.len() != d || d == 0 {
            return Err(Error::shape(
                what,
                format!("({},)", d.max(1)),
                &[array.len()],
            ));
        }
        check_finite(what, array)?;
    }
    check_scale("the smoothness L of the step", smoothness)?;
    let outside = |i: &usize| !(low[*i] <= at[*i] && at[*i] <= high[*i]);
    if let Some(i) = (0..d).find(outside) {
        let expected = format!("from {} to {}", low[i], high[i]);
        return Err(Error::domain(
            &format!("entry {i} of the point"),
            expected,
            at[i],
        ));
    }
    let room = |i: usize| match gradient[i] > 0.0 {
        true => high[i] - at[i],
        false => at[i] - low[i],
    };
    let mut rooms: Vec<(f64, f64)> = (0..d).map(|i| (room(i), gradient[i].abs())).collect();
    rooms.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    // Σ of the slopes of entries that still have room, as t passes one room after the other. Summed from the far end, so
    // that the last is exact.
    let mut left = vec![0.0; d + 1];
    for i in (0..d).rev() {
        left[i] = left[i + 1] + rooms[i].1;
    }
    let mut length = 0.0;
    for (i, (room, _)) in rooms.iter().enumerate() {
        // From the last room to this one the slope is left[i] − L t.
        if left[i] <= smoothness * room {
            let crossing = left[i] / smoothness;
            // Behind the last room already where the jump there went past zero.
            length = if left[i] > 0.0 && crossing > length {
                crossing
            } else {
                length
            };
            break;
        }
        length = *room;
    }
    let point = (0..d).map(|i| {
        let step = if length < room(i) { length } else { room(i) };
        match gradient[i] {
            0.0 => at[i],
            g => (at[i] + step.copysign(g)).clamp(low[i], high[i]),
        }
    });
    let point: Vec<f64> = point.collect();
    let linear: f64 = (0..d).map(|i| gradient[i] * (point[i] - at[i])).sum();
    Ok(SignStep {
        gain: linear - smoothness / 2.0 * length * length,
        length,
        point,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;
    use rand::RngExt;

    #[test]
    fn no_other_point_of_the_box_is_better() {
        let rng = &mut stream(1, "sign step", 0);
        for case in 0..200 {
            let d = 1 + case % 6;
            let smoothness = [0.0, 0.1, 2.0, 30.0][case % 4];
            let mut draw = |low: f64, high: f64| -> Vec<f64> {
                (0..d).map(|_| rng.random_range(low..high)).collect()
            };
            let (at, g) = (draw(-1.0, 1.0), draw(-2.0, 2.0));
            let (low, high) = (vec![-1.0; d], vec![1.0; d]);
            let step = sign_step(&at, &g, &low, &high, smoothness).expect("valid");
            let q = |eta: &[f64]| -> f64 {
                let moves: Vec<f64> = eta.iter().zip(&at).map(|(a, b)| a - b).collect();
                let far = moves.iter().fold(0.0_f64, |most, m| most.max(m.abs()));
                g.iter().zip(&moves).map(|(g, m)| g * m).sum::<f64>() - smoothness / 2.0 * far * far
            };
            assert!((q(&step.point) - step.gain).abs() < 1e-12 && step.gain >= 0.0);
            for _ in 0..200 {
                assert!(q(&draw(-1.0, 1.0)) <= step.gain + 1e-12);
                // Near by, too.
                let near = step.point.iter().zip(draw(-1e-3, 1e-3));
                let near: Vec<f64> = near.map(|(p, m)| (p + m).clamp(-1.0, 1.0)).collect();
                assert!(q(&near) <= step.gain + 1e-12, "{at:?} {g:?} {smoothness}");
            }
        }
    }

    /// d = 1: t* = min(|g|/L, room).
    #[test]
    fn one_dimension_by_hand() {
        let step =
            |at, g, smoothness| sign_step(&[at], &[g], &[-1.0], &[1.0], smoothness).expect("valid");
        assert_eq!(step(0.0, -2.0, 4.0).point, [-0.5]);
        assert_eq!(step(0.0, 2.0, 1.0).point, [1.0]);
        assert_eq!(step(0.5, 2.0, 0.0).point, [1.0]);
        assert_eq!(
            step(0.5, 0.0, 1.0),
            SignStep {
                length: 0.0,
                point: vec![0.5],
                gain: 0.0
            }
        );
        assert_eq!(step(1.0, 3.0, 1.0).gain, 0.0);
    }

    #[test]
    fn impossible_steps_are_refused() {
        let refusal = |at: &[f64], g: &[f64], smoothness| {
            sign_step(at, g, &[-1.0], &[1.0], smoothness)
                .expect_err("refused")
                .to_string()
        };
        assert!(refusal(&[0.0], &[1.0, 2.0], 1.0).contains("the gradient"));
        assert!(refusal(&[2.0], &[1.0], 1.0).contains("entry 0 of the point is 2"));
        assert!(refusal(&[0.0], &[1.0], -1.0).contains("the smoothness"));
        assert!(refusal(&[0.0], &[f64::NAN], 1.0).contains("the gradient"));
    }
}

//! The loop of these methods, and what one of them is.

use crate::error::{Error, Result};
use crate::optimise::solve::{Look, Solution, Status, Stop};
use crate::optimise::trajectory::{Iterate, Observer};
use crate::real::all_finite;

/// ∇f at a point, into the buffer.
pub(super) type Slope<'a> = dyn FnMut(&[f64], &mut Vec<f64>) -> Result<()> + 'a;

/// A method of first order with sequences of its own.
pub(super) trait Method {
    /// Takes step k = 1, 2, … and returns its learning rate.
    fn step(
        &mut self,
        k: usize,
        slope: &mut Slope<'_>,
        prox: &dyn Fn(&mut [f64], f64),
    ) -> Result<f64>;

    /// The point that is reported.
    fn point(&self) -> &[f64];
}

/// Asks on the way; no problem is asked at a point that is none.
pub(super) fn ask_at<A: FnMut(&[f64], &mut Vec<f64>, Look) -> Result<f64>>(
    x: &[f64],
    gradient: &mut Vec<f64>,
    ask: &mut A,
) -> Result<()> {
    match all_finite(x) {
        true => ask(x, gradient, Look::OnTheWay).map(drop),
        false => {
            gradient.fill(f64::NAN);
            Ok(())
        }
    }
}

/// Goes from `x` by `step(k, x, ask)`, which returns its rate; the pace is the number of steps, those between two looks,
/// and when to stop.
pub(super) fn drive<A: FnMut(&[f64], &mut Vec<f64>, Look) -> Result<f64>>(
    mut x: Vec<f64>,
    (steps, every, stop): (usize, usize, Stop),
    mut ask: A,
    mut step: impl FnMut(usize, &mut [f64], &mut A) -> Result<f64>,
    observer: &mut impl Observer,
) -> Result<Solution> {
    let mut sound = Solution {
        x: x.clone(),
        value: f64::NAN,
        average: Vec::new(),
        steps: 0,
        status: Status::Finished,
    };
    let (mut gradient, mut rate) = (Vec::new(), f64::NAN);
    for k in 0..=steps {
        if k > 0 {
            rate = step(k, &mut x, &mut ask)?;
        }
        if k != steps && !k.is_multiple_of(every) {
            continue;
        }
        gradient.resize(x.len(), 0.0);
        let value = match all_finite(&x) {
            true => ask(&x, &mut gradient, Look::AtTheEnd)?,
            false => f64::NAN,
        };
        if !(value.is_finite() && all_finite(&gradient)) {
            if k == 0 {
                let expected = "finite, with a finite gradient";
                return Err(Error::domain("the value at the start", expected, value));
            }
            sound.status = Status::Diverged { step: k, value };
            break;
        }
        sound.x.copy_from_slice(&x);
        (sound.value, sound.steps) = (value, k);
        let seen = observer.see(&Iterate {
            step: k,
            x: &x,
            value,
            gradient: &gradient,
            clipped: None,
            rate,
        });
        sound.status = match (stop.is_met(value, &gradient), seen.is_break()) {
            (true, _) => Status::Reached,
            (false, true) => Status::StoppedByObserver,
            (false, false) => continue,
        };
        break;
    }
    sound.average = sound.x.clone();
    Ok(sound)
}

//! Valleys and peaks of a curve by step.

/// The steps where a curve turns.
pub(super) struct Landmarks {
    pub valley: usize,
    pub peak: usize,
    pub second: usize,
}

impl Landmarks {
    pub(super) const NONE: Self = Self {
        valley: 0,
        peak: 0,
        second: 0,
    };

    /// The first valley of `curve`, the peak after it and the valley after that; none where it does not turn so often.
    pub(super) fn of(curve: &[f64]) -> Option<Self> {
        let from = |at: usize, sign: f64| {
            let higher = move |t: &usize| sign * (curve[t + 1] - curve[*t]) > 0.0;
            (at..curve.len() - 1).find(higher)
        };
        let valley = from(0, 1.0)?;
        let peak = from(valley, -1.0)?;
        let second = from(peak, 1.0)?;
        Some(Self {
            valley,
            peak,
            second,
        })
    }
}

/// How often a curve turns upwards; steps within rounding are no turn.
pub(super) fn valleys(curve: &[f64]) -> usize {
    let steps = curve.windows(2).map(|pair| pair[1] / pair[0] - 1.0);
    let steps: Vec<f64> = steps.filter(|step| step.abs() > 1e-12).collect();
    let turns = steps.windows(2);
    turns.filter(|pair| pair[0] < 0.0 && pair[1] > 0.0).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_found() {
        let curve = [5.0, 3.0, 4.0, 6.0, 2.0, 1.0, 1.5];
        let found = Landmarks::of(&curve).expect("two valleys");
        assert_eq!((found.valley, found.peak, found.second), (1, 3, 5));
        assert_eq!((valleys(&curve), valleys(&curve[..4])), (2, 1));
        assert!(Landmarks::of(&curve[..6]).is_none() && Landmarks::of(&[1.0]).is_none());
    }
}

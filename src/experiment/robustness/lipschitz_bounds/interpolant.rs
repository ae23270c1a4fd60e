//! Piecewise linear interpolants of four functions: never steeper than the function, and how fast they become as steep.

use crate::error::Result;
use crate::experiment::Claim;
use crate::measure::lipschitz::interpolant_lipschitz;
use crate::plot::Panel;
use crate::stats::{larger, largest, least};

/// Equal gaps between the knots on [0, 1].
const GAPS: [usize; 9] = [4, 8, 16, 32, 64, 128, 256, 512, 1024];

/// From here on the next order of h is small beside the leading one.
const FINE: usize = 64;

/// How steep the tanh is, and where it is steepest.
const STEEP: (f64, f64) = (4.0, 0.37);

/// Differences of numbers of size 1 over a gap 1/1024.
const ROUNDING: f64 = 1e-11;

/// What is missing of sup|f′| for each number of gaps.
pub(super) struct Missing {
    sine: Vec<f64>,
    tanh: Vec<f64>,
    exp: Vec<f64>,
    /// The steepest chord over sup|f′|, largest over the functions and gaps; the fourth function is linear.
    steepest: f64,
}

fn gap(gaps: usize) -> f64 {
    1.0 / gaps as f64
}

fn chord(f: &dyn Fn(f64) -> f64, gaps: usize) -> Result<f64> {
    let knots: Vec<f64> = (0..=gaps).map(|k| k as f64 * gap(gaps)).collect();
    let values: Vec<f64> = knots.iter().map(|&x| f(x)).collect();
    interpolant_lipschitz(&knots, &values)
}

/// 2π − sin(2πh)/h: the first chord of sin 2πx is the steepest.
fn sine_law(h: f64) -> f64 {
    std::f64::consts::TAU - (std::f64::consts::TAU * h).sin() / h
}

impl Missing {
    pub(super) fn of() -> Result<Self> {
        let mut steepest = f64::NEG_INFINITY;
        let mut missing = |f: &dyn Fn(f64) -> f64, sup: f64| {
            let each = GAPS.iter().map(|&gaps| {
                let slope = chord(f, gaps)?;
                steepest = larger(steepest, slope / sup);
                Ok(sup - slope)
            });
            each.collect::<Result<Vec<f64>>>()
        };
        let (rate, at) = STEEP;
        missing(&|x| 3.0 * x, 3.0)?;
        Ok(Self {
            sine: missing(
                &|x| (std::f64::consts::TAU * x).sin(),
                std::f64::consts::TAU,
            )?,
            tanh: missing(&|x| (rate * (x - at)).tanh(), rate)?,
            exp: missing(&f64::exp, std::f64::consts::E)?,
            steepest,
        })
    }

    /// The exponent of h between the two finest meshes.
    fn exponent(missing: &[f64]) -> f64 {
        let [.., coarse, fine] = missing else {
            return f64::NAN;
        };
        (coarse / fine).log2()
    }

    pub(super) fn sine_exponent(&self) -> f64 {
        Self::exponent(&self.sine)
    }

    pub(super) fn exp_exponent(&self) -> f64 {
        Self::exponent(&self.exp)
    }

    pub(super) fn claims(&self) -> [Claim; 6] {
        let off = GAPS.iter().zip(&self.sine);
        let off = largest(off.map(|(&n, missing)| (missing - sine_law(gap(n))).abs()));
        // In units of h²|f‴|, with |f‴| = 2·rate³ where tanh is steepest.
        let fine = || GAPS.iter().zip(&self.tanh).filter(|(n, _)| **n >= FINE);
        let share = || fine().map(|(&n, m)| m / (gap(n).powi(2) * 2.0 * STEEP.0.powi(3)));
        // The next term is smaller by (rate·h)² or more.
        let next = (STEEP.0 * gap(FINE)).powi(2);
        let last = 2.0 * gap(GAPS[GAPS.len() - 1]);
        [
            Claim::at_most(
                "a piecewise linear interpolant is nowhere steeper than the function (mean value theorem): \
                 steepest chord over sup|f′|, largest of sin, tanh, exp and a line on 5 to 1025 knots",
                1.0,
                self.steepest,
                ROUNDING,
            )
            .bound(),
            Claim::at_most(
                "sin 2πx: the steepest chord is sin(2πh)/h: largest distance over the meshes",
                0.0,
                off,
                ROUNDING,
            )
            .identity(),
            Claim::equals(
                "sin 2πx: 2π minus the steepest chord falls like h²: exponent between the two finest meshes, the next term \
                 (2πh)²/20 of this one, which moves it by (2πh)²/10 at most",
                2.0,
                self.sine_exponent(),
                (std::f64::consts::TAU * last).powi(2) / 10.0,
            )
            .against(1.0, "the power at an end where f″ is not 0"),
            Claim::at_least(
                "tanh, steepest between the knots: at least h²|f‴|/24 is missing, least multiple of h²|f‴| \
                 from 64 gaps on",
                1.0 / 24.0,
                least(share()),
                next / 24.0,
            )
            .bound(),
            Claim::at_most(
                "tanh: at most h²|f‴|/6 is missing, largest multiple of h²|f‴| from 64 gaps on",
                1.0 / 6.0,
                largest(share()),
                next / 6.0,
            )
            .bound(),
            Claim::equals(
                "exp, steepest at the end of the interval: exponent, the next term h/3 of this one",
                1.0,
                self.exp_exponent(),
                last,
            )
            .against(2.0, "the power at an inner maximum"),
        ]
    }

    pub(super) fn panel(&self) -> Panel {
        let meshes: Vec<f64> = GAPS.iter().map(|&n| n as f64).collect();
        let dense: Vec<f64> = (0..=160)
            .map(|i| 4.0 * 2.0_f64.powf(f64::from(i) / 20.0))
            .collect();
        let law: Vec<f64> = dense.iter().map(|n| sine_law(1.0 / n)).collect();
        let curved = 2.0 * STEEP.0.powi(3);
        let band = |over: f64| {
            dense
                .iter()
                .map(|n| curved / (over * n * n))
                .collect::<Vec<_>>()
        };
        Panel::new("gaps between knots", "sup|f′| − steepest chord")
            .title("piecewise linear interpolants")
            .log_x()
            .log_y()
            .points("exp: like h", &meshes, &self.exp)
            .color(2)
            .points("sin 2πx: like h²", &meshes, &self.sine)
            .color(0)
            .line("2π − sin(2πh)/h", &dense, &law)
            .color(0)
            .points("tanh 4(x − 0.37)", &meshes, &self.tanh)
            .color(1)
            .line("h²|f‴|/24 and h²|f‴|/6", &dense, &band(24.0))
            .color(1)
            .dotted()
            .line("", &dense, &band(6.0))
            .color(1)
            .dotted()
    }
}

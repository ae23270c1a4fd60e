//! Settings, the game that is chosen, and the rows of the table.

use ndarray::Array2;

use crate::error::Result;
use crate::experiment::{row, settings};
use crate::game::arena::{AlmostBilinear, Forsaken, Quadratic};
use crate::game::method::Gda;
use crate::game::{Biased, Game};
use crate::optimise::{Field, Schedule};
use crate::stats::Estimate;

/// How often chance alone may break a claim.
pub(super) const LEVEL: f64 = 1e-4;

/// α_k = RATE·(1 + k/SCALE)^(−κ).
pub(super) const RATE: f64 = 0.05;
pub(super) const SCALE: f64 = 100.0;

settings! {
    /// Settings of `robbins_monro`.
    pub struct RobbinsMonro {
        /// The game: forsaken with offset 0.1 and quadratic have a point that attracts, almost_bilinear a cycle.
        game: &'static str = "forsaken", in ["forsaken", "almost_bilinear", "quadratic"];
        /// The power κ of the steps 0.05 (1 + k/100)^(−κ).
        power: f64 = 0.75, in 0.55..=1.0;
        /// The length of the bias b, of direction (0.6, 0.8).
        bias: f64 = 0.15, in 0.0..=0.2;
        /// The standard deviation σ of the noise on each entry of V.
        noise: f64 = 0.2, in 0.05..=0.25;
        /// Steps of a run.
        steps: usize = 40_000, quick 15_000, in 10_000..=10_000_000;
        /// Runs.
        draws: usize = 96, quick 48, in 16..=10_000;
    }
}

row! {
    /// One number of the runs.
    pub(super) struct Point {
        /// shadow: distance² from the flow after a window of its time; end: distance of a biased run from a limit of the flow
        part: &'static str;
        /// the game
        game: &'static str;
        /// α, the first step of the window; of the ends the last step
        step: f64;
        /// ‖b‖
        bias: f64;
        /// mean square distance from the flow; mean distance from the limit of the flow without bias
        measured: Estimate, and se "its standard error over runs";
        /// by theory
        predicted: f64;
    }
}

/// The games there are to choose.
#[derive(Clone, Copy, Debug)]
pub(super) enum Chosen {
    Forsaken(Forsaken),
    AlmostBilinear(AlmostBilinear),
    Quadratic(Quadratic),
}

impl Chosen {
    pub(super) const QUADRATIC: Self = Self::Quadratic(Quadratic { a: 1.0, b: 0.3 });

    /// By its name, one of those the settings allow.
    pub(super) fn of(name: &str) -> Self {
        match name {
            "forsaken" => Self::Forsaken(Forsaken { offset: 0.1 }),
            "almost_bilinear" => Self::AlmostBilinear(AlmostBilinear { epsilon: 0.1 }),
            _ => Self::QUADRATIC,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Forsaken(_) => "forsaken",
            Self::AlmostBilinear(_) => "almost_bilinear",
            Self::Quadratic(_) => "quadratic",
        }
    }

    /// Where runs begin.
    pub(super) fn start(self) -> [f64; 2] {
        match self {
            Self::Forsaken(_) => [0.3, -0.1],
            Self::AlmostBilinear(_) => [1.16, 0.0],
            Self::Quadratic(_) => [1.0, 0.5],
        }
    }

    /// V + b with ‖b‖ = `bias`.
    pub(super) fn biased(self, bias: f64) -> Biased<Self> {
        Biased::new(self, vec![0.6 * bias, 0.8 * bias]).expect("two numbers for two players")
    }
}

impl Field for Chosen {
    fn dimension(&self) -> usize {
        2
    }

    #[inline]
    fn at(&self, z: &[f64], v: &mut [f64]) -> Result<()> {
        match self {
            Self::Forsaken(game) => game.at(z, v),
            Self::AlmostBilinear(game) => game.at(z, v),
            Self::Quadratic(game) => game.at(z, v),
        }
    }
}

impl Game for Chosen {
    fn jacobian(&self, z: &[f64]) -> Result<Array2<f64>> {
        match self {
            Self::Forsaken(game) => game.jacobian(z),
            Self::AlmostBilinear(game) => game.jacobian(z),
            Self::Quadratic(game) => game.jacobian(z),
        }
    }
}

impl RobbinsMonro {
    /// α_k.
    pub(super) fn step(&self, k: usize) -> f64 {
        RATE * self.schedule(0).factor(k, 1, 1)
    }

    /// α_(first + k)/α_first as a function of k.
    fn schedule(&self, first: usize) -> Schedule {
        Schedule::Power {
            scale: SCALE + first as f64,
            exponent: self.power,
        }
    }

    /// z ← z − α_k V(z, ζ), both players at once, beginning with step `first` of the whole run.
    pub(super) fn template(&self, first: usize) -> Gda {
        Gda {
            schedule: self.schedule(first),
            ..Gda::together(self.step(first))
        }
    }
}

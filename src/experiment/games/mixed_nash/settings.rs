//! What may be set.

use crate::experiment::settings;

settings! {
    /// Settings of `mixed_nash`.
    pub struct MixedNash {
        /// Numbers of rows, as many as of columns, of random matrix games.
        sizes: Vec<usize> = vec![3, 10, 30], in 2..=60, len 1..=5;
        /// Random games of each size.
        games: usize = 5, in 1..=50;
        /// Steps K of mirror descent.
        steps: usize = 4000, quick 2000, in 10..=100_000;
        /// The temperature τ of the coldest populations; others run at 2τ and 4τ.
        temperature: f64 = 0.05, in 0.005..=0.5;
        /// The step α of populations, of GDA and of EG.
        step: f64 = 0.02, in 0.005..=0.05;
        /// Time Kα that populations run; means are taken over its second half.
        time: f64 = 400.0, quick 160.0, in 10.0..=5000.0;
        /// Points of each population.
        particles: usize = 1000, quick 300, in 50..=20_000;
        /// Independent pairs of populations at each temperature.
        draws: usize = 8, quick 6, in 3..=100;
    }
}

impl MixedNash {
    /// Populations that run for less than this many times 1/τ after half of their time still know where they began: the slowest even
    /// mode of a walk in [−2, 2] falls as e^(−(π/2)²τt), so that e^(−7) of it is left.
    const MIXED: f64 = 3.0;

    /// Whether the populations at the lowest temperature forget their start.
    pub(super) fn forgets(&self) -> bool {
        0.5 * self.time * self.temperature >= Self::MIXED
    }

    /// Why a claim about the rest of populations is not measured.
    pub(super) const COLD: &str =
        "it is too cold for this time: the populations still know where they began";

    /// The temperatures, from the lowest.
    pub(super) fn temperatures(&self) -> [f64; 3] {
        [1.0, 2.0, 4.0].map(|factor| factor * self.temperature)
    }

    /// Steps of populations, at least 2.
    pub(super) fn population_steps(&self) -> usize {
        ((self.time / self.step).round() as usize).max(2)
    }
}

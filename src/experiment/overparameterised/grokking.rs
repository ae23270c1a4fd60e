//! A network that adds modulo p: it first knows its examples by heart, and much later how to add.

mod delay;
mod figure;
mod runs;
mod settings;

use crate::data::ModularTable;
use crate::error::Result;
use crate::experiment::{About, Claim, Context, Findings, Study};
use crate::measure::largest_wave_by_chance;
use crate::model::{PairNetwork, cosine_circuit};
use crate::stats::{Estimate, PowerLaw, least};
use delay::{Delay, Ends};
use ndarray::s;
use runs::Run;
pub use settings::Grokking;
use settings::Point;

/// From how many times later on the decay alone decides when.
const SLOW: f64 = 6.0;

/// The chance that one claim fails although theory is right.
const LEVEL: f64 = 1e-3;

/// How often chance alone may pass for a gain: with five networks a smaller level asks for seven standard errors.
const GAIN_LEVEL: f64 = 0.01;

impl Study for Grokking {
    const ABOUT: About = About {
        id: "grokking",
        title: "Grokking: sums modulo p, learned by heart and then understood",
        what: "Trains two-layer networks by AdamW on a part of the table of sums modulo p. They soon know every sum they have seen \
               and none of the others; with weight decay λ they know the others too, after a number of steps that grows like 1/λ. \
               By then their units have become waves: a product of waves of a and of b is a wave of a + b. Three such units, set by \
               hand, know the whole table.",
        slide: "Stability and robustness (Scaman): \"But... Grokking!?\"; after Power, Burda, Edwards, Babuschkin & Misra 2022, \
                arXiv:2201.02177; Gromov 2023, arXiv:2301.02679; Liu, Michaud & Tegmark 2022, arXiv:2210.01117",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let mut decays = self.weight_decay.clone();
        decays.sort_unstable_by(f64::total_cmp);
        decays.dedup();
        let runs = self.runs(&decays, seed, context)?;
        self.findings(&decays, &runs)
    }
}

impl Grokking {
    fn findings(&self, decays: &[f64], runs: &[Vec<Run>]) -> Result<Findings> {
        let p = self.modulus as f64;
        let delays = runs.iter().map(|runs| Delay::of(runs, p));
        let delays: Vec<Delay> = delays.collect::<Result<_>>()?;
        let late: Vec<&Delay> = delays.iter().filter(|delay| delay.is_late()).collect();
        let unknown = Estimate {
            mean: f64::NAN,
            se: f64::NAN,
            draws: self.draws,
        };
        let latest = late.first();
        let best = delays
            .iter()
            .rposition(|delay| delay.weight_decay > 0.0 && delay.known.is_some());
        let chance = largest_wave_by_chance(self.modulus)?;
        let units = best.map(|best| Ends::of(&runs[best])).transpose()?;
        // All columns of all starts are independent.
        let columns = runs[0]
            .iter()
            .flat_map(|run| run.start.waves.iter().flatten());
        let starts = Estimate::of(columns, |wave| wave.share)?;
        let slow = latest
            .and_then(|latest| latest.ratio)
            .is_some_and(|ratio| ratio.mean > SLOW.ln());
        let law = match late.len() {
            0 | 1 => None,
            _ if !slow => None,
            _ => Some(PowerLaw::of(
                late.iter().copied(),
                |d| d.weight_decay,
                |d| d.known.unwrap_or(unknown),
            )?),
        };
        let without = decays.iter().position(|decay| *decay == 0.0);
        let pairs = without.zip(best);
        let gain = pairs.map(|(without, best)| {
            let pairs = runs[without].iter().zip(&runs[best]);
            least(pairs.map(|(without, with)| with.test_end - without.test_end))
        });
        let without_too =
            without.is_some_and(|place| runs[place].iter().any(|run| run.known.is_some()));
        let mut shown: Vec<usize> = (0..runs.len()).collect();
        if shown.len() > 4 {
            shown = vec![0, 1, runs.len() / 2, runs.len() - 1];
        }
        let (circuit, whole) = (self.one_wave()?, self.all_waves()?);
        let no_delay = "no weight decay of the list led to a late rise within the steps";
        let not_known =
            "with no weight decay did all networks come to know the other sums within the steps";
        let steps = |of: fn(&Delay) -> Option<Estimate>| {
            latest.and_then(|latest| of(latest)).map(|steps| steps.mean)
        };
        Ok(Findings::of(runs.iter().flatten().flat_map(|run| &run.points))
            .measure_or("step_train_99", steps(|d| d.memorised), no_delay)
            .measure_or("step_test_95", steps(|d| d.known), no_delay)
            .measure_or("least_late_decay", latest.map(|latest| latest.weight_decay), no_delay)
            .measure("diverged", runs.iter().flatten().filter(|run| run.diverged).count())
            .claim(Claim::positive(
                "learned by heart first, understood later: ln of the ratio of steps, 95 % of the other sums to 99 % of the seen ones, at the \
                 least λ that led there",
                latest.and_then(|d| d.ratio).unwrap_or(unknown),
                GAIN_LEVEL,
            )?)
            .not_measured_if(latest.is_none(), no_delay)
            .headline()
            .measured_as("ln_delay")
            .claim(Claim::positive(
                "what is learned by heart is worse than a guess on the other sums, as no other sum of a row of the table has their \
                 answer: chance 1/p less accuracy, when 99 % of the seen ones are known",
                latest.and_then(|d| d.below_chance).unwrap_or(unknown),
                GAIN_LEVEL,
            )?)
            .not_measured_if(latest.is_none(), no_delay)
            .measured_as("below_chance")
            .claim(Claim::at_most(
                "steps to know the other sums against λ, in log-log: slope −1 where only the decay moves weights that fit already, by ηλ a \
                 step; below −1/2, nearer to −1 than to 0",
                -0.5,
                law.map_or(f64::NAN, |law| law.exponent),
                0.0,
            ))
            .against(0.0, "a delay that does not depend on λ")
            .not_measured_if(law.is_none(), "fewer than two weight decays led to a late rise within the steps, or the latest is no six times later: descent alone generalises")
            .headline()
            .measured_as("slope_of_delay")
            .claim(Claim::greater_than(
                "without decay the other sums stay unknown: accuracy on the other sums at the end with decay, less that of the same start and \
                 table without: least",
                0.0,
                gain.unwrap_or(f64::NAN),
                0.0,
            ))
            .not_measured_if(gain.is_none(), "weight decay 0, or one that led to knowledge, is not in the list")
            .not_measured_if(without_too, "some network came to know the other sums without decay")
            .measured_as("least_gain_by_decay")
            .claim(Claim::mean_equals(
                "before training the largest wave of a column has by chance the share H_K/K, K = (p − 1)/2",
                chance,
                starts,
                0.0,
                LEVEL,
            )?)
            .against(2.0 / (p - 1.0), "equal shares")
            .measured_as("share_before")
            .claim(Claim::positive(
                "the units have become waves: share of the largest wave after training less before",
                units.as_ref().map_or(unknown, |units| units.gain),
                GAIN_LEVEL,
            )?)
            .not_measured_if(units.is_none(), not_known)
            .measured_as("share_gain")
            .claim(Claim::equals(
                "the phases of the units' waves add up, φ_U + φ_W = φ_V: mean cosine of the difference (nearer to 1 than to chance)",
                1.0,
                units.as_ref().map_or(f64::NAN, |units| units.agreement.mean),
                0.5,
            ))
            .against(0.0, "phases by chance")
            .not_measured_if(units.is_none(), not_known)
            .measured_as("phase_agreement")
            .claim(Claim::equals(
                "the waves are what knows: accuracy on the other sums with every column cut down to its largest wave (nearer to 1 \
                 than to chance)",
                1.0,
                units.as_ref().map_or(f64::NAN, |units| units.alone.mean),
                0.5 * (1.0 - 1.0 / p),
            ))
            .against(1.0 / p, "a guess")
            .not_measured_if(units.is_none(), not_known)
            .measured_as("waves_alone_accuracy")
            .claim(Claim::equals(
                "three quadratic units set by hand, waves of one frequency, know the whole table: accuracy",
                1.0,
                circuit.0,
                0.0,
            ))
            .against(circuit.1, "two of them alone")
            .identity()
            .headline()
            .claim(Claim::equals(
                "six quadratic units for each frequency and one more, set by hand, leave no error: mean square, up to rounding",
                0.0,
                whole.0,
                whole.2,
            ))
            .against(whole.1, "without the one more")
            .identity()
            .figure(figure::figure(Self::ABOUT.title, runs, &delays, &shown, best.unwrap_or(runs.len() - 1), chance)?))
    }

    /// Accuracy on the whole table of three units with one frequency, and of two of them.
    fn one_wave(&self) -> Result<(f64, f64)> {
        let table = ModularTable::all(self.modulus)?;
        let circuit = cosine_circuit(self.modulus, &[1])?;
        let accuracy =
            |units: usize| -> Result<f64> { Ok(circuit.first(units).score(&table)?.accuracy) };
        Ok((accuracy(3)?, accuracy(2)?))
    }

    /// The mean squared error of the circuit of all frequencies, the same without its last unit, and what rounding may add up
    /// to. An output is a sum of 6K + 1 products, together at most 8 in absolute value, of numbers that are each right to
    /// some 8ε.
    fn all_waves(&self) -> Result<(f64, f64, f64)> {
        let table = ModularTable::all(self.modulus)?;
        let half = (self.modulus - 1) / 2;
        let all = cosine_circuit(self.modulus, &(1..=half).collect::<Vec<_>>())?;
        let fewer = PairNetwork {
            weights: all
                .weights
                .slice(s![.., ..6 * half])
                .as_standard_layout()
                .into_owned(),
            ..all.clone()
        };
        let rounding = 8.0 * (6.0 * half as f64 + 9.0) * f64::EPSILON;
        Ok((
            all.score(&table)?.loss,
            fewer.score(&table)?.loss,
            rounding * rounding,
        ))
    }
}

//! A small experiment for tests: the share of heads in throws of a biased coin.

use rand::RngExt;

use super::{About, Claim, Context, Findings, Settings, Study, row, settings};
use crate::plot::Figure;
use crate::rng::stream;
use crate::{Error, Result};

settings! {
    /// Settings of the coin.
    pub struct Coin {
        /// Throws per round.
        throws: usize = 1000, quick 100, in 1..=10_000;
        /// Probability of heads,
        /// in each throw.
        bias: f64 = 0.5, in 0.0..=1.0;
        /// Shift of the prediction, to make the claim fail.
        shift: f64 = 0.0, in -1.0..1.0;
        /// Count tails?
        tails: bool = false;
        /// Seeds of the rounds.
        rounds: Vec<usize> = vec![1, 2, 3], in 0.., len 1..=5, increasing;
        /// Two weights.
        weights: Vec<f64> = vec![0.5, 0.5], in 0.0.., len 2;
        /// What the coin is made of.
        metal: &'static str = "gold", in ["gold", "silver", "brass"];
        /// What to do: throw, lose the coin and so measure nothing, leave it on its edge and so the claim open, fail, or panic.
        fate: &'static str = "throw", in ["throw", "lose", "edge", "fail", "panic"];
    }
}

row! {
    /// One round.
    struct Round {
        /// number of the round
        round: usize;
        /// share of heads
        share: f64;
    }
}

impl Study for Coin {
    const ABOUT: About = About {
        id: "coin",
        title: "A biased coin",
        what: "Throws a coin many times and compares the share of heads with its probability.",
        slide: "none: a test",
        columns: Round::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        match self.fate {
            "fail" => return Err(Error::shape("coin", "round", &[4])),
            "panic" => panic!("the coin rolled away"),
            _ => {}
        }
        let rounds = context.each("rounds", &self.rounds, |&round| {
            let mut rng = stream(seed, "coin", round as u64);
            let heads = (0..self.throws).filter(|_| rng.random_bool(self.bias));
            let share = heads.count() as f64 / self.throws as f64;
            Ok(Round {
                round,
                share: if self.tails { 1.0 - share } else { share },
            })
        })?;
        let shares: Vec<f64> = rounds.iter().map(|round| round.share).collect();
        let expected = match self.tails {
            true => 1.0 - self.bias,
            false => self.bias,
        };
        let found = Findings::of(&rounds).claim(Claim::equals(
            "the share of heads is the bias",
            expected + self.shift,
            shares.iter().sum::<f64>() / shares.len() as f64,
            0.1,
        ));
        let found = match self.fate {
            "edge" => found
                .against(expected, "what is expected")
                .may_stay_open(true, "the coin stands on its edge"),
            _ => found,
        };
        Ok(found
            .not_measured_if(self.fate == "lose", "the coin is lost")
            .measured_as("mean")
            .measure("shares", shares)
            .figure(Figure::default()))
    }
}

impl Coin {
    /// A run of the default coin, for tests of what happens to a report.
    pub(crate) fn report() -> super::Report {
        Self::default().run(1).expect("the default coin is thrown")
    }

    /// One setting set from text.
    pub(crate) fn with(name: &str, text: &str) -> Result<Self> {
        let mut coin = Self::default();
        coin.set(name, text).map(|()| coin)
    }
}

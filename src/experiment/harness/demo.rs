//! A small experiment for tests: the share of heads in throws of a biased coin.

use rand::RngExt;
use rayon::prelude::*;

use super::{About, Claim, Column, Context, Findings, Measured, Settings, Study, Table, settings};
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
        rounds: Vec<usize> = vec![1, 2, 3], in 0.., len 1..=5;
        /// Two weights.
        weights: Vec<f64> = vec![0.5, 0.5], in 0.0.., len 2;
        /// What the coin is made of.
        metal: &'static str = "gold", in ["gold", "silver", "brass"];
        /// What to do: throw, lose the coin and so measure nothing, fail, or panic.
        fate: &'static str = "throw", in ["throw", "lose", "fail", "panic"];
    }
}

impl Study for Coin {
    const ABOUT: About = About {
        id: "coin",
        title: "A biased coin",
        what: "Throws a coin many times and compares the share of heads with its probability.",
        slide: "none: a test",
        columns: &[
            Column::new("round", "", "number of the round"),
            Column::new("share", "", "share of heads"),
        ],
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        match self.fate {
            "fail" => return Err(Error::shape("coin", "round", &[4])),
            "panic" => panic!("the coin rolled away"),
            _ => {}
        }
        context.progress.start(self.rounds.len(), "rounds");
        let round = |&round: &usize| {
            let mut rng = stream(seed, "coin", round as u64);
            let heads = (0..self.throws).filter(|_| rng.random_bool(self.bias));
            let share = heads.count() as f64 / self.throws as f64;
            context.progress.step();
            if self.tails { 1.0 - share } else { share }
        };
        let shares: Vec<f64> = self.rounds.par_iter().map(round).collect();
        let mean = shares.iter().sum::<f64>() / shares.len() as f64;
        let expected = if self.tails {
            1.0 - self.bias
        } else {
            self.bias
        };

        let mut table = Table::new(Self::ABOUT.columns);
        for (round, share) in self.rounds.iter().zip(&shares) {
            table.push(vec![(*round).into(), (*share).into()])?;
        }
        let mut measured = Measured::default();
        measured.insert("mean", mean);
        measured.insert("shares", shares);
        let text = "the share of heads is the bias";
        let claim = Claim::equals(text, expected + self.shift, mean, 0.1)
            .not_measured_if(self.fate == "lose", "the coin is lost");
        let claims = vec![claim].into();
        let figure = Figure::default();
        Ok(Findings {
            measured,
            claims,
            table,
            figure,
        })
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

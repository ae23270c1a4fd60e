//! Why descent converges without convexity: the Polyak–Łojasiewicz condition along the path.

mod figure;
mod findings;
mod run;
mod settings;

use crate::error::{Error, Result};
use crate::experiment::{About, Context, Findings, Study};
use findings::Measured;
pub use settings::PlCondition;
use settings::Point;

impl Study for PlCondition {
    const ABOUT: About = About {
        id: "pl_condition",
        title: "The Polyak–Łojasiewicz condition on the path of descent",
        what: "Trains tanh networks f(x) = (1/√m) Σ v_r tanh(w_r·x) by gradient descent on ½‖F − y‖², with F = f and with F = φ(f), \
               and follows the smallest eigenvalue of the tangent kernel. It is the PL constant on the path, sets the rate and a \
               ball that descent does not leave. Without φ the Hessian of f falls like √(log m)/√m and the network becomes linear; \
               with φ it does not, and descent converges all the same: what counts is conditioning. Also by SGD, one example a step.",
        slide: "CMSC 828W: \"Tangent Kernels\", \"Theorem 4.1\", \"Theorem 4.2\", \"Intuition of PL\", \"Hessian Control\"; after Liu, Zhu \
                & Belkin 2022, arXiv:2003.00307, and 2020, arXiv:2010.01092",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        if self.widths.windows(2).any(|pair| pair[0] >= pair[1]) {
            let got = format!("{:?}", self.widths);
            return Err(Error::domain("the widths", "from small to large", got));
        }
        if self.outer.len() == 2 && self.outer[0] == self.outer[1] {
            let got = self.outer.join(",");
            return Err(Error::domain("outer", "each once", got));
        }
        let places = |&outer: &&'static str| self.widths.iter().map(move |&width| (outer, width));
        let places: Vec<(&'static str, usize)> = self.outer.iter().flat_map(places).collect();
        let runs = context.paired(
            "runs",
            &places,
            self.draws,
            seed,
            |&(outer, width), draw| self.run_one(outer, width, draw),
        )?;
        let mut runs = runs.into_iter();
        let split = self
            .outer
            .iter()
            .map(|_| runs.by_ref().take(self.widths.len()).collect());
        let runs: Vec<Vec<Vec<run::Run>>> = split.collect();
        let plain = self.outer.iter().position(|outer| *outer == "identity");
        let sgd = match plain {
            None => Vec::new(),
            Some(at) => context.draws("runs of SGD", self.draws, seed, |draw| {
                self.sgd(&runs[at][0][draw.index as usize], self.widths[0], draw)
            })?,
        };
        let measured = Measured {
            hessians: self.hessians(seed, context)?,
            runs,
            sgd,
        };
        let points = measured.points(self)?;
        let found = measured.findings(self, &points)?;
        Ok(found.figure(figure::figure(Self::ABOUT.title, self, &measured, &points)?))
    }
}

//! The slide's table of rates: upper bounds all, reached on a problem made for it.

mod figure;
mod findings;
mod methods;
mod problems;
mod rates;
mod settings;

use crate::error::Result;
use crate::experiment::{About, Context, Findings, Study};
use methods::{Method, TABLE};
pub use settings::AdaptiveRates;
use settings::Point;

impl Study for AdaptiveRates {
    const ABOUT: About = About {
        id: "adaptive_rates",
        title: "Printed rates are upper bounds",
        what: "All methods of the slide's table, from gradient descent to AMSGrad, and Extra-Newton, on a quadratic with a long \
               spectrum, on which the table's exponents are reached up to a factor 1 + δ; with noise; on a function without \
               convexity; and on Nesterov's chain, whose lower bound is about one chain for each number of steps: on a chain of fixed \
               length exponents are half of the printed ones, for steps below its length, while the gaps stay below the bounds. On all other \
               problems no exponent is above a printed one.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Basic results on adaptive algorithms\", \"Take home \
                messages\" (higher-order adaptive methods)",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let slow = self.slow_quadratic()?;
        let mut all = TABLE.to_vec();
        all.push(Method::ExtraNewton);
        let worst = self.gaps("convex", &all, &slow, context)?;
        let chosen = match self.problem {
            "logistic" => Some(self.gaps("convex", &all, &self.logistic()?, context)?),
            _ => None,
        };
        let noisy = self.noisy_gaps(&slow, seed, context)?;
        let shelf = self.gradients(context)?;
        let rough = self.noisy_gradients(seed, context)?;
        let chains = self.chains(context)?;
        let convex = chosen.as_ref().unwrap_or(&worst);
        let lists = [convex, &noisy, &shelf, &rough, &chains[0], &chains[1]];
        let points = lists
            .iter()
            .flat_map(|rates| rates.iter().flat_map(|rate| rate.points()));
        let found = self.worst_case_claims(Findings::of(points), &worst)?;
        let found = self.bound_claims(
            found,
            "convex, smooth: no method's exponent is above the printed one, or Extra-Newton's above the −3 of its theorem; largest excess, up to \
             a quarter of an order; of AcceleGrad beyond the ln k that its theorem has",
            convex,
            "excess_convex",
        )?;
        let found = self.noise_claims(found, &noisy)?;
        let found = self.bound_claims(
            found,
            "convex, with noise: no measured exponent is above the printed one, beyond chance",
            &noisy,
            "excess_noisy",
        )?;
        let found = self.shelf_claims(found, &shelf)?;
        let found = self.bound_claims(
            found,
            "not convex, smooth: no measured exponent is above the printed one; AcceleGrad and UniXGrad have a question mark",
            &shelf,
            "excess_not_convex",
        )?;
        let found = self.bound_claims(
            found,
            "not convex, with noise: no measured exponent is above the printed one, beyond chance",
            &rough,
            "excess_not_convex_noisy",
        )?;
        let found = self.chain_claims(found, &chains)?;
        Ok(found.figure(figure::figure(convex, &noisy, &shelf, &rough, &chains)))
    }
}

//! Choosing the penalty of ridge regression from the training set alone: leave-one-out and k-fold cross-validation.

mod draw;
mod figure;
mod points;

use crate::data::synthetic::gaussian;
use crate::error::{Error, Result};
use crate::experiment::{About, Claim, Context, Findings, Study};
use crate::fit::{k_fold, leave_one_out};
use crate::rng::stream;
use crate::stats::{Estimate, PowerLaw, larger, largest};
pub use draw::CrossValidation;
use draw::OneDraw;
use figure::figure;
use points::Point;

/// The chance that one claim fails although theory is right.
const LEVEL: f64 = 1e-3;

/// How far the exponent may be from −1 beside chance: nearer to it than to −1/2.
const NEARER: f64 = 0.25;

/// Where one fit is compared with n fits: n and p on both sides of p = n.
const SMALL: [(usize, usize); 3] = [(20, 8), (20, 20), (20, 50)];

/// Penalties there, in units of the squared features. At 0 the solution is that of least norm.
const SMALL_LAMBDAS: [f64; 3] = [0.0, 0.1, 10.0];

impl Study for CrossValidation {
    const ABOUT: About = About {
        id: "cross_validation",
        title: "Cross-validation chooses the penalty of ridge regression",
        what: "Fits noisy linear labels on isotropic Gaussian features by ridge regression. Leave-one-out residuals come \
               from one fit, e_i/(1 − H_ii), and equal those of n fits. Leave-one-out estimates without bias the risk of n − 1 \
               examples, k-fold that of n − n/k. The penalty either chooses costs a share of the risk that falls as 1/n.",
        slide: "Scaman, Mathematics of deep learning: \"Hyper-parameter selection via cross-validation\"; after Patil, Wei, \
                Rinaldo & Tibshirani 2021, Uniform consistency of cross-validation estimators for high-dimensional ridge \
                regression (PMLR 130:3178)",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        if let Some(n) = self.sizes.iter().find(|&n| n % self.folds != 0) {
            let expected = format!("multiples of the {} folds", self.folds);
            return Err(Error::domain("the sizes", expected, n));
        }
        let drawn = context.sweep(
            "training sets",
            &self.sizes,
            self.draws,
            seed,
            |&n, draw| self.one_draw(n, draw),
        )?;
        let points = self.sizes.iter().zip(&drawn);
        let points = points.map(|(&n, draws)| Point::of(n, draws));
        self.findings(
            &points.collect::<Result<Vec<Point>>>()?,
            &drawn[drawn.len() - 1],
            brute_force(seed)?,
        )
    }
}

impl CrossValidation {
    fn findings(&self, points: &[Point], last: &[OneDraw], brute: f64) -> Result<Findings> {
        let (first, end) = (&points[0], &points[points.len() - 1]);
        let folds = self.folds;
        let law = |of: fn(&Point) -> Estimate| PowerLaw::of(points, |p| p.n as f64, of);
        let [loo, fold] = [law(|p| p.loo_regret)?, law(|p| p.fold_regret)?];
        let slope = |text: &str, law: PowerLaw| -> Result<Claim> {
            let claim = Claim::mean_equals(text, -1.0, law.slope(), NEARER, LEVEL)?;
            Ok(claim.against(0.0, "a choice that does not get better"))
        };
        let distance = |of: fn(&Point) -> Estimate| points.iter().map(move |p| of(p).distance(0.0));
        Ok(Findings::of(points)
            .claim(Claim::equals(
                "leave-one-out by one fit is that of n fits, for p < n, p = n and p > n, without a \
                 penalty too: largest difference, as a share of the largest residual",
                0.0,
                brute,
                1e-10,
            ))
            .identity()
            .claim(Claim::all_within(
                "the mean square of leave-one-out is in the mean the risk of n − 1 examples, at λ* and every n",
                distance(|p| p.loo_excess),
                LEVEL,
                Some(self.draws),
            )?)
            .claim(Claim::all_within(
                &format!("the mean square of {folds}-fold is in the mean the risk of n − n/{folds} examples, at λ* and every n"),
                distance(|p| p.fold_excess),
                LEVEL,
                Some(self.draws),
            )?)
            .claim(Claim::mean_equals(
                &format!(
                    "n = {}: {folds}-fold does not estimate the risk of all n: its error less the risk of \
                     n − n/{folds} examples",
                    end.n
                ),
                0.0,
                end.fold_excess,
                0.0,
                LEVEL,
            )?)
            .against(end.more_examples.mean, "the risk of all n")
            .claim(slope(
                "the penalty leave-one-out chooses costs a share of the risk that falls as 1/n: \
                 slope, nearer to −1 than to −1/2",
                loo,
            )?)
            .headline()
            .measured_as("loo_regret_slope")
            .claim(slope(
                &format!("the penalty {folds}-fold chooses costs a share of the risk that falls as 1/n: slope, nearer to −1 than to −1/2"),
                fold,
            )?)
            .measured_as("fold_regret_slope")
            .measure("loo_regret", end.loo_regret.mean)
            .measure("fold_regret", end.fold_regret.mean)
            .measure("first_loo_regret", first.loo_regret.mean)
            .measure("largest_n", end.n as f64)
            .measure("optimism", end.optimism.mean)
            .figure(figure(self, points, last, [loo, fold])?))
    }
}

/// The largest difference of a residual by one fit from that by n fits, in units of the largest residual.
fn brute_force(seed: u64) -> Result<f64> {
    let mut worst: f64 = 0.0;
    for (index, (n, p)) in (0..).zip(SMALL) {
        let rng = &mut stream(seed, "one fit and n", index);
        let (x, y) = (gaussian(n, p, rng)?, gaussian(n, 1, rng)?);
        let one = leave_one_out(&x, &y, &SMALL_LAMBDAS)?.residuals;
        let many = k_fold(&x, &y, &SMALL_LAMBDAS, n)?.residuals;
        for (one, many) in one.outer_iter().zip(many.outer_iter()) {
            let off = largest((&one - &many).iter().map(|v| v.abs()));
            worst = larger(worst, off / largest(many.iter().map(|v| v.abs())));
        }
    }
    Ok(worst)
}

//! The table, the numbers and the claims.

use super::digits::{DigitCurve, DigitPoint};
use super::figure::figure;
use super::isotropic::{Curves, Point};
use super::landmarks::Landmarks;
use crate::error::Result;
use crate::experiment::{Claim, Draft, Findings, row};
use crate::stats::{Estimate, larger, largest, least_by, mean};

/// The chance that a claim about the largest of many distances fails although theory is right.
const LEVEL: f64 = 1e-4;

row! {
    /// One width of the digits' models, or one n and p of the isotropic problem.
    pub(super) struct Entry {
        /// digits; isotropic_p (features vary) or isotropic_n (examples vary)
        problem: &'static str;
        /// training examples
        n: usize;
        /// features m or p
        columns: usize;
        /// features over examples
        ratio: f64;
        /// test error without a penalty (isotropic: excess risk), mean over draws
        ridgeless: Estimate, unit "label²", and ridgeless_se "its standard error over draws";
        /// with the penalty of least mean test error (isotropic: with λ*)
        tuned: Estimate, unit "label²", and tuned_se "its standard error over draws";
        /// limit of the risk at λ* for isotropic features
        tuned_predicted: Option<f64>, unit "label²";
        /// with the penalty the validation set of each draw chooses
        validated: Option<Estimate>, unit "label²",
            and validated_se "its standard error over draws";
        /// the penalty of tuned, on the scale of ‖Φw − y‖² + λ‖w‖²
        lambda: f64;
        /// geometric mean over draws of the chosen penalty
        lambda_validated: Option<f64>;
    }
}

fn rows(digits: &DigitCurve, isotropic: &Curves) -> impl Iterator<Item = Entry> {
    let on_digits = |p: &DigitPoint| Entry {
        problem: "digits",
        n: digits.n,
        columns: p.columns,
        ratio: p.ratio,
        ridgeless: p.ridgeless.estimate,
        tuned: p.tuned.estimate,
        tuned_predicted: None,
        validated: Some(p.validated.estimate),
        lambda: p.lambda,
        lambda_validated: Some(p.lambda_validated),
    };
    let simulated = |problem| {
        move |point: &Point| Entry {
            problem,
            n: point.n,
            columns: point.ridge.p,
            ratio: point.ridge.gamma,
            ridgeless: point.ridgeless.risk,
            tuned: point.ridge.risk,
            tuned_predicted: Some(point.ridge.predicted),
            validated: None,
            lambda: point.ridge.lambda * point.n as f64,
            lambda_validated: None,
        }
    };
    let digits = digits.points.iter().map(on_digits);
    let by_features = isotropic.by_features.iter().map(simulated("isotropic_p"));
    let by_examples = isotropic.by_examples.iter().map(simulated("isotropic_n"));
    digits.chain(by_features).chain(by_examples)
}

pub(super) fn findings(
    label_noise: f64,
    digits: &DigitCurve,
    isotropic: &Curves,
) -> Result<Findings> {
    let found = Findings::of(rows(digits, isotropic).collect::<Vec<_>>());
    let found = digit_claims(found, digits, label_noise)?;
    let found = isotropic_claims(found, isotropic)?;
    Ok(found.figure(figure(digits, isotropic)))
}

fn digit_claims(found: Draft, curve: &DigitCurve, label_noise: f64) -> Result<Draft> {
    let Landmarks {
        peak,
        valley,
        threshold,
        tuned,
        validated,
        ridgeless_misfit,
        spacing,
    } = Landmarks::of(curve)?;
    let (points, mnist) = (&curve.points, curve.mnist);
    // A label flipped with probability η has variance 4η(1 − η). See the module's documentation.
    let noise = 4.0 * label_noise * (1.0 - label_noise);
    let noise_alone = || {
        Claim::at_least(
            "digits, no penalty: the peak over the least error of the narrow models (m < n) \
             is at least what label noise alone brings at m = n, 4η(1−η)·n/2",
            noise * curve.n as f64 / 2.0 / valley,
            threshold / valley,
            0.0,
        )
    };
    let draws = points.first().map(|p| p.tuned.draws.len());
    let (low, high) = curve.tried;
    let ends = |p: &&DigitPoint| p.lambda <= low || p.lambda >= high;
    Ok(found
        .measure("tuned_max_over_min", tuned.max_over_min)
        .measure("validated_max_over_min", validated.max_over_min)
        .measure("ridgeless_peak_over_valley", peak.ridgeless.mean() / valley)
        .claim(Claim::equals(
            "digits, no penalty: the test error peaks at m/n = 1 (to the grid's step)",
            1.0,
            peak.ratio,
            spacing,
        ))
        .measured_as("ridgeless_peak_ratio")
        .claims((noise > 0.0).then(noise_alone))
        .claim(Claim::largest_within(
            "digits, best penalty of each width: no peak, wider never costs: rise above any \
             narrower model, draw by draw",
            tuned.rise_in_se,
            points.len() - 1,
            LEVEL,
            draws,
        )?)
        .claim(Claim::largest_within(
            "digits, penalty chosen by a noisy validation set: no peak either (trend), in the \
             same way",
            validated.rise_in_se,
            points.len() - 1,
            LEVEL,
            draws,
        )?)
        .trend(mnist)
        .claim(Claim::at_most(
            "digits: and noise hides no peak of a tenth either (trend): the largest rise of \
             the tuned error above any narrower model, as a share of it",
            0.1,
            tuned.rise,
            0.0,
        ))
        .trend(mnist)
        .measured_as("tuned_largest_rise")
        .measure("validated_largest_rise", validated.rise)
        .measure("ridgeless_valley_misfit", ridgeless_misfit)
        .measure("tuned_valley_misfit", tuned.misfit)
        .measure(
            "tuned_lambdas",
            points.iter().map(|p| p.lambda).collect::<Vec<f64>>(),
        )
        .claim(Claim::at_most(
            "digits: the validation set costs less than a tenth (trend): its mean error over \
             all widths, over that of the best penalty",
            1.1,
            mean(points.iter().map(|p| p.validated.mean()))
                / mean(points.iter().map(|p| p.tuned.mean())),
            0.0,
        ))
        .trend(mnist)
        .claim(Claim::equals(
            "digits: the best penalties lie inside the range tried (trend): widths where one \
             is at its end",
            0.0,
            points.iter().filter(ends).count() as f64,
            0.0,
        ))
        .trend(mnist))
}

fn isotropic_claims(found: Draft, curves: &Curves) -> Result<Draft> {
    let points = || curves.by_features.iter().chain(&curves.by_examples);
    // In these settings the limit is off by less than 2/n of itself at finite n.
    let excess = |point: &Point| {
        let ridge = &point.ridge;
        let slack = 2.0 / point.n as f64 * ridge.predicted;
        larger((ridge.risk.mean - ridge.predicted).abs() - slack, 0.0) / ridge.risk.se
    };
    let draws = points().next().map(|point| point.ridge.risk.draws);
    let best = &curves.best;
    let risks = |points: &[Point]| points.iter().map(|p| p.ridge.risk).collect();
    let rising: Vec<Estimate> = risks(&curves.by_features);
    let falling: Vec<Estimate> = risks(&curves.by_examples);
    let ridgeless = |ratio: f64| {
        let far = |point: &&Point| (point.ridge.gamma - ratio).abs();
        let found = least_by(&curves.by_examples, far);
        found.map_or(f64::NAN, |point| point.ridgeless.risk.mean)
    };
    Ok(found
        .measure(
            "isotropic_tuned_risks",
            rising.iter().map(|risk| risk.mean).collect::<Vec<f64>>(),
        )
        .measure(
            "isotropic_best_over_predicted_penalty",
            best.measured.mean.exp(),
        )
        .claim(Claim::all_within(
            "isotropic: the risk at λ* is σ²γ m(−λ*), up to a share 2/n at every ratio",
            points().map(excess),
            LEVEL,
            draws,
        )?)
        .claim(Claim::mean_equals(
            "isotropic, p = n: the simulated risk is least at λ* = σ²p/(n r²): ln(λ/λ*), up to \
             the error of the parabola that finds it",
            0.0,
            best.measured,
            best.bias.abs(),
            LEVEL,
        )?)
        .against(2.0_f64.ln(), "twice that penalty")
        .claim(Claim::largest_within(
            "isotropic, tuned: more features than before never help, so no peak at p = n: \
             fall from one p to the next",
            largest_step(&rising, -1.0),
            rising.len() - 1,
            LEVEL,
            draws,
        )?)
        .claim(Claim::largest_within(
            "isotropic, tuned: more examples never hurt (p fixed): rise from one n to the \
             next",
            largest_step(&falling, 1.0),
            falling.len() - 1,
            LEVEL,
            draws,
        )?)
        .claim(Claim::greater_than(
            "isotropic, no penalty: twice the examples can hurt: the risk at n = p against \
             that at n = p/2",
            ridgeless(2.0),
            ridgeless(1.0),
            0.0,
        )))
}

/// The largest step from one estimate to the next in the direction `sign`, in standard errors of the difference.
fn largest_step(estimates: &[Estimate], sign: f64) -> f64 {
    let steps = estimates
        .windows(2)
        .map(|pair| sign * (pair[1].mean - pair[0].mean) / pair[1].se.hypot(pair[0].se));
    largest(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn largest_steps() {
        let e = |mean| Estimate {
            mean,
            se: 3.0,
            draws: 10,
        };
        let at = |mean| Estimate { se: 4.0, ..e(mean) };
        assert_eq!(largest_step(&[e(0.0), at(10.0), e(-5.0)], 1.0), 2.0);
        assert_eq!(largest_step(&[e(0.0), at(10.0), e(-5.0)], -1.0), 3.0);
    }
}

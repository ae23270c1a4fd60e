//! Which of all separators a method finds that no loss prefers.

mod figure;
mod limit;
mod problem;
mod runs;
mod settings;

use crate::error::Result;
use crate::experiment::{About, Claim, Context, Draft, Findings, Study};
use crate::real::norm;
use crate::stats::{Estimate, largest};
use limit::{Limit, extrapolated};
use problem::{Margins, Path, angle};
use runs::{Fresh, Method, residual, rows};
pub use settings::ImplicitBias;
use settings::Point;

/// The chance that one claim fails although theory is right.
const LEVEL: f64 = 1e-3;

/// Limits in t are compared from this ηt on.
const LATE: f64 = 10_000.0;

impl Study for ImplicitBias {
    const ABOUT: About = About {
        id: "implicit_bias",
        title: "The implicit bias of gradient descent on separable data",
        what: "Where a hyperplane separates the classes, the logistic loss has no minimum: weights grow for ever. Gradient descent \
               turns them to the separator of largest margin ŵ, w = ŵ ln t + ρ: the limit of ρ, of ηtL and of each example's share \
               in the gradient, its multiplier, are computed beforehand. AdaGrad and Adam have a bias too, for other margins. On \
               fresh points the error falls while the loss rises.",
        slide: "Foundations of deep learning (CMSC 828W): \"This lecture is about Soudry et al.\"; after Soudry, Hoffer, Nacson, \
                Gunasekar & Srebro 2018, arXiv:1710.10345; for AdaGrad Qian & Qian 2019, arXiv:1906.03559; for Adam Zhang, Zou & Cao \
                2024, arXiv:2406.10650",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let four = self.four_points();
        let limit = Limit::of(&four, self.learning_rate)?;
        let path = self.on_four_points(&four)?;
        let one = self.one_support();
        let methods = self.methods(&one)?;
        let fresh = self.fresh(seed, context)?;
        let eta = Some(self.learning_rate);
        let mut points = rows("four", "descent", &four, &path, &limit.direction, eta);
        for method in &methods {
            let own = rows(
                "one",
                method.name,
                &one,
                &method.path,
                &methods[0].predicted,
                None,
            );
            points.extend(own);
        }
        let diverged =
            usize::from(path.diverged) + methods.iter().filter(|m| m.path.diverged).count();
        let found = Findings::of(&points).measure("diverged", diverged);
        let found = self.limits(found, &four, &path, &limit)?;
        let found = self.biases(found, &one, &methods);
        let found = self.on_fresh_points(found, &fresh)?;
        Ok(found.figure(figure::figure(Self::ABOUT.title, &points, &limit, &methods)))
    }
}

impl ImplicitBias {
    /// Gradient descent on four points, at a hundredth of the steps and at the last.
    fn limits(&self, found: Draft, four: &Margins, path: &Path, limit: &Limit) -> Result<Draft> {
        let eta = self.learning_rate;
        let early = path.diverged || eta * (self.steps as f64) < LATE;
        let reason =
            "the steps times the learning rate are too few for a limit, or the run diverged";
        let (before, tenth, last) = (path.at(0.01), path.at(0.1), path.at(1.0));
        let scaled = |mark: &problem::Mark| eta * mark.step as f64 * four.mean(&mark.w);
        let square = norm([limit.direction.as_slice()]).powi(2);
        let (product, allowed) = extrapolated(scaled(before), scaled(last), limit.rates.1);
        let residuals = [before, last].map(|mark| residual(mark, &limit.direction));
        // The part of w across ŵ, in the plane, which is that of ρ(t): ‖w‖ times the sine of the angle.
        let across = |w: &[f64]| {
            let d = &limit.direction;
            (w[1] * d[0] - w[0] * d[1]) / norm([d.as_slice()])
        };
        let (turned, turned_allowed) =
            extrapolated(across(&before.w), across(&last.w), limit.rates.0);
        let (rho, rho_allowed) = distance(&residuals, &limit.residual, limit.rates.0);
        let share =
            |mark: &problem::Mark, i: usize| eta * mark.step as f64 / 4.0 * four.slopes(&mark.w)[i];
        let support = &limit.svm.support;
        let shares = [before, last]
            .map(|mark| -> Vec<f64> { support.iter().map(|i| share(mark, *i)).collect() });
        let alpha: Vec<f64> = support.iter().map(|i| limit.svm.multipliers[*i]).collect();
        let (alphas, alphas_allowed) = distance(&shares, &alpha, limit.rates.0);
        let mean = alpha.iter().sum::<f64>() / alpha.len() as f64;
        let unequal = norm([alpha
            .iter()
            .map(|a| a - mean)
            .collect::<Vec<f64>>()
            .as_slice()]);
        let decade = |a: f64, b: f64, from: &problem::Mark, to: &problem::Mark| {
            (b - a) / (to.step as f64 / from.step as f64).ln()
        };
        let (next, margin) = limit.next;
        let fall = decade(share(tenth, next).ln(), share(last, next).ln(), tenth, last);
        let length = |mark: &problem::Mark| norm([mark.w.as_slice()]);
        let growth = decade(length(tenth), length(last), tenth, last);
        let growth_before = decade(length(before), length(tenth), before, tenth);
        Ok(found
            .measure("angle_end", angle(&last.w, &limit.direction))
            .claim(Claim::equals(
                "ηtL tends to ‖ŵ‖² = 1/γ², γ the largest margin: extrapolated from t/100 and t by the slowest rate of theory, \
                 tolerance the step that takes",
                square,
                product,
                allowed,
            ))
            .against(square.sqrt(), "1/γ")
            .not_measured_if(early, reason)
            .headline()
            .measured_as("scaled_loss")
            .claim(Claim::equals(
                "w − ŵ ln t tends to the ρ with (η/n) e^(−z_i·ρ) = α_i: distance of the one extrapolated from t/100 and t, tolerance the \
                 step that takes",
                0.0,
                rho,
                rho_allowed,
            ))
            .against(norm([limit.residual.as_slice()]), "w = ŵ ln t alone")
            .not_measured_if(early, reason)
            .headline()
            .measured_as("residual_distance")
            .claim(Claim::equals(
                "the angle to ŵ falls like 1/ln t: its sine times ‖w‖ tends to the part of ρ across ŵ; extrapolated from t/100 and t, \
                 tolerance the step that takes",
                across(&limit.residual),
                turned,
                turned_allowed,
            ))
            .against(0.0, "a faster turn")
            .not_measured_if(early, reason)
            .measured_as("angle_times_length")
            .claim(Claim::equals(
                "shares of the support vectors in the gradient, times ηt/n, tend to the multipliers α_i ≥ 0 of the largest margin, \
                 found by quadratic programming: distance of those extrapolated from t/100 and t, tolerance the step that takes",
                0.0,
                alphas,
                alphas_allowed,
            ))
            .against(unequal, "equal shares")
            .not_measured_if(early, reason)
            .measured_as("multiplier_distance")
            .claim(Claim::equals(
                "off the support there is no multiplier: that of the next point, whose margin by ŵ is m, falls like t^(1−m); slope \
                 over the last tenfold of steps (nearer than to 0)",
                1.0 - margin,
                fall,
                0.5 * (margin - 1.0),
            ))
            .against(0.0, "a share that stays")
            .not_measured_if(early, reason)
            .measured_as("slope_off_support")
            .claim(Claim::equals(
                "the length of w grows like ‖ŵ‖ ln t: slope by ln t over the last tenfold of steps, tolerance its change from the \
                 tenfold before",
                square.sqrt(),
                growth,
                (growth - growth_before).abs(),
            ))
            .against(square, "‖ŵ‖² ln t")
            .not_measured_if(early, reason)
            .measured_as("slope_of_length"))
    }

    /// Each method beside its own prediction, and beside another's.
    fn biases(&self, mut found: Draft, one: &Margins, methods: &[Method]) -> Draft {
        let l2 = &methods[0].predicted;
        let largest_angle = angle(&[1.0, 1.0], l2);
        for method in methods {
            let last = method.path.at(1.0);
            let early = method.path.diverged || self.steps < 10_000;
            let own = angle(&method.predicted, l2);
            let (text, name, rival, meaning) = match method.name {
                "descent" => (
                    "gradient descent turns to the largest margin in ℓ2",
                    "angle_descent",
                    largest_angle,
                    "the bias of Adam",
                ),
                "momentum" => (
                    "heavy ball tends to the same direction",
                    "angle_momentum",
                    largest_angle,
                    "the bias of Adam",
                ),
                "adagrad" => (
                    "AdaGrad turns to the largest margin in its own scales, (Σg²)^(1/4)",
                    "angle_adagrad",
                    0.0,
                    "the bias of gradient descent",
                ),
                _ => (
                    "Adam, at a rate that falls like 1/√t, turns to the largest margin in ℓ∞",
                    "angle_adam",
                    0.0,
                    "the bias of gradient descent",
                ),
            };
            found = found
                .claim(Claim::equals(
                    &format!("{text}: angle to ŵ on the points with one support vector (nearer to this than to the other)"),
                    own,
                    angle(&last.w, l2),
                    0.5 * (own - rival).abs(),
                ))
                .against(rival, meaning)
                .not_measured_if(early, "so few steps turn no method, or it diverged")
                .measured_as(name);
            if method.name == "adam" {
                let of_l2 = one.gaps(&scaled_up(l2))[1];
                found = found
                    .claim(Claim::equals(
                        "Adam's margin is near the largest in ℓ∞: 1 − margin/bound (nearer to 0 than to that of ŵ)",
                        0.0,
                        one.gaps(&last.w)[1],
                        0.5 * of_l2,
                    ))
                    .against(of_l2, "the margin of ŵ in ℓ∞")
                    .not_measured_if(early, "so few steps turn no method, or it diverged")
                    .measured_as("gap_adam");
            }
        }
        found
    }

    fn on_fresh_points(&self, found: Draft, fresh: &[Fresh]) -> Result<Draft> {
        let apart = largest(fresh.iter().map(|fresh| fresh.train_error));
        let errors = Estimate::of(fresh, |fresh| fresh.errors[0] - fresh.errors[1])?;
        // In logarithms: a few problems have far larger losses than the others.
        let losses = Estimate::of(fresh, |fresh| (fresh.losses[1] / fresh.losses[0]).ln())?;
        let small = self.steps < 10_000 || self.draws < 20 || self.dim < 10 || self.n < self.dim;
        let missing = apart > 0.0 || small;
        let reason = "the classes were not apart at the end, or steps, problems, dimensions or examples are too few";
        Ok(found
            .measure("error_end", Estimate::of(fresh, |fresh| fresh.errors[1])?.mean)
            .measure("loss_end", Estimate::of(fresh, |fresh| fresh.losses[1])?.mean)
            .claim(Claim::positive(
                "on fresh points of random problems the loss rises from a thousandth of the steps to the last: ln of the ratio",
                losses,
                LEVEL,
            )?)
            .not_measured_if(missing, reason)
            .measured_as("rise_of_loss")
            .claim(Claim::positive(
                "on fresh points of random problems the error falls from a thousandth of the steps to the last, while the loss rises",
                errors,
                LEVEL,
            )?)
            .not_measured_if(missing, reason)
            .measured_as("fall_of_error"))
    }
}

/// How far the limit of `values` at t/100 and t is from `goal`, and how far it was extrapolated.
fn distance(values: &[Vec<f64>; 2], goal: &[f64], rate: f64) -> (f64, f64) {
    let pairs = values[0].iter().zip(&values[1]);
    let limits: Vec<(f64, f64)> = pairs.map(|(a, b)| extrapolated(*a, *b, rate)).collect();
    let apart: Vec<f64> = limits
        .iter()
        .zip(goal)
        .map(|(limit, goal)| limit.0 - goal)
        .collect();
    let steps: Vec<f64> = limits.iter().map(|limit| limit.1).collect();
    (norm([apart.as_slice()]), norm([steps.as_slice()]))
}

/// So long that only the support vectors are in the gradient.
fn scaled_up(direction: &[f64]) -> Vec<f64> {
    direction.iter().map(|d| 100.0 * d).collect()
}

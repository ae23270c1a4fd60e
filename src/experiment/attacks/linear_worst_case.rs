//! Linear models under attack, of which everything is known.

mod digits;
mod figure;
mod gaussian;
mod settings;

use digits::{Attained, Point, Problem, zeros};
use gaussian::{Risk, Sparse};
pub use settings::LinearWorstCase;
use settings::{NORMS, symbol};

use crate::data::Source;
use crate::error::Result;
use crate::experiment::problems::digit_features::fitted;
use crate::experiment::{About, Claim, Context, Findings, Study};
use crate::optimise::Norm;
use crate::stats::{larger, largest, least};

/// How often chance alone may break one of the claims about random draws.
const LEVEL: f64 = 1e-4;

/// The share of test images that an attack must fool before training against it is judged.
const FEW: f64 = 0.05;

impl Study for LinearWorstCase {
    const ABOUT: About = About {
        id: "linear_worst_case",
        title: "The worst input of a linear model, exactly",
        what: "Tells two digits apart by a linear model and attacks it: the worst margin is m − ε‖w‖_*, attained by a known δ for each of \
               three norms. Trains against that attack, a convex problem solved with proof, and compares errors. Then the risk of regression \
               under attack in closed form; sparse against dense models; one step of projected ascent beside FGSM; and k free pixels.",
        slide: "Adversarial machine learning (EE-556): \"A robustness example: Linear prediction\", \"A proposed link between FGSM and PGD\"; \
                after Goodfellow, Shlens & Szegedy 2015, arXiv:1412.6572",
        columns: Point::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        fitted(self, |s| &s.digits, &[("n", 1), ("test", 1)], data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let problem = self.problem(seed, context)?;
        let curve = self.curve(&problem, seed)?;
        let cost = self.epsilon * problem.standard.model.sensitivity(self.attack());
        let attained = problem.attained(cost, seed)?;
        let pixels = problem.free_pixels(self.pixels)?;
        let parts = context.each("Gaussian problems", [true, false], |regression| {
            Ok(match regression {
                true => (gaussian::risks(self.examples, seed)?, Vec::new()),
                false => (Vec::new(), gaussian::sparse_models(self.examples, seed)?),
            })
        })?;
        let (risks, models): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        let risks: Vec<Risk> = risks.into_iter().flatten().collect();
        let models: Vec<Sparse> = models.into_iter().flatten().collect();
        let mut figure = self
            .figure(Self::ABOUT.title, &curve, &pixels)
            .panel(figure::risk(&risks))
            .panel(figure::sparse(&models));
        if let Some(shape) = problem.shape {
            figure = figure
                .panel(figure::gallery(&problem, shape)?)
                .panel(figure::weights(&problem, shape));
        }
        let found = Findings::of(curve.iter());
        let found = self.of_models(found, &problem, &curve, cost, &attained)?;
        let found = self.of_steps(found, &problem, &pixels)?;
        Ok(of_gaussians(found, &risks, &models)?.figure(figure))
    }
}

impl LinearWorstCase {
    fn of_models(
        &self,
        mut found: crate::experiment::Draft,
        problem: &Problem,
        curve: &[Point],
        cost: f64,
        attained: &[Attained; 3],
    ) -> Result<crate::experiment::Draft> {
        for ((_, norm), a) in NORMS.iter().zip(attained) {
            let name = symbol(*norm);
            let text = format!(
                "{name}: the attack attains m − ε‖w‖_* on every test image; largest distance, allowed is rounding, 10⁻¹² of the sums"
            );
            found = found.claim(Claim::at_most(&text, 0.0, a.off, a.rounding).against(
                a.random_mean,
                "a random direction of that size, in the mean",
            ));
            if *norm == self.attack() {
                found = found.headline().measured_as("attained_within");
            }
            let text = format!(
                "{name}: no random δ of size ε costs more margin than ε‖w‖_*; least that is left above it"
            );
            found = found
                .claim(
                    Claim::at_least(&text, 0.0, a.random, a.rounding)
                        .against(-cost, "δ twice as bad"),
                )
                .bound();
        }
        let sizes: Vec<f64> = attained.iter().map(|a| a.epsilon).collect();
        let off = curve.iter().map(|p| {
            larger(
                (p.standard - p.standard_counted).abs(),
                (p.robust - p.robust_counted).abs(),
            )
        });
        let spread = largest(curve.iter().map(|p| p.standard - p.random));
        let attack = (self.attack(), self.epsilon, self.ridge);
        let plain = problem.attacked_loss(&problem.standard.model, attack)?;
        let trained = problem.attacked_loss(&problem.robust.model, attack)?;
        let middle = &curve[curve.len() / 2];
        let sparser = zeros(&problem.robust.model) - zeros(&problem.standard.model);
        Ok(found
            .measure("sizes_of_equal_cost", sizes)
            .claim(Claim::at_most(
                "errors by m ≤ ε‖w‖_* are those counted on attacked images, at every ε and for both models: largest difference, at most one image",
                1.0 / problem.test.len() as f64,
                largest(off),
                1e-9,
            ).against(spread, "as for random directions"))
            .not_measured_if(
                spread <= 1.0 / problem.test.len() as f64,
                "the attack fools too few images: set a larger epsilon",
            )
            .measure("standard_loss_under_attack", plain)
            .claim(Claim::at_most(
                "robust training is solved: its loss under attack is above the dual bound by at most 10⁻⁷",
                trained - problem.robust.gap,
                trained,
                1e-7,
            ).against(plain, "the standard model"))
            .bound()
            .measured_as("robust_loss_under_attack")
            .measure("standard_error", curve[0].standard)
            .measure("robust_error", curve[0].robust)
            .measure("standard_error_under_attack", middle.standard)
            .claim(Claim::less_than(
                "training against the attack lowers the test error under attack (trend); at the ε of training, robust model",
                middle.standard,
                middle.robust,
                0.0,
            ))
            .headline()
            .trend(problem.mnist)
            .not_measured_if(
                middle.standard - curve[0].standard < FEW,
                "the attack fools too few images: set a larger epsilon",
            )
            .measured_as("robust_error_under_attack")
            .measure("robust_zeros", zeros(&problem.robust.model))
            .claims((self.attack() == Norm::LInf).then(|| {
                Claim::greater_than(
                    "training against ℓ∞ sets weights to exactly 0 (trend): share of zeros, less that of the standard model",
                    0.0,
                    sparser,
                    0.0,
                )
                .trend(problem.mnist)
            })))
    }

    fn of_steps(
        &self,
        found: crate::experiment::Draft,
        problem: &Problem,
        pixels: &[(f64, f64, f64)],
    ) -> Result<crate::experiment::Draft> {
        let step = problem.one_step(self.epsilon)?;
        let (gains, weights, scale) = problem.all_pairs()?;
        let last = pixels[pixels.len() - 1];
        Ok(found
            .claim(Claim::at_most(
                "one step of projected ascent is FGSM where α|∇_i f| ≥ ε for every i with ∇_i f ≠ 0: largest difference of a pixel, over all test images",
                0.0,
                step.off,
                1e-9 * self.epsilon,
            ).against(step.half, "half that α"))
            .identity()
            .claim(Claim::greater_than(
                "a long gradient is not enough: with α‖∇f‖ = 2ε some pixels differ; share, mean over test images",
                0.0,
                step.by_norm,
                0.0,
            ))
            .measured_as("pixels_that_differ")
            .claim(Claim::at_most(
                "two free pixels: of all pairs none is worse than the two largest gains; largest distance, over a few images",
                0.0,
                gains,
                1e-12 * scale,
            ).against(weights, "the two largest weights"))
            .headline()
            .measure("two_largest_weights_short", weights)
            .claim(Claim::at_least(
                "the k largest gains fool at least as many as the k largest weights, for every k: least difference of the errors",
                0.0,
                least(pixels.iter().map(|p| p.1 - p.2)),
                0.0,
            ))
            .bound()
            .measure("error_with_free_pixels", last.1)
            .measure("error_with_largest_weights", last.2))
    }
}

fn of_gaussians(
    found: crate::experiment::Draft,
    risks: &[Risk],
    models: &[Sparse],
) -> Result<crate::experiment::Draft> {
    let draws = risks.first().map(|r| r.measured.draws);
    let one = risks
        .iter()
        .find(|r| r.norm == Norm::LInf && r.strength == 1.0)
        .expect("it is in the list");
    let error = |norm: Norm, k: usize| {
        let own = models.iter().find(|m| m.norm == norm && m.features == k);
        own.expect("it is in the list")
    };
    let mut found = found
        .claim(Claim::all_within(
            "regression under attack: mean squared errors of attacked examples against s² + 2εs‖w‖_*√(2/π) + ε²‖w‖_*², three norms, six sizes",
            risks.iter().map(|r| r.measured.distance(r.exact)),
            LEVEL,
            draws,
        )?)
        .claim(Claim::mean_equals(
            "at ε‖w‖_* = s, ℓ∞: mean squared error over s², 2 + 2√(2/π)",
            one.exact,
            one.measured,
            0.0,
            LEVEL,
        )?.against(2.0, "without the cross term"))
        .headline()
        .measured_as("risk_at_strength_one")
        .claim(Claim::no_surprise(
            "two Gaussian classes: errors under attack are Φ(−‖μ‖ + ε‖w‖_*), for 1 to 64 features and three norms",
            models.iter().map(|m| m.p_value),
            LEVEL,
        ));
    for (norm, text) in [
        (
            Norm::LInf,
            "a model of 1 feature beats one of 64 under ℓ∞, as the slide says: its error under attack, exact",
        ),
        (
            Norm::L1,
            "under ℓ1 it is the other way round, one feature is worst: error of the dense model, exact",
        ),
    ] {
        let (sparse, dense) = (error(norm, 1), error(norm, gaussian::FEATURES));
        let (better, worse) = if norm == Norm::LInf {
            (sparse, dense)
        } else {
            (dense, sparse)
        };
        // Six standard errors of a share of so many examples.
        let n = draws.unwrap_or(1) as f64;
        let tolerance = 6.0 * (better.exact * (1.0 - better.exact) / n).sqrt();
        found = found.claim(
            Claim::equals(text, better.exact, better.measured, tolerance)
                .against(worse.exact, "as the other model"),
        );
    }
    Ok(found
        .measure("sparse_l1_error", error(Norm::L1, 1).measured)
        .measure(
            "dense_linf_error",
            error(Norm::LInf, gaussian::FEATURES).measured,
        ))
}

//! Attacks that want a class of their own choice, and the least change that gets there.

mod figure;
mod linear;
mod network;
mod settings;

use linear::{Line, NORMS};
use network::{Cell, Iterations, Matrix, Problem};
pub use settings::TargetedAttack;

use crate::data::Source;
use crate::error::Result;
use crate::experiment::problems::noisy_digits::fitted;
use crate::experiment::{About, Claim, Context, Draft, Findings, Study};
use crate::plot::Figure;
use crate::stats::{larger, largest, least, mean, median};

/// λ‖w‖_* at which the penalty is tried.
const TIMES: [f64; 5] = [0.5, 0.9, 1.5, 2.0, 3.0];

/// Why a slope is not measured.
const NO_SLOPE: &str = "no unit of the network is active: set a larger width or more epochs";

impl Study for TargetedAttack {
    const ABOUT: About = About {
        id: "targeted_attack",
        title: "Attacks that want a class, and the least change",
        what: "Makes every image look like every other class to a network, within ε of each pixel. Compares the slide's iteration, which \
               goes up the target's loss, with its correction. Then the least change that fools: a closed form for linear models, and \
               its Lagrange form, which works with a margin and not with the loss that is printed.",
        slide: "Foundations of deep learning (CMSC 828W): \"Alternative formulation\"; Mathematics of deep learning (Scaman): \"Iterative \
                Target Class Method\"; after Kurakin, Goodfellow & Bengio 2017, arXiv:1607.02533",
        columns: Cell::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        fitted(self, &[("n", 1), ("test", 1)], data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let problem = self.problem(seed, context)?;
        let matrix = self.matrix(&problem, seed, context)?;
        let iterations = self.iterations(&problem, seed)?;
        let changes = self.least_changes(&problem, seed)?;
        let line = Line::new(seed)?;
        let mut thresholds = [const { Vec::new() }; 3];
        for ((_, norm), found) in NORMS.iter().zip(&mut thresholds) {
            for times in TIMES {
                let (share, ratio) = line.penalised(*norm, times)?;
                found.push((times, share, ratio));
            }
        }
        let found = self.of_network(&problem, &matrix, &iterations, &changes)?;
        let found = of_line(found, &line, &thresholds, seed)?;
        let mut figure = Figure::new(Self::ABOUT.title)
            .columns(3)
            .panel(self.matrix_panel(&problem, &matrix))
            .panel(self.iterations_panel(&iterations))
            .panel(figure::least_changes(&changes))
            .panel(figure::forms())
            .panel(figure::threshold(&thresholds));
        if let Some(shape) = problem.shape {
            figure = figure.panel(self.gallery(&problem, &matrix, shape)?);
        }
        Ok(found.figure(figure))
    }
}

impl TargetedAttack {
    fn of_network(
        &self,
        problem: &Problem,
        matrix: &Matrix,
        iterations: &Iterations,
        changes: &[(f64, f64)],
    ) -> Result<Draft> {
        let [plus, minus] = self.small_steps(problem)?;
        let end = |shares: &[f64]| shares.last().copied().unwrap_or(f64::NAN);
        let (printed, corrected) = (end(&iterations.plus), end(&iterations.minus));
        let by_target: Vec<f64> = (0..problem.classes)
            .filter_map(|target| {
                let own = matrix.cells.iter().filter(|c| c.target == target);
                let own: Vec<f64> = own.map(|c| c.success).collect();
                (!own.is_empty()).then(|| mean(own))
            })
            .collect();
        let middle = |of: fn(&(f64, f64)) -> f64| {
            let sizes: Vec<f64> = changes.iter().map(of).collect();
            median(&sizes).ok()
        };
        Ok(Findings::of(&matrix.cells)
            .claim(Claim::at_most(
                "every attacked image is within ε of its original and within [0, 1]: the most that a pixel is beyond",
                0.0,
                matrix.beyond,
                1e-12,
            ))
            .bound()
            .claim(Claim::equals(
                "one small step x + α sign ∇L(y_att), as printed, raises the target's loss: its change over α‖∇L‖₁, mean over images",
                1.0,
                plus,
                0.01,
            ).against(-1.0, "it falls"))
            .not_measured_if(plus.is_nan(), NO_SLOPE)
            .measured_as("loss_change_by_plus")
            .claim(Claim::equals(
                "one small step x − α sign ∇L(y_att) lowers the target's loss: its change over α‖∇L‖₁, mean over images",
                -1.0,
                minus,
                0.01,
            ).against(1.0, "it rises"))
            .headline()
            .not_measured_if(minus.is_nan(), NO_SLOPE)
            .measured_as("loss_change_by_minus")
            .measure("success_as_printed", printed)
            .claim(Claim::greater_than(
                "iterated with steps of ε, the minus reaches the target on more images than the plus (trend): share with the minus",
                printed,
                corrected,
                0.0,
            ))
            .headline()
            .trend(problem.mnist)
            .measured_as("success_with_minus")
            .not_measured_if(
                larger(printed, corrected) == 0.0,
                "no image was taken for the target: set a larger epsilon or more steps",
            )
            .measure("success_with_quarter_steps", end(&iterations.quarter))
            .measure("success_with_restarts", iterations.best)
            .claim(Claim::at_least(
                "any wrong class is easier than one given target: share of images taken for any other class, against the most for one pair, as a share of all images",
                largest(matrix.cells.iter().map(|c| c.success * c.images as f64)) / problem.labels.len() as f64,
                matrix.any,
                1e-12,
            ))
            .bound()
            .measured_as("any_target")
            .measure("easiest_target_share", largest(&by_target))
            .measure("hardest_target_share", least(&by_target))
            .measure("test_error", problem.test_error)
            .measure_or("median_least_change", middle(|c| c.0), "no image was taken for the target")
            .measure_or("median_least_change_by_penalty", middle(|c| c.1), "no image was taken for the target"))
    }
}

/// The closed form and the Lagrange forms.
fn of_line(
    mut found: Draft,
    line: &Line,
    thresholds: &[Vec<(f64, f64, f64)>; 3],
    seed: u64,
) -> Result<Draft> {
    for (name, norm) in NORMS {
        let (off, own) = line.closed_form(norm, seed)?;
        let claim = Claim::at_most(
            &format!(
                "linear model, {name}: the least change found is m/‖w‖_*, by bisection to 2⁻⁴⁰: largest relative distance"
            ),
            0.0,
            off,
            1e-9,
        );
        // ℓ2 is its own dual.
        found = found.claim(match norm {
            crate::optimise::Norm::L2 => claim.against(1.0, "twice as long"),
            _ => claim.against(own, "m/‖w‖ by the norm itself"),
        });
    }
    let of = |pick: fn(&(f64, f64, f64)) -> f64, above: bool| {
        let all = thresholds.iter().flatten();
        all.filter(move |t| (t.0 > 1.0) == above)
            .map(pick)
            .collect::<Vec<f64>>()
    };
    let (printed, capped) = line.interior();
    Ok(found
        .claim(Claim::at_most(
            "min ‖δ‖ + λ max(0, margin), linear model, λ < 1/‖w‖_*: nothing is fooled; largest share, three norms",
            0.0,
            largest(of(|t| t.1, false)),
            0.0,
        ).against(1.0, "all are"))
        .claim(Claim::at_least(
            "min ‖δ‖ + λ max(0, margin) with λ from 1.5/‖w‖_* to 3/‖w‖_*: everything is fooled; least share, three norms",
            1.0,
            least(of(|t| t.1, true)),
            0.0,
        ).against(0.0, "nothing is"))
        .headline()
        .claim(Claim::at_least(
            "none of these changes is shorter than m/‖w‖_*: least ratio of means",
            1.0,
            least(of(|t| t.2, true)),
            1e-12,
        ))
        .bound()
        .measured_as("least_ratio_of_penalty")
        .measure("largest_ratio_of_penalty", largest(of(|t| t.2, true)))
        .claim(Claim::at_most(
            "with −λℓ, as printed, the best length is never strictly between 0 and ten times the least change: share of 40 λ and all examples where it is",
            0.0,
            printed,
            0.0,
        ).against(capped, "as with the margin"))
        .headline()
        .measure("interior_with_margin", capped))
}

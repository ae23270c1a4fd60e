//! How strong an attack is: random signs, a transferred one, one step, many, restarts; and what is certain.

mod figure;
mod runs;

use crate::data::Source;
use crate::error::Result;
use crate::experiment::problems::noisy_digits::{Design, NoisyDigits, fitted};
use crate::experiment::{About, Claim, Context, Findings, Study};
use crate::stats::{Estimate, largest, least, mean};
pub use runs::AttackStrength;
use runs::{At, Point, Run};

/// How often chance alone may break the claim about random signs: Hoeffding's bound.
const LEVEL: f64 = 1e-6;

/// The largest change of a pixel that leaves a digit to be seen under random signs.
const WIDE: f64 = 0.3;

/// From this many units on a network learns enough of a digit for its attacks to be told apart.
const LEARNS: usize = 16;

const ONE_PIXEL: &str = "one step in ℓ1 changes one pixel, and [0, 1] ends it";

const NARROW: &str = "a network of fewer than 16 units learns too little: set width";

impl Study for AttackStrength {
    const ABOUT: About = About {
        id: "attack_strength",
        title: "Which attack is strong",
        what: "Networks trained on digits under attacks of growing strength with one budget: random signs, an attack made on another network, \
               one step (FGSM), many steps, many steps from many starts (PGD). What a Lipschitz bound certifies lies below what any of them \
               leaves. Shows the loss step by step, and digits before and after.",
        slide: "Adversarial machine learning and GANs (EE-556): \"Adversarial examples in neural networks\", \"Adversarial examples and proximal \
                gradient descent\"; CMSC 828W: \"Adversarial Robustness\"; Neural networks: the good, the bad, the ugly (ICASSP 2023): \
                \"Robustness issues in deep learning\"",
        columns: Point::COLUMNS,
    };
    const READS_IMAGES: bool = true;

    fn fitted(&self, data: &Source) -> Result<Self> {
        fitted(self, &[("n", 1), ("test", 1)], data)
    }

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let design = Design {
            n: self.n,
            test: self.test,
            label_noise: 0.0,
            pool: self.pool,
        };
        let digits = NoisyDigits::new(&context.data, design, seed)?;
        let images = context.data.load()?;
        let (height, width, channels) = images.shape;
        let side = (channels == 1).then_some((height / self.pool, width / self.pool));
        let draw = |draw| self.one(&digits, draw);
        let runs = context.draws("networks", self.draws, seed, draw)?;
        self.findings(&runs, side, digits.mnist)
    }
}

impl AttackStrength {
    fn findings(
        &self,
        runs: &[Run],
        side: Option<(usize, usize)>,
        mnist: bool,
    ) -> Result<Findings> {
        let points = self.epsilon.iter().enumerate().map(|(i, &epsilon)| {
            let of = |number: fn(&At) -> f64| Estimate::of(runs, |run| number(&run.at[i]));
            Ok(Point {
                epsilon,
                random: of(|at| at.random)?,
                transfer: of(|at| at.transfer)?,
                fgsm: of(|at| at.fgsm)?,
                steps: of(|at| at.steps)?,
                pgd: of(|at| at.pgd)?,
                certified: of(|at| at.certified)?,
            })
        });
        let points = points.collect::<Result<Vec<Point>>>()?;
        let all = || runs.iter().flat_map(|run| &run.at);
        let (one_pixel, narrow) = (self.norm == "l1", self.width < LEARNS);
        // Mean over networks and budgets of what one attack leaves more than another.
        let more = |number: fn(&At) -> f64| mean(all().map(number));
        let share = mean(all().map(|at| at.random_gain)) / mean(all().map(|at| at.fgsm_gain));
        let hoeffding = largest(runs.iter().map(|run| {
            run.random_slope.abs()
                / ((2.0 * (2.0 * runs.len() as f64 / LEVEL).ln()).sqrt() * run.root_of_squares)
        }));
        Ok(Findings::of(&points)
            .measure("clean_accuracy", mean(runs.iter().map(|run| run.clean)))
            .claim(Claim::at_most(
                "every attack keeps its budget: largest size of a perturbation found, in budgets",
                1.0,
                largest(all().map(|at| at.size)),
                // x + ε is rounded, beside ε.
                1e-12 + 1e-15 / least(&self.epsilon),
            ))
            .bound()
            .claim(Claim::at_most(
                "more starts are never weaker: accuracy under PGD with restarts less that with its first start alone, largest over networks and budgets",
                0.0,
                largest(all().map(|at| at.pgd - at.steps)),
                0.0,
            ))
            .bound()
            .claim(Claim::at_most(
                "what a Lipschitz bound certifies no attack takes away: certified accuracy less that under PGD, largest over networks and budgets",
                0.0,
                largest(all().map(|at| at.certified - at.pgd)),
                0.0,
            ).headline())
            .bound()
            .measured_as("certified_less_pgd")
            .measure("certified_at_first_epsilon", points[0].certified.mean)
            .claim(Claim::at_most(
                "to first order random signs ξ gain Σg·ξ over the test digits, which is within √(2 ln(2/p)) √Σ‖g‖₂² but for a chance p = 10⁻⁶: largest share of that \
                 over networks",
                1.0,
                hoeffding,
                0.0,
            ))
            .bound()
            .measure("amplification", mean(runs.iter().map(|run| run.amplification)))
            .claim(Claim::less_than(
                "random signs cost little (trend): rise of the loss as a share of FGSM's, over all budgets; below what one standard deviation of ε g·ξ is \
                 of FGSM's rise to first order, which in ℓ∞ is ‖g‖₂/‖g‖₁; mean over digits",
                mean(runs.iter().map(|run| run.deviation)),
                share,
                0.0,
            ).against(1.0, "any change of this size does").headline())
            .measured_as("random_share")
            .not_measured_if(one_pixel, ONE_PIXEL)
            .not_measured_if(largest(&self.epsilon) > WIDE, "with ε above 0.3 random signs hide the digit")
            .not_measured_if(narrow, NARROW)
            .trend(mnist)
            .claim(Claim::at_least(
                "a transferred attack is stronger than random signs (trend): accuracy left, difference in the mean over budgets",
                0.0,
                more(|at| at.random - at.transfer),
                0.0,
            ))
            .measured_as("random_less_transfer")
            .not_measured_if(narrow, NARROW)
            .trend(mnist)
            .claim(Claim::at_least(
                "FGSM on the network itself is stronger than an attack transferred from another (trend): accuracy left, difference in the mean over budgets",
                0.0,
                more(|at| at.transfer - at.fgsm),
                0.0,
            ))
            .measured_as("transfer_less_fgsm")
            .not_measured_if(one_pixel, ONE_PIXEL)
            .not_measured_if(narrow, NARROW)
            .trend(mnist)
            .claim(Claim::at_least(
                "many steps, with the one long step among them, are never weaker than that step: accuracy under FGSM less that under both, least over networks and \
                 budgets",
                0.0,
                least(all().map(|at| at.fgsm - at.steps)),
                0.0,
            ))
            .bound()
            .measure("fgsm_less_steps", more(|at| at.fgsm - at.steps))
            .figure(self.figure(Self::ABOUT.title, runs, &points, side)))
    }
}

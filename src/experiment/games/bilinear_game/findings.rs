//! What is claimed.

use super::order::Order;
use super::settings::{BilinearGame, Point};
use super::steps::{factor, limit, path, rounding};
use crate::error::Result;
use crate::experiment::{Claim, Draft};
use crate::stats::{exact_power_law, largest};

/// Methods: its name in words, what its factor is called among the numbers, and the factor it might be taken for, with its meaning.
const RIVALS: [(&str, &str, &str, &str, &str); 5] = [
    (
        "gda",
        "descent–ascent, √(1 + α²)",
        "factor_gda",
        "",
        "a rotation, as of the flow",
    ),
    (
        "ppm",
        "the proximal point method, 1/√(1 + α²)",
        "factor_ppm",
        "eg",
        "extragradient's",
    ),
    (
        "eg",
        "extragradient, √(1 − α² + α⁴)",
        "factor_eg",
        "printed_eg",
        "that of the slide's literal line",
    ),
    (
        "ogda",
        "optimistic descent–ascent, the root of λ² − (1 + 2iα)λ + iα",
        "factor_ogda",
        "eg",
        "extragradient's",
    ),
    (
        "rfbs",
        "reflected splitting, that of optimistic descent–ascent",
        "factor_rfbs",
        "ppm",
        "the proximal point method's",
    ),
];

/// Where the double root is.
const DOUBLE: f64 = 0.5;

impl BilinearGame {
    pub(super) fn claims(
        &self,
        mut found: Draft,
        factors: &[Point],
        order: &Order,
    ) -> Result<Draft> {
        let alpha = self.alpha;
        for ((method, words, name, rival, meaning), point) in RIVALS.into_iter().zip(factors) {
            let other = match rival {
                "" => 1.0,
                rival => factor(rival, alpha),
            };
            let text = format!("α = {alpha}: factor of a step of {words}");
            let claim = Claim::equals(
                &text,
                point.predicted,
                point.measured,
                rounding(method, alpha),
            );
            let claim = claim.against(other, meaning);
            found = found
                .claim(if method == "ogda" {
                    claim.headline()
                } else {
                    claim
                })
                .measured_as(name);
        }
        let printed = &factors[RIVALS.len()];
        let text = format!(
            "α = {alpha}: factor of extragradient as the slide has it, the root of λ² − (1 + iα)λ + α²"
        );
        found = found
            .claim(Claim::equals(
                &text,
                printed.predicted,
                printed.measured,
                rounding("printed_eg", alpha),
            ))
            .against(factor("eg", alpha), "extragradient's")
            .measured_as("factor_printed_eg");
        let others = &factors[RIVALS.len() + 1..];
        let shares = others
            .iter()
            .map(|p| (p.measured - p.predicted).abs() / rounding(p.method, p.alpha));
        found = found
            .claim(Claim::at_most(
                "all six methods at six other steps, 0.1 to 1.3: largest distance of a factor from its closed form, over what rounding allows",
                1.0,
                largest(shares.collect::<Vec<f64>>()),
                0.0,
            ))
            .identity();
        found = Self::near_ppm(found, order)?;
        found = self.limits(found)?;
        found = self.turns(found)?;
        Self::double_root(found)
    }

    fn near_ppm(found: Draft, order: &Order) -> Result<Draft> {
        let slope = |points: &[Point], method: &str, most: f64| {
            let own: Vec<&Point> = points
                .iter()
                .filter(|p| p.method == method && p.alpha <= most)
                .collect();
            let x: Vec<f64> = own.iter().map(|p| p.alpha).collect();
            let y: Vec<f64> = own.iter().map(|p| p.measured).collect();
            Ok::<f64, crate::Error>(exact_power_law(&x, &y)?.exponent)
        };
        // Rounding, and a proximal step is found to 2·10⁻¹⁴ of ‖z‖.
        let worst = order.distances.iter();
        let worst = worst.map(|p| (p.measured - p.predicted).abs() / 3e-14);
        Ok(found
            .claim(Claim::equals(
                "one step from a history of the proximal point method: distance of extragradient's from the proximal step falls as a power of α, exponent",
                3.0,
                slope(&order.distances, "eg", 1.0)?,
                0.5,
            ))
            .against(2.0, "as descent–ascent's")
            .headline()
            .measured_as("order_eg")
            .claim(Claim::equals(
                "one optimistic step from a history of the proximal point method: distance from the proximal step, exponent",
                3.0,
                slope(&order.distances, "ogda", 1.0)?,
                0.5,
            ))
            .against(2.0, "as descent–ascent's")
            .measured_as("order_ogda")
            .claim(Claim::at_most(
                "one extragradient and one optimistic step from a history of the proximal point method end α³/√(1 + α²)·‖z‖ from the proximal step: largest difference, over 3·10⁻¹⁴",
                1.0,
                largest(worst.collect::<Vec<f64>>()),
                0.0,
            ))
            .identity()
            .claim(Claim::at_most(
                "from a history of the proximal point method the optimistic step is extragradient's: largest distance",
                0.0,
                order.apart,
                20.0 * f64::EPSILON,
            ))
            .identity()
            .claim(Claim::equals(
                "of whole paths the moduli are nearer: extragradient's factor beside the proximal one, α⁶/2, exponent",
                6.0,
                slope(&order.moduli, "eg", 0.1)?,
                0.5,
            ))
            .against(4.0, "as optimistic descent–ascent's")
            .measured_as("order_modulus_eg")
            .claim(Claim::equals(
                "optimistic descent–ascent's factor beside the proximal one, α⁴, exponent",
                4.0,
                slope(&order.moduli, "ogda", 0.1)?,
                0.5,
            ))
            .against(3.0, "as of the complex factors")
            .measured_as("order_modulus_ogda"))
    }

    fn limits(&self, found: Draft) -> Result<Draft> {
        // Bisection ends within 2⁻⁴⁸; the factors grow at least as fast as the step there, and are known up to rounding.
        let near = |method, alpha| 2.0_f64.powi(-47) + 2.0 * rounding(method, alpha);
        let optimistic = limit("ogda", 0.51, 0.8)?;
        let printed = limit("printed_eg", 0.3, 0.8)?;
        let root = printed_limit();
        Ok(found
            .claim(Claim::equals(
                "optimistic descent–ascent spirals in up to the step α = 1/√3",
                1.0 / 3.0_f64.sqrt(),
                optimistic,
                near("ogda", 0.58),
            ))
            .against(0.5, "the proof's 1/(2L)")
            .measured_as("limit_ogda")
            .claim(Claim::equals(
                "extragradient spirals in up to the step α = 1",
                1.0,
                limit("eg", 0.8, 1.3)?,
                near("eg", 1.0),
            ))
            .against(1.0 / 3.0_f64.sqrt(), "optimistic descent–ascent's")
            .measured_as("limit_eg")
            .claim(Claim::equals(
                "extragradient as the slide has it only up to α = √u, where u³ = u² + 5u − 1",
                root,
                printed,
                near("printed_eg", root),
            ))
            .against(1.0, "extragradient's")
            .headline()
            .measured_as("limit_printed_eg"))
    }

    /// Players who take turns.
    fn turns(&self, found: Draft) -> Result<Draft> {
        let path = path("alternating", self.alpha, self.steps)?;
        let kept = path.iter().map(|z| {
            let form = z.re * z.re - self.alpha * z.re * z.im + z.im * z.im;
            (form - 1.0).abs()
        });
        let grown = (1.0 + self.alpha * self.alpha).powi(self.steps.min(10_000) as i32) - 1.0;
        // On the ellipse ‖z‖² is at most 1/(1 − α/2), and each step rounds a few times.
        let size = 1.0 / (1.0 - 0.5 * self.alpha);
        Ok(found
            .claim(Claim::equals(
                "descent–ascent in turns goes round for ever: x² − αxy + y² stays, largest change",
                0.0,
                largest(kept.collect::<Vec<f64>>()),
                16.0 * f64::EPSILON * size * self.steps as f64,
            ))
            .against(grown, "as much as ‖z‖² grows when both move at once"))
    }

    /// At α = ½.
    fn double_root(found: Draft) -> Result<Draft> {
        const LAST: usize = 400;
        let path = path("ogda", DOUBLE, LAST)?;
        let ratio = path[LAST].abs() / path[LAST - 1].abs();
        let k = (LAST - 1) as f64;
        Ok(found
            .claim(Claim::equals(
                "α = ½, a double root: the ratio of lengths of optimistic descent–ascent tends to 1/√2 as slowly as 1 + 1/k, (ratio·√2 − 1)·k",
                1.0,
                k * (ratio * 2.0_f64.sqrt() - 1.0),
                2.0 / k,
            ))
            .against(0.0, "two roots apart: as fast as a power")
            .measured_as("slowness_at_double_root"))
    }
}

/// √u for the root of u³ = u² + 5u − 1 in (0, 1), where e^(iθ) solves λ² − (1 + iα)λ + α² = 0 for some θ: cos θ = 1/(1 + u), sin θ = α/(1 − u).
fn printed_limit() -> f64 {
    let (mut low, mut high) = (0.0, 0.5_f64);
    for _ in 0..60 {
        let u = f64::midpoint(low, high);
        match u * u + 5.0 * u - 1.0 < u.powi(3) {
            true => low = u,
            false => high = u,
        }
    }
    high.sqrt()
}

//! The Lipschitz constant of small networks between its bounds, and how the product of norms grows with depth.

mod interpolant;
mod networks;
mod norms;

use crate::error::Result;
use crate::experiment::{About, Claim, Context, Draft, Findings, Study, once_in};
use crate::measure::lipschitz::product_growth;
use crate::optimise::Norm;
use crate::plot::style::Marker;
use crate::plot::{Figure, Panel};
use crate::stats::{largest, largest_by, largest_distance, mean};
use interpolant::Missing;
use networks::{Growth, Net, Results};
use norms::Steps;

pub use networks::LipschitzBounds;

/// Relative error of the predicted norm of one Gaussian matrix of 20 × 20 or more.
const NORM_ERROR: f64 = 0.005;

/// Most networks are more than half of them. The search succeeds in SHARE, so that a run fails by chance once in RUNS.
const MOST: f64 = 0.5;

/// The chance that one of the claims about means of the larger networks' products fails although theory is right.
const LEVEL: f64 = 1e-4;

/// How many exact standard errors a mean gradient may be off. A normal mean is beyond once in 1.7 million runs.
const ERRORS: f64 = 5.0;

/// What the skewness of a product of χ factors over 40 networks makes of that chance.
const SKEWED: f64 = 2e-5;

impl Study for LipschitzBounds {
    const ABOUT: About = About {
        id: "lipschitz_bounds",
        title: "The Lipschitz constant between its bounds",
        what: "Draws small ReLU networks and finds their Lipschitz constant exactly, by visiting every linear region. Beside it \
               stand a lower bound by search and two upper bounds: the product of the layers' norms, and a certified bound that lets \
               neighbouring layers cancel. For larger networks at He initialisation the product grows by a factor of about \
               2√2 a layer, while the gradient does not grow at all. The same for steps in ℓ1 and ℓ∞, where slopes are gradients in \
               the dual norm; and piecewise linear interpolants, which are never steeper than the function.",
        slide: "Stability and robustness (Scaman): \"Robustness of neural networks\", Lipschitz continuity; Neural networks: the good, the bad, \
                the ugly (ICASSP 2023): \"Lipschitz constant with respect to the input\"; certified bound after \
                Combettes & Pesquet 2020, arXiv:1903.01014",
        columns: Net::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let results = self.results(seed, context)?;
        let found = self.small_claims(&results);
        let found = self.growth_claims(found, &results.growth)?;
        let steps: Vec<&Steps> = results.small.iter().flat_map(|n| &n.steps).collect();
        let linear = norms::linear_map(seed)?;
        let missing = Missing::of()?;
        Ok(found
            .measure(
                "linf_exact_over_product",
                norms::tightness(&steps, Norm::LInf),
            )
            .measure("l1_exact_over_product", norms::tightness(&steps, Norm::L1))
            .measure("linf_over_euclidean", norms::over_euclidean(&steps))
            .claims(norms::claims(&steps, linear, self.input_dim))
            .measure("sine_exponent", missing.sine_exponent())
            .measure("exp_exponent", missing.exp_exponent())
            .claims(missing.claims())
            .figure(self.figure(&results, &steps, &missing)))
    }
}

impl LipschitzBounds {
    fn small_claims(&self, results: &Results) -> Draft {
        let (nets, rounding) = (&results.small, 1e-9);
        let near = |n: &&Net| n.found() >= 0.99 * n.constant();
        let large = results.large.iter().map(|n| n.certified / n.product);
        let certified = large.chain([largest_ratio(nets, |n| n.certified, |n| n.product)]);
        let decided = nets.iter().filter(|n| n.depth > 1 && n.undecided == 0);
        let expected = general_position(self.width, self.input_dim);
        let counts = decided.map(|n| n.first_layer as f64);
        let worst = largest_by(counts, |count| (count - expected).abs());
        let lines = |worst| {
            Claim::equals(
                "the first layer cuts the inputs into Σ_{k≤p} C(m, k) regions (Zaslavsky): the \
                 count farthest from it, where every cell was decided",
                expected,
                worst,
                0.0,
            )
        };
        Findings::of(nets.iter().chain(&results.large))
            .measure(
                "exact_over_product",
                mean_ratio(nets, Net::constant, |n| n.product),
            )
            .measure(
                "exact_over_certified",
                mean_ratio(nets, Net::constant, |n| n.certified),
            )
            .measure(
                "lower_over_exact",
                mean_ratio(nets, |n| n.lower, Net::constant),
            )
            .measure(
                "most_regions",
                nets.iter().filter_map(|n| n.regions).max().unwrap_or(0),
            )
            .measure(
                "undecided_cells",
                nets.iter().map(|n| n.undecided).sum::<usize>(),
            )
            .claim(Claim::at_most(
                "what a search finds is at most the exact constant: largest ratio over networks",
                1.0,
                largest_ratio(nets, |n| n.lower, Net::constant),
                rounding,
            ))
            .bound()
            .claim(Claim::at_most(
                "the slope at any of the random inputs is at most the exact constant: largest ratio",
                1.0,
                largest_ratio(nets, |n| n.sampled, Net::constant),
                rounding,
            ))
            .bound()
            .claim(Claim::at_least(
                "the better of search and random inputs comes to within 1 % of the exact constant in most networks \
                 (trend): share of networks",
                MOST,
                nets.iter().filter(near).count() as f64 / nets.len() as f64,
                0.0,
            ))
            .claim(Claim::at_most(
                "the exact constant is at most the certified bound: largest ratio",
                1.0,
                largest_ratio(nets, Net::constant, |n| n.certified),
                rounding,
            ))
            .bound()
            .claim(Claim::at_most(
                "the certified bound is at most the product of norms: largest ratio, larger \
                 networks included",
                1.0,
                largest(certified),
                rounding,
            ))
            .bound()
            .claims(worst.map(|worst| lines(worst).identity()))
    }

    /// What a layer more does to the product of norms and to the gradient.
    fn growth_claims(&self, found: Draft, growth: &[Growth]) -> Result<Draft> {
        let (Some(first), Some(last)) = (growth.first(), growth.last()) else {
            return Ok(found);
        };
        let steps = last.depth - first.depth;
        let per_layer = |of: fn(&Growth) -> f64| (of(last) / of(first)).powf(1.0 / steps);
        // Products of many norms that hardly fluctuate are close to normal.
        let errors = largest_distance(1, LEVEL, Some(self.large_nets))?;
        let relative =
            (first.product.se / first.product.mean).hypot(last.product.se / last.product.mean);
        let growing = product_growth(self.large_width, 2.0)?;
        Ok(found
            .claim(Claim::mean_equals(
                "larger networks, deepest: mean product of norms against the product of \
                 expected norms, themselves known to 0.5 % a layer",
                last.predicted_product,
                last.product,
                last.depth * NORM_ERROR * last.predicted_product,
                LEVEL,
            )?)
            .claim(Claim::equals(
                &format!(
                    "a layer more multiplies the product by √(2/m)·E‖m×m Gaussian‖, which goes to \
                     2√2 = 2.83; 0.5 % and {errors:.1} s.e. ({})",
                    once_in(LEVEL)
                ),
                growing,
                per_layer(|g| g.product.mean),
                growing * (errors * relative / steps + NORM_ERROR),
            ))
            .measured_as("product_growth_per_layer")
            .measure(
                "certified_growth_per_layer",
                per_layer(|g| g.certified.mean),
            )
            .measure("gradient_growth_per_layer", per_layer(|g| g.local.mean))
            .claim(Claim::equals(
                &format!(
                    "the gradient does not grow with the depth: its mean length stays at √2 but for fluctuations: exact \
                     value at the deepest; within {ERRORS} exact s.e. ({})",
                    once_in(SKEWED)
                ),
                last.gradient.mean,
                last.local.mean,
                ERRORS * (last.gradient.variance() / last.local.draws as f64).sqrt(),
            ))
            .against(last.predicted_product, "growth like the product of norms"))
    }

    fn figure(&self, results: &Results, steps: &[&Steps], missing: &Missing) -> Figure {
        let nets = || (1..).zip(&results.small);
        let number = |(i, _): (i32, &Net)| f64::from(i);
        let depths: Vec<String> = self.depth.iter().map(usize::to_string).collect();
        let small = Panel::new("network, by depth", "Lipschitz constant and its bounds")
            .title(&format!("small networks of {} layers", depths.join(", ")))
            .log_y()
            .points_of("product of norms", nets(), number, |(_, n)| n.product)
            .points_of("certified", nets(), number, |(_, n)| n.certified)
            .points_of("exact", nets(), number, |(_, n)| n.constant())
            .size(9.0)
            .points_of("largest found", nets(), number, |(_, n)| n.found())
            .color(6)
            .marker(Marker::Cross)
            .size(6.0);
        let (growth, depth) = (&results.growth, |g: &Growth| g.depth);
        let large = Panel::new("layers L", "slope")
            .title(&format!("He initialisation, width {}", self.large_width))
            .log_y()
            .line_of("product, predicted", growth, depth, |g| g.predicted_product)
            .color(0)
            .solid()
            .points_of("product of norms", growth, depth, |g| g.product.mean)
            .color(0)
            .line_of("certified", growth, depth, |g| g.certified.mean)
            .color(1)
            .line_of("gradient, predicted", growth, depth, |g| g.gradient.mean)
            .color(3)
            .solid()
            .points_of("gradient at an input", growth, depth, |g| g.local.mean)
            .color(3);
        Figure::new(Self::ABOUT.title)
            .panel(small)
            .panel(large)
            .panel(norms::panel(steps))
            .panel(missing.panel())
            .columns(2)
            .caption("(b): means over networks. The bounds grow with depth, the gradient does not.")
    }
}

/// The largest a(net)/b(net), where 0/0 is 0: a network may be constant.
fn largest_ratio(nets: &[Net], a: fn(&Net) -> f64, b: fn(&Net) -> f64) -> f64 {
    largest(nets.iter().map(|n| match a(n) {
        0.0 => 0.0,
        above => above / b(n),
    }))
}

fn mean_ratio(nets: &[Net], a: fn(&Net) -> f64, b: fn(&Net) -> f64) -> f64 {
    // A network may be constant: 0/0 says nothing, and NaN is no zero.
    let ratios = nets.iter().filter(|n| b(n) != 0.0);
    mean(ratios.map(|n| a(n) / b(n)))
}

/// Σ_{k≤p} C(m, k): regions of m lines in general position in R^p.
fn general_position(m: usize, p: usize) -> f64 {
    let choose = |k: usize| (0..k).fold(1.0, |c, j| c * (m - j) as f64 / (j + 1) as f64);
    (0..=p.min(m)).map(choose).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_in_general_position() {
        assert_eq!(general_position(6, 2), 22.0);
        assert_eq!(general_position(2, 5), 4.0);
    }
}

//! The table, the claims and the figure of a run of Lipschitz bounds.

use super::{Large, LipschitzBounds, Small};
use crate::error::Result;
use crate::experiment::{Cell, Claim, Claims, Findings, Measured, Study, Table};
use crate::measure::lipschitz::{gaussian_spectral_norm, product_growth};
use crate::measure::robustness::{InitialGradient, initial_gradient};
use crate::model::Init;
use crate::plot::{Figure, Panel};
use crate::stats::{Estimate, larger, largest, largest_distance, mean};

/// Relative error of the predicted norm of one Gaussian matrix of 20 × 20 or more.
const NORM_ERROR: f64 = 0.005;

/// Most networks are more than half of them. The search succeeds in SHARE, so that a run fails by chance once in RUNS.
const MOST: f64 = 0.5;

/// The chance that one of the claims about means of the larger networks' products fails although theory is right.
const LEVEL: f64 = 1e-4;

/// How many exact standard errors a mean gradient may be off. A normal mean is beyond once in 1.7 million runs; the
/// skewness of a product of χ factors over 40 networks makes that once in 50 000.
const ERRORS: f64 = 5.0;

/// Everything a run computed.
pub(super) struct Results<'a> {
    pub settings: &'a LipschitzBounds,
    pub small: Vec<Small>,
    pub large: Vec<Large>,
    pub large_depths: Vec<usize>,
}

/// The larger networks of one depth.
struct Growth {
    depth: f64,
    product: Estimate,
    certified: Estimate,
    local: Estimate,
    /// The product of the expected norms: layers are independent.
    predicted_product: f64,
    /// The law of ‖∇h‖: exact moments.
    gradient: InitialGradient,
}

impl Results<'_> {
    fn growth(&self) -> Result<Vec<Growth>> {
        let width = self.settings.large_width;
        let one = |&depth: &usize| {
            let own: Vec<&Large> = self.large.iter().filter(|n| n.depth == depth).collect();
            let each = |of: fn(&Large) -> f64| {
                Estimate::from_values(&own.iter().map(|n| of(n)).collect::<Vec<f64>>())
            };
            let mut sizes = vec![width; depth + 1];
            sizes[depth] = 1;
            let scale = (2.0 / width as f64).sqrt();
            let last = scale * gaussian_spectral_norm(1, width)?;
            Ok(Growth {
                depth: depth as f64,
                product: each(|n| n.product)?,
                certified: each(|n| n.certified)?,
                local: each(|n| n.local)?,
                predicted_product: product_growth(width, 2.0)?.powi(depth as i32 - 1) * last,
                gradient: initial_gradient(&Init::HE, &sizes)?,
            })
        };
        self.large_depths.iter().map(one).collect()
    }

    /// The largest a(net)/b(net) among the small networks, where 0/0 is 0: a network may be constant.
    fn largest_ratio(&self, a: fn(&Small) -> f64, b: fn(&Small) -> f64) -> f64 {
        largest(self.small.iter().map(|n| match a(n) {
            0.0 => 0.0,
            above => above / b(n),
        }))
    }

    fn mean_ratio(&self, a: fn(&Small) -> f64, b: fn(&Small) -> f64) -> f64 {
        // A network may be constant: 0/0 says nothing, and NaN is no zero.
        let ratios = self.small.iter().filter(|n| b(n) != 0.0);
        mean(ratios.map(|n| a(n) / b(n)))
    }
}

/// Σ_{k≤p} C(m, k): regions of m lines in general position in R^p.
fn general_position(m: usize, p: usize) -> f64 {
    let choose = |k: usize| (0..k).fold(1.0, |c, j| c * (m - j) as f64 / (j + 1) as f64);
    (0..=p.min(m)).map(choose).sum()
}

pub(super) fn findings(results: &Results<'_>) -> Result<Findings> {
    let growth = results.growth()?;
    let mut measured = Measured::default();
    measured.insert(
        "exact_over_product",
        results.mean_ratio(|n| n.exact, |n| n.product),
    );
    measured.insert(
        "exact_over_certified",
        results.mean_ratio(|n| n.exact, |n| n.certified),
    );
    measured.insert(
        "lower_over_exact",
        results.mean_ratio(|n| n.lower, |n| n.exact),
    );
    let most = results.small.iter().map(|n| n.regions).max().unwrap_or(0);
    measured.insert("most_regions", most);
    let undecided: usize = results.small.iter().map(|n| n.undecided).sum();
    measured.insert("undecided_cells", undecided);
    if let (Some(first), Some(last)) = (growth.first(), growth.last()) {
        let layers = last.depth - first.depth;
        let per_layer = |of: fn(&Growth) -> f64| (of(last) / of(first)).powf(1.0 / layers);
        measured.insert("product_growth_per_layer", per_layer(|g| g.product.mean));
        measured.insert(
            "certified_growth_per_layer",
            per_layer(|g| g.certified.mean),
        );
        measured.insert("gradient_growth_per_layer", per_layer(|g| g.local.mean));
    }
    Ok(Findings {
        claims: claims(results, &growth)?,
        measured,
        table: table(results)?,
        figure: figure(results, &growth),
    })
}

fn claims(results: &Results<'_>, growth: &[Growth]) -> Result<Claims> {
    let LipschitzBounds {
        width,
        input_dim,
        large_width,
        ..
    } = *results.settings;
    let mut claims = Claims::default();
    let rounding = 1e-9;
    claims.push(
        Claim::at_most(
            "what a search finds is at most the exact constant: largest ratio over networks",
            1.0,
            results.largest_ratio(|n| n.lower, |n| n.exact),
            rounding,
        )
        .bound(),
    );
    claims.push(
        Claim::at_most(
            "so is the slope at any of the random inputs: largest ratio",
            1.0,
            results.largest_ratio(|n| n.sampled, |n| n.exact),
            rounding,
        )
        .bound(),
    );
    claims.push(Claim::at_least(
        "and the better of the two comes to within 1 % of it in most networks (trend): share of networks",
        MOST,
        results.small.iter().filter(|n| larger(n.lower, n.sampled) >= 0.99 * n.exact).count() as f64
            / results.small.len() as f64,
        0.0,
    ));
    claims.push(
        Claim::at_most(
            "the exact constant is at most the certified bound: largest ratio",
            1.0,
            results.largest_ratio(|n| n.exact, |n| n.certified),
            rounding,
        )
        .bound(),
    );
    claims.push(Claim::at_most(
        "the certified bound is at most the product of norms: largest ratio, larger networks included",
        1.0,
        largest(
            results
                .large
                .iter()
                .map(|n| n.certified / n.product)
                .chain([results.largest_ratio(|n| n.certified, |n| n.product)]),
        ),
        rounding,
    ).bound());
    let layered = results
        .small
        .iter()
        .filter(|n| n.depth > 1 && n.undecided == 0);
    let counts = layered.map(|n| n.first_layer as f64).collect::<Vec<f64>>();
    let expected = general_position(width, input_dim);
    if let Some(worst) = counts
        .into_iter()
        .max_by(|a, b| (a - expected).abs().total_cmp(&(b - expected).abs()))
    {
        claims.push(Claim::equals(
            "the first layer cuts the inputs into Σ_{k≤p} C(m, k) regions (Zaslavsky): the count farthest from it, where every cell was decided",
            expected,
            worst,
            0.0,
        ).identity());
    }
    if let (Some(first), Some(last)) = (growth.first(), growth.last()) {
        let layers = last.depth;
        // Products of many norms that hardly fluctuate are close to normal.
        let errors = largest_distance(2, LEVEL, Some(results.settings.large_nets))?;
        claims.push(Claim::equals(
            "larger networks, deepest: mean product of norms against the product of expected norms (0.5 % a layer, and Student's quantile, beyond which one of two is by chance once in 10 000 runs)",
            last.predicted_product,
            last.product.mean,
            errors * last.product.se + layers * NORM_ERROR * last.predicted_product,
        ));
        let steps = last.depth - first.depth;
        let relative =
            (first.product.se / first.product.mean).hypot(last.product.se / last.product.mean);
        let growing = product_growth(large_width, 2.0)?;
        claims.push(Claim::equals(
            "a layer more multiplies the product by √(2/m)·E‖m×m Gaussian‖, which goes to 2√2 = 2.83",
            growing,
            (last.product.mean / first.product.mean).powf(1.0 / steps),
            growing * (errors * relative / steps + NORM_ERROR),
        ));
        claims.push(Claim::equals(
            "but not the gradient, whose mean length stays at √2 but for fluctuations: exact value at the deepest (5 exact standard errors)",
            last.gradient.mean,
            last.local.mean,
            ERRORS * (last.gradient.variance() / last.local.draws as f64).sqrt(),
        ).against(last.predicted_product, "growth like the product of norms"));
    }
    Ok(claims)
}

fn table(results: &Results<'_>) -> Result<Table> {
    let mut table = Table::new(LipschitzBounds::ABOUT.columns);
    for (i, n) in results.small.iter().enumerate() {
        table.push(vec![
            "small".into(),
            n.depth.into(),
            results.settings.width.into(),
            (i % results.settings.nets).into(),
            n.lower.into(),
            n.exact.into(),
            n.certified.into(),
            n.product.into(),
            n.regions.into(),
        ])?;
    }
    for (i, n) in results.large.iter().enumerate() {
        table.push(vec![
            "large".into(),
            n.depth.into(),
            results.settings.large_width.into(),
            (i % results.settings.large_nets).into(),
            n.local.into(),
            Cell::Empty,
            n.certified.into(),
            n.product.into(),
            Cell::Empty,
        ])?;
    }
    Ok(table)
}

fn figure(results: &Results<'_>, growth: &[Growth]) -> Figure {
    let numbers: Vec<f64> = (1..=results.small.len()).map(|i| i as f64).collect();
    let each = |of: fn(&Small) -> f64| results.small.iter().map(of).collect::<Vec<f64>>();
    let small = Panel::new("network, by depth", "Lipschitz constant and its bounds")
        .title(&format!(
            "small networks, depths {:?}",
            results.settings.depth
        ))
        .log_y()
        .points("product of norms", &numbers, &each(|n| n.product))
        .points("certified", &numbers, &each(|n| n.certified))
        .points("exact", &numbers, &each(|n| n.exact))
        .points(
            "largest found",
            &numbers,
            &each(|n| larger(n.lower, n.sampled)),
        )
        .size(4.0);
    let depths: Vec<f64> = growth.iter().map(|g| g.depth).collect();
    let curve = |of: fn(&Growth) -> f64| growth.iter().map(of).collect::<Vec<f64>>();
    let large = Panel::new("layers L", "slope")
        .title(&format!(
            "He initialisation, width {}",
            results.settings.large_width
        ))
        .log_y()
        .line(
            "predicted product",
            &depths,
            &curve(|g| g.predicted_product),
        )
        .solid()
        .points("product of norms", &depths, &curve(|g| g.product.mean))
        .line("certified bound", &depths, &curve(|g| g.certified.mean))
        .line("predicted gradient", &depths, &curve(|g| g.gradient.mean))
        .solid()
        .points("gradient at an input", &depths, &curve(|g| g.local.mean));
    Figure::new("The Lipschitz constant between its bounds")
        .panel(small)
        .panel(large)
        .caption("Right: means over networks. The bounds grow with depth, the gradient does not.")
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

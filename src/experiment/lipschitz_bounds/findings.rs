//! The table, the claims and the figure of a run of Lipschitz bounds.

use super::super::{Cell, Claim, Claims, Findings, Measured, Study, Table};
use super::{Large, LipschitzBounds, Small};
use crate::error::Result;
use crate::measure::Estimate;
use crate::measure::lipschitz::{gaussian_spectral_norm, product_growth};
use crate::measure::robustness::initial_gradient;
use crate::model::Init;
use crate::plot::{Figure, Panel};

/// Relative error of the predicted norm of one Gaussian matrix of 20 × 20 or more.
const NORM_ERROR: f64 = 0.005;

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
    /// E‖∇h‖, exact.
    predicted_local: f64,
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
                predicted_local: initial_gradient(&Init::HE, &sizes)?.mean,
            })
        };
        self.large_depths.iter().map(one).collect()
    }

    /// The largest a(net)/b(net) among the small networks with b > 0.
    fn largest_ratio(&self, a: fn(&Small) -> f64, b: fn(&Small) -> f64) -> f64 {
        let ratios = self
            .small
            .iter()
            .filter(|n| b(n) > 0.0)
            .map(|n| a(n) / b(n));
        ratios.fold(0.0, f64::max)
    }

    fn mean_ratio(&self, a: fn(&Small) -> f64, b: fn(&Small) -> f64) -> f64 {
        let ratios: Vec<f64> = self
            .small
            .iter()
            .filter(|n| b(n) > 0.0)
            .map(|n| a(n) / b(n))
            .collect();
        ratios.iter().sum::<f64>() / ratios.len().max(1) as f64
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
    claims.push(Claim::at_most(
        "what a search finds is at most the exact constant: largest ratio over networks",
        1.0,
        results.largest_ratio(|n| n.lower, |n| n.exact),
        rounding,
    ));
    claims.push(Claim::at_most(
        "so is the slope at any of the random inputs: largest ratio",
        1.0,
        results.largest_ratio(|n| n.sampled, |n| n.exact),
        rounding,
    ));
    claims.push(Claim::greater_than(
        "and the better of the two comes to within 1 % of it in most networks (trend; most is more than half): share of networks",
        0.5,
        results.small.iter().filter(|n| n.lower.max(n.sampled) >= 0.99 * n.exact).count() as f64
            / results.small.len() as f64,
        0.0,
    ));
    claims.push(Claim::at_most(
        "the exact constant is at most the certified bound: largest ratio",
        1.0,
        results.largest_ratio(|n| n.exact, |n| n.certified),
        rounding,
    ));
    claims.push(Claim::at_most(
        "the certified bound is at most the product of norms: largest ratio, larger networks included",
        1.0,
        results
            .large
            .iter()
            .map(|n| n.certified / n.product)
            .fold(results.largest_ratio(|n| n.certified, |n| n.product), f64::max),
        rounding,
    ));
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
        ));
    }
    if let (Some(first), Some(last)) = (growth.first(), growth.last()) {
        let layers = last.depth;
        claims.push(Claim::equals(
            "larger networks, deepest: mean product of norms against the product of expected norms (4.5 standard errors and 0.5 % a layer)",
            last.predicted_product,
            last.product.mean,
            4.5 * last.product.se + layers * NORM_ERROR * last.predicted_product,
        ));
        let steps = last.depth - first.depth;
        let relative =
            (first.product.se / first.product.mean).hypot(last.product.se / last.product.mean);
        let growing = product_growth(large_width, 2.0)?;
        claims.push(Claim::equals(
            "a layer more multiplies the product by √(2/m)·E‖m×m Gaussian‖, which goes to 2√2 = 2.83",
            growing,
            (last.product.mean / first.product.mean).powf(1.0 / steps),
            growing * (4.5 * relative / steps + NORM_ERROR),
        ));
        claims.push(Claim::equals(
            "but not the gradient, whose mean length stays at √2 but for fluctuations: exact value at the deepest (4.5 standard errors)",
            last.predicted_local,
            last.local.mean,
            4.5 * last.local.se,
        ));
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
        .points("largest found", &numbers, &each(|n| n.lower.max(n.sampled)))
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
        .line("predicted gradient", &depths, &curve(|g| g.predicted_local))
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

//! The table, the claims and the figure of a run of perturbation stability.

use super::training::FITTED;
use super::{End, PerturbationStability, Start};
use crate::error::Result;
use crate::experiment::{Cell, Claim, Claims, Findings, Measured, Study, Table};
use crate::plot::style::Marker;
use crate::plot::{Figure, Panel};
use crate::stats::{largest_distance, least, median};

/// How often chance alone may break a claim about means.
const LEVEL: f64 = 1e-4;

/// Everything a run computed.
pub(super) struct Results<'a> {
    pub settings: &'a PerturbationStability,
    /// Whether trends known from MNIST may be claimed.
    pub mnist: bool,
    /// By initialisation, depth, width.
    pub starts: Vec<Start>,
    /// Likewise, then the non-lazy ones by width; empty without training.
    pub ends: Vec<End>,
}

/// How an initialisation is written in prose.
fn title(init: &str) -> &'static str {
    match init {
        "lecun" => "LeCun",
        "he" => "He",
        "ntk" => "NTK",
        _ => "non-lazy",
    }
}

impl Results<'_> {
    fn starts_of<'b>(&'b self, init: &'b str) -> impl Iterator<Item = &'b Start> {
        self.starts.iter().filter(move |s| s.init == init)
    }

    fn ends_of<'b>(&'b self, init: &'b str) -> impl Iterator<Item = &'b End> {
        self.ends.iter().filter(move |e| e.init == init)
    }

    /// The cell of the first or last depth and width.
    fn corner(&self, init: &str, deepest: bool, widest: bool) -> Option<&Start> {
        let pick =
            |list: &[usize], last: bool| if last { list.last() } else { list.first() }.copied();
        let depth = pick(&self.settings.depths, deepest)?;
        let width = pick(&self.settings.widths, widest)?;
        self.starts
            .iter()
            .find(|s| s.init == init && s.depth == depth && s.width == width)
    }
}

pub(super) fn findings(results: &Results<'_>) -> Result<Findings> {
    Ok(Findings {
        measured: measured(results)?,
        claims: claims(results)?,
        table: table(results)?,
        figure: figure(results),
    })
}

fn measured(results: &Results<'_>) -> Result<Measured> {
    let mut measured = Measured::default();
    let first = |init: &str| results.corner(init, false, true);
    let chosen: Vec<&Start> = results
        .settings
        .init
        .iter()
        .filter_map(|i| first(i))
        .collect();
    let constants: Vec<f64> = chosen.iter().map(|s| s.square.mean).collect();
    // E‖∇h‖² at the least depth and the largest width, for each initialisation in the order of the settings.
    match constants.as_slice() {
        [one] => measured.insert("constant", *one),
        _ => measured.insert("constant", constants),
    }
    let exact: Vec<f64> = chosen.iter().map(|s| s.exact.square).collect();
    match exact.as_slice() {
        [one] => measured.insert("constant_exact", *one),
        _ => measured.insert("constant_exact", exact),
    }
    let plateaus: Vec<f64> = chosen
        .iter()
        .map(|s| s.stability.mean / s.bound.plateau)
        .collect();
    measured.insert("stability_over_plateau", plateaus);
    if let Some(last) = results.ends_of("small").last() {
        let each = |of: fn(&super::Trained) -> f64| last.runs.iter().map(of).collect::<Vec<f64>>();
        measured.insert("non_lazy_stability", last.stability.mean);
        measured.insert("non_lazy_before", median(&each(|r| r.before))?);
        measured.insert("non_lazy_kappa", median(&each(|r| r.kappa))?);
        measured.insert("non_lazy_loss", median(&each(|r| r.loss))?);
        measured.insert(
            "non_lazy_bound",
            non_lazy_bound(results.settings, last.width),
        );
    }
    if !results.ends.is_empty() {
        let runs = results.ends.iter().flat_map(|e| &e.runs);
        let unfitted = runs.filter(|r| r.loss >= FITTED).count();
        measured.insert("networks_that_did_not_fit", unfitted);
    }
    Ok(measured)
}

/// n/m^{c + 1.5}, the bound of the tutorial for trained non-lazy networks without constants and logarithms.
fn non_lazy_bound(settings: &PerturbationStability, width: usize) -> f64 {
    settings.n as f64 / (width as f64).powf(settings.non_lazy_power + 1.5)
}

fn claims(results: &Results<'_>) -> Result<Claims> {
    let mut claims = Claims::default();
    let mut inits = results.settings.init.clone();
    inits.dedup();
    for init in inits {
        initial_claims(results, init, &mut claims)?;
    }
    if !results.ends.is_empty() {
        trained_claims(results, &mut claims)?;
    }
    Ok(claims)
}

fn initial_claims(results: &Results<'_>, init: &str, claims: &mut Claims) -> Result<()> {
    let name = title(init);
    let distances = results
        .starts_of(init)
        .map(|s| s.stability.distance(s.predicted));
    claims.push(Claim::all_within(
        &format!("{name}, before training: P/ε is c_p E‖∇h‖ at every depth and width"),
        distances,
        LEVEL,
        Some(results.settings.draws),
    )?);
    let formula = match init {
        "lecun" => "2^{−(L−1)}",
        "he" => "2",
        _ => "p",
    };
    let draws = results.settings.draws;
    let se = largest_distance(1, LEVEL, Some(draws))?;
    let corner = |deepest, widest| results.corner(init, deepest, widest);
    if let Some(s) = corner(false, true) {
        claims.push(Claim::equals(
            &format!(
                "{name}: E‖∇h‖² is {formula} (least depth, largest width; {se:.1} standard errors)"
            ),
            s.exact.square,
            s.square.mean,
            se * (s.exact.variance_of_square() / draws as f64).sqrt(),
        ));
    }
    let relative = |a: &Start, b: &Start| {
        (a.stability.se / a.stability.mean).hypot(b.stability.se / b.stability.mean)
    };
    if let (Some(narrow), Some(wide)) = (corner(true, false), corner(true, true))
        && narrow.width < wide.width
    {
        let predicted = narrow.predicted / wide.predicted;
        let width = Claim::equals(
            &format!(
                "{name}: width only raises P to its plateau: narrowest over widest at the largest depth, against the exact ratio below 1"
            ),
            predicted,
            narrow.stability.mean / wide.stability.mean,
            se * predicted * relative(narrow, wide),
        );
        claims.push(width.against(1.0, "no effect of the width"));
    }
    if let (Some(shallow), Some(deep)) = (corner(false, true), corner(true, true))
        && shallow.depth < deep.depth
    {
        let predicted = deep.predicted / shallow.predicted;
        let says = match init {
            "lecun" => "halves the mean square a layer",
            _ => "changes nothing but the fluctuations",
        };
        let factor = 0.5_f64.powf((deep.depth - shallow.depth) as f64);
        let depth = Claim::equals(
            &format!(
                "{name}: depth {says}: deepest over shallowest at the largest width, against the exact ratio"
            ),
            predicted,
            deep.stability.mean / shallow.stability.mean,
            se * predicted * relative(deep, shallow),
        );
        let other = match init {
            "lecun" => (1.0, "no effect of the depth"),
            _ => (factor.sqrt(), "the halving of LeCun's weights"),
        };
        claims.push(depth.against(other.0, other.1));
    }
    Ok(())
}

fn trained_claims(results: &Results<'_>, claims: &mut Claims) -> Result<()> {
    let runs = results.ends.iter().flat_map(|e| &e.runs);
    let fitted = runs.filter(|r| r.loss < FITTED);
    let ratios: Vec<f64> = fitted.map(|r| r.slope_ratio).collect();
    if !ratios.is_empty() {
        claims.push(Claim::at_least(
        "after training: on the way between the two nearest digits of different classes the slope is somewhere at least |Δh|/‖Δa‖ (mean value theorem): least ratio over networks that fit",
        1.0,
        least(ratios),
        0.01,
    ).bound());
    }
    let kappa = |end: &End| median(&end.runs.iter().map(|r| r.kappa).collect::<Vec<f64>>());
    for init in results.settings.init.iter().take(1) {
        let least = results.settings.depths.first();
        let own: Vec<&End> = results
            .ends_of(init)
            .filter(|e| Some(&e.depth) == least)
            .collect();
        if let (Some(narrow), Some(wide)) = (own.first(), own.last())
            && narrow.width < wide.width
        {
            let lazier = Claim::less_than(
                &format!(
                    "{}: wider networks train lazily (trend): κ of the widest is below that of the narrowest, at the least depth",
                    title(init)
                ),
                kappa(narrow)?,
                kappa(wide)?,
                0.0,
            );
            claims.push(lazier.trend(results.mnist));
        }
    }
    if let Some(wide) = results.ends_of("small").last() {
        let unfitted = wide.runs.iter().any(|run| run.loss >= FITTED);
        let reason = "a network from this start has not fitted its labels: allow more epochs";
        for claim in [
            Claim::greater_than(
                "the start m^(−c) does not (trend): its weights move by more than their own size, κ > 1",
                1.0,
                kappa(wide)?,
                0.0,
            ),
            Claim::greater_than(
                "once it has fitted its labels, P/ε is no longer small (trend): it exceeds n/m^(c+1.5), the tutorial's bound without constants and logarithms (widest)",
                non_lazy_bound(results.settings, wide.width),
                wide.stability.mean,
                0.0,
            ),
        ] {
            claims.push(claim.not_measured_if(unfitted, reason).trend(results.mnist));
        }
    }
    Ok(())
}

fn table(results: &Results<'_>) -> Result<Table> {
    let mut table = Table::new(PerturbationStability::ABOUT.columns);
    for s in &results.starts {
        table.push(vec![
            s.init.into(),
            s.depth.into(),
            s.width.into(),
            s.stability.mean.into(),
            s.stability.se.into(),
            s.predicted.into(),
            "initial".into(),
            s.bound.value.into(),
            s.bound.plateau.into(),
            Cell::Empty,
            Cell::Empty,
        ])?;
    }
    for e in &results.ends {
        let small = e.init == "small";
        let each = |of: fn(&super::Trained) -> f64| e.runs.iter().map(of).collect::<Vec<f64>>();
        let bound = if small {
            Cell::Number(non_lazy_bound(results.settings, e.width))
        } else {
            let own = results
                .starts
                .iter()
                .find(|s| (s.init, s.depth, s.width) == (e.init, e.depth, e.width));
            own.map_or(Cell::Empty, |s| Cell::Number(s.bound.value))
        };
        table.push(vec![
            e.init.into(),
            e.depth.into(),
            e.width.into(),
            e.stability.mean.into(),
            e.stability.se.into(),
            Cell::Empty,
            if small { "non_lazy" } else { "lazy" }.into(),
            bound,
            Cell::Empty,
            median(&each(|r| r.kappa))?.into(),
            median(&each(|r| r.loss))?.into(),
        ])?;
    }
    Ok(table)
}

fn figure(results: &Results<'_>) -> Figure {
    let mut figure = Figure::new("Perturbation stability by width, depth and initialisation");
    let mut inits = results.settings.init.clone();
    inits.dedup();
    for init in inits {
        let mut panel = Panel::new("width m", "P/ε")
            .title(title(init))
            .log_x()
            .log_y();
        for (color, &depth) in results.settings.depths.iter().enumerate() {
            let own: Vec<&Start> = results
                .starts_of(init)
                .filter(|s| s.depth == depth)
                .collect();
            let widths: Vec<f64> = own.iter().map(|s| s.width as f64).collect();
            let each = |of: fn(&Start) -> f64| own.iter().map(|s| of(s)).collect::<Vec<f64>>();
            panel = panel
                .line(
                    &format!("L = {depth}: exact at the start"),
                    &widths,
                    &each(|s| s.predicted),
                )
                .color(color)
                .solid()
                .points(
                    &format!("L = {depth}: measured"),
                    &widths,
                    &each(|s| s.stability.mean),
                )
                .color(color)
                .marker(Marker::nth(0))
                .line(
                    &format!("L = {depth}: the slide's bound"),
                    &widths,
                    &each(|s| s.bound.value),
                )
                .color(color)
                .dotted();
            let ends: Vec<&End> = results.ends_of(init).filter(|e| e.depth == depth).collect();
            if !ends.is_empty() {
                let trained: Vec<f64> = ends.iter().map(|e| e.stability.mean).collect();
                panel = panel
                    .points(&format!("L = {depth}: after training"), &widths, &trained)
                    .color(color)
                    .marker(Marker::nth(2));
            }
        }
        figure = figure.panel(panel);
    }
    let small: Vec<&End> = results.ends_of("small").collect();
    if !small.is_empty() {
        let widths: Vec<f64> = small.iter().map(|e| e.width as f64).collect();
        let before = |e: &&End| e.runs.iter().map(|r| r.before).sum::<f64>() / e.runs.len() as f64;
        let bounds: Vec<f64> = small
            .iter()
            .map(|e| non_lazy_bound(results.settings, e.width))
            .collect();
        let after: Vec<f64> = small.iter().map(|e| e.stability.mean).collect();
        figure = figure.panel(
            Panel::new("width m", "P/ε")
                .title("non-lazy: weights start at m^(−c)")
                .log_x()
                .log_y()
                .line(
                    "before training",
                    &widths,
                    &small.iter().map(before).collect::<Vec<f64>>(),
                )
                .line("after training", &widths, &after)
                .line("n/m^(c+1.5)", &widths, &bounds)
                .dotted(),
        );
    }
    figure.columns(2).shared_legend().caption(
        "The slides' bounds hold up to an unnamed constant. Beyond L³ units only their plateau is left.",
    )
}

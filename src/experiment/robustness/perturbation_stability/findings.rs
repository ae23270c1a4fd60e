//! The numbers and the claims.

use super::figure::figure;
use super::run::{End, Results, title};
use super::settings::PerturbationStability;
use super::start::Start;
use super::training::{FITTED, Trained};
use crate::error::Result;
use crate::experiment::{Claim, Draft, Findings, Quantity};
use crate::stats::{Estimate, largest_distance, least, mean, median};

/// How often chance alone may break a claim about means.
const LEVEL: f64 = 1e-4;

pub(super) fn findings(settings: &PerturbationStability, results: &Results) -> Result<Findings> {
    let mut found = measured(Findings::of(results.rows()), settings, results)?;
    for init in settings.inits() {
        found = initial_claims(found, settings, results, init)?;
    }
    if !results.ends.is_empty() {
        found = trained_claims(found, settings, results)?;
    }
    if let Some(followed) = results.followed(settings) {
        found = followed.findings(found, results.mnist);
    }
    Ok(found.figure(figure(settings, results)?))
}

/// The start of the first or last depth and width.
fn corner<'a>(
    settings: &PerturbationStability,
    results: &'a Results,
    init: &str,
    deepest: bool,
    widest: bool,
) -> Option<&'a Start> {
    let pick = |list: &[usize], last: bool| if last { list.last() } else { list.first() }.copied();
    let depth = pick(&settings.depths, deepest)?;
    let width = pick(&settings.widths, widest)?;
    let mut own = results.starts_of(init);
    own.find(|s| s.depth == depth && s.width == width)
}

fn measured(
    mut found: Draft,
    settings: &PerturbationStability,
    results: &Results,
) -> Result<Draft> {
    // At the least depth and the largest width, for each initialisation in the order of the settings.
    let inits = settings.init.iter();
    let chosen: Vec<&Start> = inits
        .filter_map(|init| corner(settings, results, init, false, true))
        .collect();
    let each = |of: fn(&Start) -> f64| chosen.iter().map(|s| of(s)).collect::<Vec<f64>>();
    let one_or_all = |numbers: Vec<f64>| match numbers.as_slice() {
        [one] => Quantity::from(*one),
        _ => numbers.into(),
    };
    found = found
        .measure("constant", one_or_all(each(|s| s.square.mean)))
        .measure("constant_exact", one_or_all(each(|s| s.exact.square)))
        .measure(
            "stability_over_plateau",
            each(|s| s.stability.mean / s.bound.plateau),
        );
    if let Some(last) = results.ends_of("small").last() {
        let before: Vec<f64> = last.runs.iter().map(|run| run.before).collect();
        found = found
            .measure("non_lazy_stability", last.stability.mean)
            .measure("non_lazy_before", median(&before)?)
            .measure("non_lazy_kappa", last.kappa)
            .measure("non_lazy_loss", last.loss)
            .measure("non_lazy_bound", last.bound);
    }
    if !results.ends.is_empty() {
        let runs = results.ends.iter().flat_map(|e| &e.runs);
        let unfitted = runs.filter(|run| !fits(run)).count();
        let usual = results.ends.iter().filter(|e| e.init != "small");
        let trained: Vec<f64> = usual.map(|e| e.stability.mean).collect();
        let starts: Vec<f64> = results.starts.iter().map(|s| s.stability.mean).collect();
        found = found
            .measure("networks_that_did_not_fit", unfitted)
            .measure("stability_at_start", starts)
            .measure("stability_after_training", trained);
    }
    Ok(found)
}

fn fits(run: &Trained) -> bool {
    run.loss < FITTED
}

fn initial_claims(
    found: Draft,
    settings: &PerturbationStability,
    results: &Results,
    init: &str,
) -> Result<Draft> {
    let (name, draws) = (title(init), settings.draws);
    let (formula, says) = match init {
        "lecun" => ("2^{−(L−1)}", "halves the mean square a layer"),
        "he" => ("2", "changes nothing but the fluctuations"),
        _ => ("p", "changes nothing but the fluctuations"),
    };
    let se = largest_distance(1, LEVEL, Some(draws))?;
    let corner = |deepest, widest| corner(settings, results, init, deepest, widest);
    // The ratio of two cells beside the exact one.
    let ratio = |text: &str, a: &Start, b: &Start| {
        let predicted = a.predicted / b.predicted;
        let relative = (a.stability.se / a.stability.mean).hypot(b.stability.se / b.stability.mean);
        let measured = a.stability.mean / b.stability.mean;
        Claim::equals(text, predicted, measured, se * predicted * relative)
    };
    let square = corner(false, true).map(|s| {
        Claim::equals(
            &format!(
                "{name}: E‖∇h‖² is {formula} (least depth, largest width; {se:.1} standard errors)"
            ),
            s.exact.square,
            s.square.mean,
            se * (s.exact.variance_of_square() / draws as f64).sqrt(),
        )
        .headline()
    });
    let widths = corner(true, false).zip(corner(true, true));
    let widths = widths.filter(|(narrow, wide)| narrow.width < wide.width);
    let width = widths.map(|(narrow, wide)| {
        let text = format!(
            "{name}: width only raises P to its plateau: narrowest over widest at the largest \
             depth, against the exact ratio below 1"
        );
        ratio(&text, narrow, wide).against(1.0, "no effect of the width")
    });
    let depths = corner(false, true).zip(corner(true, true));
    let depths = depths.filter(|(shallow, deep)| shallow.depth < deep.depth);
    let depth = depths.map(|(shallow, deep)| {
        let text = format!(
            "{name}: depth {says}: deepest over shallowest at the largest width, against the \
             exact ratio"
        );
        let factor = 0.5_f64.powf((deep.depth - shallow.depth) as f64);
        let (rival, meaning) = match init {
            "lecun" => (1.0, "no effect of the depth"),
            _ => (factor.sqrt(), "the halving of LeCun's weights"),
        };
        ratio(&text, deep, shallow).against(rival, meaning)
    });
    let starts = results.starts_of(init);
    Ok(found
        .claim(Claim::all_within(
            &format!("{name}, before training: P/ε is c_p E‖∇h‖ at every depth and width"),
            starts.map(|s| s.stability.distance(s.predicted)),
            LEVEL,
            Some(draws),
        )?)
        .claims(square)
        .claims(width)
        .claims(depth))
}

fn trained_claims(
    mut found: Draft,
    settings: &PerturbationStability,
    results: &Results,
) -> Result<Draft> {
    let runs = results.ends.iter().flat_map(|e| &e.runs);
    let fitted = runs.filter(|run| fits(run));
    let ratios: Vec<f64> = fitted.map(|run| run.slope_ratio).collect();
    if !ratios.is_empty() {
        found = found
            .claim(Claim::at_least(
                "after training: on the way between the two nearest digits of different classes \
                 the slope is somewhere at least |Δh|/‖Δa‖ (mean value theorem): least ratio over \
                 networks that fit",
                1.0,
                least(ratios),
                0.01,
            ))
            .bound();
    }
    // Narrowest and widest of every start and depth.
    let pairs: Vec<(&End, &End)> = settings
        .inits()
        .into_iter()
        .flat_map(|init| settings.depths.iter().map(move |depth| (init, *depth)))
        .filter_map(|(init, depth)| {
            let own = || results.ends_of(init).filter(move |e| e.depth == depth);
            let (narrow, wide) = (own().next()?, own().last()?);
            (narrow.width < wide.width).then_some((narrow, wide))
        })
        .collect();
    if !pairs.is_empty() {
        // One network of each by draw. A network that never moved has κ = 0, of which there is no logarithm.
        let lazier: Vec<f64> = (0..settings.trained_draws)
            .map(|draw| {
                let contrasts = pairs.iter().map(|(narrow, wide)| {
                    let [narrow, wide] = [narrow, wide].map(|end| end.runs[draw].kappa);
                    match narrow + wide {
                        0.0 => 0.0,
                        sum => (narrow - wide) / sum,
                    }
                });
                mean(contrasts)
            })
            .collect();
        // Student's quantile of few draws is so large that only a milder one can be met.
        let level = if settings.trained_draws < 8 {
            0.01
        } else {
            LEVEL
        };
        found = found
            .claim(
                Claim::positive(
                    "wider networks train more lazily (trend): κ at the least width less κ at the \
                     largest, over their sum, mean over starts and depths",
                    Estimate::from_values(&lazier)?,
                    level,
                )?
                .headline(),
            )
            .trend(results.mnist);
    }
    let Some(wide) = results.ends_of("small").last() else {
        return Ok(found);
    };
    let unfitted = wide.runs.iter().any(|run| !fits(run));
    let reason = "a network from this start has not fitted its labels: allow more epochs";
    Ok(found
        .claim(Claim::greater_than(
            "the start m^(−c) does not (trend): its weights move by more than their own size, \
             κ > 1",
            1.0,
            wide.kappa,
            0.0,
        ))
        .not_measured_if(unfitted, reason)
        .trend(results.mnist)
        .claim(Claim::greater_than(
            "once it has fitted its labels, P/ε is no longer small (trend): it exceeds \
             n/m^(c+1.5), the tutorial's bound without constants and logarithms (widest)",
            wide.bound,
            wide.stability.mean,
            0.0,
        ))
        .not_measured_if(unfitted, reason)
        .trend(results.mnist))
}

//! `compare`: do two runs agree, and if they do not, why may that be?

use std::path::Path;

use serde_json::Value;

use super::console::Console;
use crate::display::{aligned, format_number};
use crate::{Error, Result};

/// Compares two reports by the claims' own tolerances; `false` if a claim differs.
pub(super) fn compare(a: &Path, b: &Path, console: &mut Console) -> Result<bool> {
    let reports = [read(a)?, read(b)?];
    let [left, right] = &reports;
    if left["experiment"] != right["experiment"] {
        let what = format!("the experiment of {}", b.display());
        return Err(Error::domain(
            &what,
            word(&left["experiment"]),
            word(&right["experiment"]),
        ));
    }
    let circumstances = circumstances(left, right);
    let mut text = format!(
        "{}: {} against {}\n\n",
        word(&left["experiment"]),
        a.display(),
        b.display()
    );
    if circumstances.is_empty() {
        text += "same program, data, engine, processor, seed and settings\n";
    } else {
        text += "what is not the same, and may be why numbers differ\n";
        let head = ["", "first", "second"].map(str::to_owned).to_vec();
        let rows: Vec<Vec<String>> = std::iter::once(head).chain(circumstances).collect();
        text += &aligned(&rows, &[]);
    }
    let claims = claims(left, right);
    let differing = claims.iter().filter(|claim| claim.differs).count();
    text += &format!("\n{}", table(&claims));
    text += &format!(
        "\n{} of {} claims agree\n",
        claims.len() - differing,
        claims.len()
    );
    if let Some((name, off)) = farthest(&left["measured"], &right["measured"]) {
        text += &format!(
            "largest relative difference of a measured number: {} ({name})\n",
            format_number(off)
        );
    }
    console.print(&text)?;
    Ok(differing == 0)
}

fn read(path: &Path) -> Result<Value> {
    let text = std::fs::read_to_string(path).map_err(|error| Error::io(path, error))?;
    let wrong = |found: String| Error::Data {
        path: path.to_owned(),
        expected: "the JSON file that `dltheory run` writes".into(),
        found,
    };
    let json: Value = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    match json["claims"].is_array() && json["experiment"].is_string() {
        true => Ok(json),
        false => Err(wrong("JSON without `experiment` and `claims`".into())),
    }
}

/// A value as a reader would write it.
fn word(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Every circumstance that is not the same: its name and both values.
fn circumstances(left: &Value, right: &Value) -> Vec<Vec<String>> {
    let mut rows = Vec::new();
    let mut tell = |name: String, left: &Value, right: &Value| {
        if left != right {
            rows.push(vec![name, word(left), word(right)]);
        }
    };
    for path in [
        "/provenance/version",
        "/provenance/commit",
        "/provenance/data/name",
        "/provenance/data/sha256",
        "/provenance/engine/name",
        "/provenance/engine/version",
        "/provenance/engine/kernel",
        "/provenance/threads",
        "/provenance/processor",
        "/seed",
    ] {
        let at = |report: &Value| report.pointer(path).cloned().unwrap_or_default();
        let name = path.trim_start_matches("/provenance").replace('/', " ");
        tell(name.trim().to_owned(), &at(left), &at(right));
    }
    let settings = |report: &Value| report["settings"].as_object().cloned().unwrap_or_default();
    let (left, right) = (settings(left), settings(right));
    let more = right.keys().filter(|name| !left.contains_key(*name));
    for name in left.keys().chain(more) {
        let at = |settings: &serde_json::Map<String, Value>| {
            settings.get(name).cloned().unwrap_or_default()
        };
        tell(format!("setting {name}"), &at(&left), &at(&right));
    }
    rows
}

/// One claim in both reports.
struct Pair {
    text: String,
    measured: [String; 2],
    tolerance: String,
    differs: bool,
}

fn claims(left: &Value, right: &Value) -> Vec<Pair> {
    let list = |report: &Value| report["claims"].as_array().cloned().unwrap_or_default();
    let (left, mut right) = (list(left), list(right));
    let shown =
        |claim: &Value| number(&claim["measured"]).map_or_else(|| "–".to_owned(), format_number);
    let mut pairs = Vec::new();
    for a in left {
        let Some(at) = right.iter().position(|b| b["claim"] == a["claim"]) else {
            pairs.push(alone(&a, [shown(&a), "no such claim".to_owned()]));
            continue;
        };
        let b = right.remove(at);
        pairs.push(Pair {
            text: word(&a["claim"]),
            measured: [shown(&a), shown(&b)],
            tolerance: tolerance(&a, &b).map_or_else(|| "–".to_owned(), format_number),
            differs: !agree(&a, &b),
        });
    }
    pairs.extend(
        right
            .iter()
            .map(|b| alone(b, ["no such claim".to_owned(), shown(b)])),
    );
    pairs
}

fn alone(claim: &Value, measured: [String; 2]) -> Pair {
    Pair {
        text: word(&claim["claim"]),
        measured,
        tolerance: "–".to_owned(),
        differs: true,
    }
}

/// The larger tolerance of the two; each covers the distance of one measurement from the same truth.
fn tolerance(a: &Value, b: &Value) -> Option<f64> {
    let [a, b] = [a, b].map(|claim| number(&claim["tolerance"]));
    Some(a?.max(b?)).filter(|tolerance| tolerance.is_finite())
}

/// Two rows agree if they come to the same verdict and, where the claim is that a number equals another, the
/// two measurements lie no farther apart than the tolerance. A bound says nothing of where below it one is.
fn agree(a: &Value, b: &Value) -> bool {
    if ["relation", "holds", "reported", "not_resolved", "open"]
        .iter()
        .any(|key| a[key] != b[key])
        || a["not_measured"].is_null() != b["not_measured"].is_null()
    {
        return false;
    }
    if a["holds"].is_null() || a["relation"] != "=" {
        return true;
    }
    match (
        number(&a["measured"]),
        number(&b["measured"]),
        tolerance(a, b),
    ) {
        (Some(a), Some(b), Some(tolerance)) => (a - b).abs() <= tolerance,
        _ => a["measured"] == b["measured"],
    }
}

/// A number as reports write it: `"nan"`, `"inf"` and `"-inf"` are strings.
fn number(value: &Value) -> Option<f64> {
    value.as_f64().or_else(|| value.as_str()?.parse().ok())
}

fn table(claims: &[Pair]) -> String {
    let head = ["", "first", "second", "tolerance", "claim"].map(str::to_owned);
    let row = |claim: &Pair| {
        let [first, second] = claim.measured.clone();
        let verdict = if claim.differs { "DIFFERS" } else { "agrees" };
        vec![
            verdict.to_owned(),
            first,
            second,
            claim.tolerance.clone(),
            claim.text.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = std::iter::once(head.to_vec())
        .chain(claims.iter().map(row))
        .collect();
    aligned(&rows, &[false, true, true, true, false])
}

/// The measured number, by its path, that is relatively farthest from its fellow. `None` where every number
/// is the same.
fn farthest(left: &Value, right: &Value) -> Option<(String, f64)> {
    let mut most: Option<(String, f64)> = None;
    let mut open = vec![(String::new(), left, right)];
    while let Some((path, left, right)) = open.pop() {
        let below = |key: &str| match path.as_str() {
            "" => key.to_owned(),
            path => format!("{path}.{key}"),
        };
        match (left, right) {
            (Value::Object(a), Value::Object(b)) => {
                open.extend(
                    a.iter()
                        .filter_map(|(key, a)| Some((below(key), a, b.get(key)?))),
                );
            }
            (Value::Array(a), Value::Array(b)) => {
                let pairs = a.iter().zip(b).enumerate();
                open.extend(pairs.map(|(at, (a, b))| (below(&at.to_string()), a, b)));
            }
            (a, b) if a != b => {
                let (Some(a), Some(b)) = (number(a), number(b)) else {
                    continue;
                };
                let off = (a - b).abs() / a.abs().max(b.abs());
                // What cannot be compared is as far apart as can be.
                let off = if off.is_nan() { f64::INFINITY } else { off };
                if most.as_ref().is_none_or(|(_, least)| off > *least) {
                    most = Some((path, off));
                }
            }
            _ => {}
        }
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn claim(relation: &str, measured: f64, tolerance: f64, holds: bool) -> Value {
        json!({"claim": "c", "relation": relation, "measured": measured, "tolerance": tolerance, "holds": holds})
    }

    #[test]
    fn the_claims_own_tolerance_decides() {
        let equal = |measured, holds| claim("=", measured, 0.1, holds);
        assert!(agree(&equal(1.0, true), &equal(1.09, true)));
        assert!(!agree(&equal(1.0, true), &equal(1.11, true)));
        assert!(!agree(&equal(1.0, true), &equal(1.01, false)));
        // Of a bound only the verdict counts.
        assert!(agree(
            &claim("≤", 1.0, 0.0, true),
            &claim("≤", 3.0, 0.0, true)
        ));
        let unmeasured = json!({"claim": "c", "relation": "=", "measured": null, "holds": null, "not_measured": "why"});
        assert!(agree(&unmeasured, &unmeasured));
        assert!(!agree(&unmeasured, &equal(1.0, true)));
        let nan = json!({"claim": "c", "relation": "=", "measured": "nan", "tolerance": 0.1, "holds": false});
        assert!(!agree(&nan, &equal(1.0, false)), "NaN is near nothing");
    }

    #[test]
    fn a_claim_of_one_run_alone_differs() {
        let with = |claims: Value| json!({"claims": claims});
        let pairs = claims(&with(json!([claim("=", 1.0, 0.1, true)])), &with(json!([])));
        assert!(pairs.len() == 1 && pairs[0].differs);
        let pairs = claims(&with(json!([])), &with(json!([claim("=", 1.0, 0.1, true)])));
        assert!(pairs.len() == 1 && pairs[0].differs);
    }

    #[test]
    fn what_may_be_why_is_named() {
        let report = |seed: u64, kernel: &str, n: u64| json!({"seed": seed, "provenance": {"engine": {"kernel": kernel}}, "settings": {"n": n}});
        let rows = circumstances(&report(1, "Zen", 5), &report(2, "Haswell", 6));
        let names: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
        assert_eq!(names, ["engine kernel", "seed", "setting n"]);
        assert!(circumstances(&report(1, "Zen", 5), &report(1, "Zen", 5)).is_empty());
    }

    #[test]
    fn the_farthest_number_is_found_at_any_depth() {
        let (a, b) = (
            json!({"x": 1.0, "y": [2.0, 4.0]}),
            json!({"x": 1.1, "y": [2.0, 5.0]}),
        );
        assert_eq!(farthest(&a, &b), Some(("y.1".to_owned(), 0.2)));
        assert_eq!(farthest(&a, &a), None);
        assert_eq!(
            farthest(&json!("nan"), &json!(1.0)),
            Some((String::new(), f64::INFINITY))
        );
    }
}

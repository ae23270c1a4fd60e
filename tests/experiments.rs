//! What every registered experiment must satisfy, at its quick size.

#[path = "rules/mod.rs"]
mod rules;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use dltheory::data::Source;
use dltheory::experiment::{
    ALL, Claim, Claims, Context, Experiment, Plan, Progress, Report, Verdict, find,
};
use proptest::prelude::*;
use rayon::prelude::*;

/// What a quick run gave: all of it that must not depend on the number of threads, and the rest.
struct Run {
    experiment: &'static Experiment,
    csv: String,
    measured: String,
    claims: Vec<Claim>,
    json: serde_json::Value,
    svg: String,
    motion: Option<String>,
    columns_fit: bool,
    rows: usize,
}

fn quick(experiment: &'static Experiment, threads: usize) -> Run {
    let id = experiment.about.id;
    let context = Context {
        // Whoever says that no image is read must not miss them.
        data: match experiment.reads_images {
            true => Source::Sample,
            false => Source::Folder("no/such/folder".into()),
        },
        progress: Progress::silent(),
    };
    let plan = Plan {
        seed: 1,
        quick: true,
        set: Vec::new(),
    };
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("threads can be started");
    let report: Report = pool
        .install(|| (experiment.run)(&plan, &context))
        .unwrap_or_else(|error| match experiment.reads_images {
            true => panic!("{id} failed: {error}"),
            false => panic!("{id}, whose READS_IMAGES is false, failed without images: {error}"),
        });
    Run {
        experiment,
        csv: String::from_utf8(report.table.to_csv()).expect("CSV is text"),
        measured: report.measured.to_json().to_string(),
        claims: report.claims.as_slice().to_vec(),
        json: report.to_json(),
        svg: report
            .figure
            .svg()
            .unwrap_or_else(|error| panic!("{id} has no figure: {error}")),
        motion: report.motion.map(|motion| {
            motion
                .svg()
                .unwrap_or_else(|error| panic!("{id} has no motion: {error}"))
        }),
        columns_fit: report.table.columns() == experiment.about.columns,
        rows: report.table.rows().len(),
    }
}

/// Every experiment, run once on one thread, several beside each other.
static RUNS: LazyLock<Vec<Run>> = LazyLock::new(|| {
    let runs = ALL.par_iter().map(|experiment| quick(experiment, 1));
    runs.collect()
});

#[test]
fn the_same_numbers_on_one_thread_as_on_two() {
    for one in RUNS.iter() {
        let id = one.experiment.about.id;
        let two = quick(one.experiment, 2);
        assert_eq!(one.csv, two.csv, "{id}: table");
        assert_eq!(one.measured, two.measured, "{id}: measured");
        let claims = |run: &Run| format!("{:?}", run.claims);
        assert_eq!(claims(one), claims(&two), "{id}: claims");
    }
}

#[test]
fn tables_figures_and_claims_are_there() {
    for run in RUNS.iter() {
        let id = run.experiment.about.id;
        assert!(
            run.columns_fit,
            "{id}: the table has other columns than promised"
        );
        assert!(run.rows > 0, "{id}: the table has no rows");
        assert!(
            run.svg.contains("<svg") && run.svg.trim_end().ends_with("</svg>"),
            "{id}: the figure is no SVG"
        );
        if let Some(motion) = &run.motion {
            assert!(motion.contains("@keyframes"), "{id}: nothing moves");
            let bytes = motion.len();
            assert!(bytes < 300_000, "{id}: the motion has {bytes} bytes");
        }
        assert!(!run.claims.is_empty(), "{id}: nothing is claimed");
        let mut texts = HashSet::new();
        for claim in &run.claims {
            let text = claim.text();
            assert!(
                !text.is_empty() && texts.insert(text),
                "{id}: two claims say {text:?}"
            );
            assert!(
                claim.tolerance().is_finite() && claim.tolerance() >= 0.0,
                "{id}: {text:?} has tolerance {}",
                claim.tolerance()
            );
            assert!(
                claim.predicted().is_finite(),
                "{id}: {text:?} predicts no number"
            );
        }
    }
}

#[test]
fn every_claim_holds_or_is_open_as_declared() {
    let bad = RUNS.iter().flat_map(|run| {
        let good = |claim: &Claim| matches!(claim.verdict(), Verdict::Holds | Verdict::Open(_));
        let others = run.claims.iter().filter(move |claim| !good(claim));
        others.map(|claim| format!("{}: {}", run.experiment.about.id, claim.text()))
    });
    let bad: Vec<String> = bad.collect();
    assert!(bad.is_empty(), "{bad:#?}");
}

#[test]
fn every_claim_stands_alone_and_tells_something() {
    let mut bad = Vec::new();
    for run in RUNS.iter() {
        for claim in &run.claims {
            if rules::leans(claim.text()) || !rules::tells_something(claim) {
                let id = run.experiment.about.id;
                bad.push(format!("{id}: {}", Claims::from(vec![claim.clone()])));
            }
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[test]
fn json_has_the_stated_layout() {
    for run in RUNS.iter() {
        let id = run.experiment.about.id;
        let keys = |value: &serde_json::Value| -> Vec<String> {
            value
                .as_object()
                .expect("an object")
                .keys()
                .cloned()
                .collect()
        };
        let stated = [
            "experiment",
            "provenance",
            "seed",
            "settings",
            "seconds",
            "measured",
            "claims",
        ];
        assert_eq!(keys(&run.json), stated, "{id}");
        assert_eq!(run.json["experiment"], id);
        let data = &run.json["provenance"]["data"];
        assert_eq!(data.is_object(), run.experiment.reads_images, "{id}");
        assert_eq!(run.json["seed"], 1, "{id}");
        assert!(run.json["seconds"].as_f64() > Some(0.0), "{id}");
        let specs = (run.experiment.specs)();
        let names: Vec<&str> = specs.iter().map(|spec| spec.name).collect();
        assert_eq!(keys(&run.json["settings"]), names, "{id}");
        for spec in &specs {
            assert_eq!(
                run.json["settings"][spec.name],
                spec.quick.to_json(),
                "{id}"
            );
        }
        assert!(
            !keys(&run.json["measured"]).is_empty(),
            "{id}: nothing is measured"
        );
        let claims = run.json["claims"].as_array().expect("a list");
        assert_eq!(claims.len(), run.claims.len(), "{id}");
        for claim in claims {
            let stated = [
                "claim",
                "predicted",
                "measured",
                "tolerance",
                "holds",
                "relation",
            ];
            let keys = keys(claim);
            let (always, sometimes) = keys.split_at(stated.len());
            assert_eq!(always, stated, "{id}");
            let known = ["open", "kind", "chance", "rival", "rival_means"];
            assert!(
                sometimes.iter().all(|key| known.contains(&key.as_str())),
                "{id}"
            );
            assert!(
                claim["holds"].is_boolean() != claim["open"].is_string(),
                "{id}"
            );
            assert!(claim["tolerance"].is_number(), "{id}");
        }
    }
}

#[test]
fn every_experiment_says_what_it_is() {
    let mut ids = HashSet::new();
    for experiment in ALL {
        let about = experiment.about;
        let id = about.id;
        assert!(ids.insert(id), "{id} is registered twice");
        assert!(
            !id.is_empty() && id.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_')),
            "{id:?} is no file name"
        );
        assert!(find(id).is_ok_and(|found| found.about.id == id));
        for (what, text) in [
            ("title", about.title),
            ("paragraph", about.what),
            ("slide", about.slide),
        ] {
            assert!(!text.trim().is_empty(), "{id} has no {what}");
        }
        let mut names = HashSet::new();
        for column in about.columns {
            assert!(
                names.insert(column.name),
                "{id}: two columns {}",
                column.name
            );
            assert!(
                !column.help.is_empty(),
                "{id}: column {} lacks help",
                column.name
            );
        }
    }
}

#[test]
fn every_setting_has_help_and_values_in_range() {
    for experiment in ALL {
        let id = experiment.about.id;
        let mut names = HashSet::new();
        for spec in (experiment.specs)() {
            let name = spec.name;
            assert!(names.insert(name), "{id}: two settings {name}");
            assert!(!spec.help.is_empty(), "{id}: {name} lacks help");
            for value in [&spec.default, &spec.quick] {
                spec.check(value)
                    .unwrap_or_else(|error| panic!("{id}: {error}"));
                // What `show` prints can be typed back.
                let back = spec.parse(&value.to_string());
                assert!(
                    back.is_ok_and(|back| back == *value),
                    "{id}: {name} = {value}"
                );
            }
        }
        for quick in [false, true] {
            let plan = Plan {
                quick,
                ..Plan::default()
            };
            (experiment.check)(&plan).unwrap_or_else(|error| panic!("{id}: {error}"));
        }
    }
}

/// A file that computes an experiment but was never registered would be silently left out.
#[test]
fn every_file_is_registered() {
    let entries = |folder: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).expect("the sources are here");
        entries
            .map(|entry| entry.expect("an entry").path())
            .collect()
    };
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/experiment");
    let themes = entries(&source).into_iter().filter(|path| path.is_dir());
    let folders: Vec<PathBuf> = themes.chain([source.clone()]).collect();
    let mut found = 0;
    for path in folders.iter().flat_map(|folder| entries(folder)) {
        if path.is_dir() {
            continue; // the parts of an experiment whose file stands beside it
        }
        let text = std::fs::read_to_string(&path).expect("a source file");
        let stem = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let is_experiment = text.lines().any(|line| line.starts_with("impl Study for "));
        if is_experiment && stem != "demo" {
            found += 1;
            assert!(find(&stem).is_ok(), "{stem}.rs has no line in registry.rs");
        }
    }
    assert_eq!(found, ALL.len(), "one file, one experiment");
}

/// An experiment that stands in no table and that no notebook can name would not be found.
#[test]
fn every_experiment_is_in_the_readme_and_in_the_prelude() {
    let read = |path| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
        std::fs::read_to_string(path).expect("it is here")
    };
    let (readme, prelude) = (read("README.md"), read("src/prelude.rs"));
    for experiment in ALL {
        let id = experiment.about.id;
        let row = format!("\n| `{id}` | ");
        assert!(
            readme.contains(&row),
            "{id} has no row in the table of README.md"
        );
        let name = format!("\npub use crate::experiment::{id}::");
        assert!(
            prelude.contains(&name),
            "src/prelude.rs has not the settings of {id}"
        );
    }
}

#[test]
fn an_unknown_name_lists_what_there_is() {
    let error = find("no_such_thing")
        .expect_err("it is unknown")
        .to_string();
    assert!(
        error.starts_with("unknown experiment `no_such_thing`; valid: "),
        "{error}"
    );
    for experiment in ALL {
        assert!(error.contains(experiment.about.id), "{error}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_a_setting_panic(name in ".*", text in ".*|[-+]?[0-9.,e]*|(nan|inf|true|,)*") {
        for experiment in ALL {
            let names = (experiment.specs)().into_iter().map(|spec| spec.name.to_owned());
            for name in names.chain([name.clone()]) {
                let set = vec![(name, text.clone())];
                if let Err(error) = (experiment.check)(&Plan { set, ..Plan::default() }) {
                    let error = error.to_string();
                    prop_assert!(error.contains("expected") || error.contains("valid"), "{}", error);
                }
            }
        }
    }
}

//! Every experiment on images, on a real set that is not MNIST: what theory says holds there too, trends are
//! reported, and sizes give way.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use dltheory::data::Source;
use dltheory::experiment::{Context, Plan, Progress, Report, Verdict, find};
use serde_json::Value;

/// 1,797 digits of 8×8 pixels.
fn digits() -> Source {
    Source::Folder(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/digits"))
}

fn run(id: &str, data: Source, set: &[(&str, &str)]) -> dltheory::Result<Report> {
    let context = Context {
        data,
        progress: Progress::silent(),
    };
    let own = |(name, value): &(&str, &str)| (name.to_string(), value.to_string());
    let plan = Plan {
        seed: 1,
        quick: true,
        set: set.iter().map(own).collect(),
    };
    (find(id)?.run)(&plan, &context)
}

/// The experiments whose sources ask the context for its data.
fn on_images() -> BTreeSet<String> {
    let files = |folder: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).expect("the sources are here");
        entries
            .map(|entry| entry.expect("an entry").path())
            .collect()
    };
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/experiment");
    let themes = files(&source).into_iter().filter(|path| path.is_dir());
    let mut found = BTreeSet::new();
    for path in themes.flat_map(|theme| files(&theme)) {
        let parts = if path.is_dir() {
            files(&path)
        } else {
            vec![path.clone()]
        };
        let asks = |part: &PathBuf| {
            let text = std::fs::read_to_string(part).expect("a source file");
            text.contains("context.data.load()") || text.contains("::new(&context.data,")
        };
        if parts.iter().any(asks) {
            let stem = path.file_stem().expect("a name");
            found.insert(stem.to_string_lossy().into_owned());
        }
    }
    found
}

/// The places in `json` of numbers that are none.
fn not_numbers(json: &Value, at: &str, found: &mut Vec<String>) {
    match json {
        Value::String(text) if ["nan", "inf", "-inf"].contains(&text.as_str()) => {
            found.push(format!("{at} is {text}"));
        }
        Value::Array(list) => list
            .iter()
            .enumerate()
            .for_each(|(i, item)| not_numbers(item, &format!("{at}[{i}]"), found)),
        Value::Object(map) => map
            .iter()
            .for_each(|(key, item)| not_numbers(item, &format!("{at}.{key}"), found)),
        _ => {}
    }
}

#[test]
fn theory_holds_and_trends_are_reported() {
    let mut wrong = Vec::new();
    let experiments = on_images();
    assert!(experiments.len() >= 12, "{experiments:?}");
    for id in &experiments {
        let report = match run(id, digits(), &[]) {
            Ok(report) => report,
            Err(error) => {
                wrong.push(format!("{id}: {error}"));
                continue;
            }
        };
        let json = report.to_json();
        let mut bad = Vec::new();
        not_numbers(&json["measured"], "measured", &mut bad);
        not_numbers(&json["claims"], "claims", &mut bad);
        wrong.extend(bad.into_iter().map(|what| format!("{id}: {what}")));
        for claim in report.claims.as_slice() {
            let reported = *claim.verdict() == Verdict::Reported;
            if claim.fails() || (claim.text().contains("(trend)") && claim.holds()) {
                wrong.push(format!("{id}: {}", claim.to_json()));
            }
            assert!(
                !reported || claim.text().contains("(trend)"),
                "{id}: {}",
                claim.text()
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_peak_of_double_descent_is_found_and_its_height_is_reported() {
    let report = run("double_descent", digits(), &[("sgd", "false")]).expect("it fits");
    let number = |name| report.measured.number(name).expect("measured");
    assert!(number("peak_over_valley") > 10.0);
    // 150 + 400 are asked for, and there are 362 of 3 and 7.
    assert_eq!(report.gave_way.len(), 2, "{:?}", report.gave_way);
    let used = |name: &str| report.settings[name].as_u64().expect("a size");
    assert!(used("n") + used("test") <= 362 && used("n") > 80);
}

#[test]
fn a_size_that_was_set_is_kept_or_refused_with_what_fits() {
    let report = run("norm_curve", digits(), &[("n", "60")]).expect("it fits");
    assert_eq!(report.settings["n"], 60);
    for (id, set, sentence) in [
        (
            "norm_curve",
            &[("n", "350"), ("test", "20")][..],
            "n + test is 350 + 20, expected at most 362 together: ",
        ),
        (
            "random_sign_capacity",
            &[("digits", "300")],
            "digits is 300, expected at most 181 together: ",
        ),
        (
            "lazy_training",
            &[("n", "400")],
            "n is 400, expected at most 362 together: ",
        ),
        (
            "perturbation_stability",
            &[("input_dim", "65")],
            "input_dim is 65, expected at most 64 together: the pixels",
        ),
    ] {
        let error = run(id, digits(), set).expect_err("too large").to_string();
        assert!(error.starts_with(sentence), "{id}: {error}");
    }
}

/// The table's second row needs files in CIFAR-10's format; what they give is shown beside it and claimed of no data.
#[test]
fn cifar_10_has_its_row_of_the_separation_table_where_its_files_are_given() {
    let missing = run("class_separation", Source::Sample, &[]).expect("the sample is there");
    let said = missing
        .measured
        .number("cifar10_train_train")
        .expect_err("no files");
    assert!(said.to_string().contains("--data FOLDER"), "{said}");

    let folder = tempfile::tempdir().expect("a folder");
    // Each class has levels of its own, 20 apart, and noise of 0 to 3.
    let record = |i: usize| {
        let class = (i % 10) as u8;
        let pixels = (0..3072).map(move |k| 20 * class + ((i * 31 + k * 17) % 4) as u8);
        std::iter::once(class).chain(pixels).collect::<Vec<u8>>()
    };
    let batch = |from: usize| (from..from + 20).flat_map(record).collect::<Vec<u8>>();
    for (at, name) in [
        "data_batch_1",
        "data_batch_2",
        "data_batch_3",
        "data_batch_4",
        "data_batch_5",
        "test_batch",
    ]
    .iter()
    .enumerate()
    {
        let file = folder.path().join(format!("{name}.bin"));
        std::fs::write(file, batch(7 * at)).expect("written");
    }
    let source = Source::Folder(folder.path().to_owned());
    let report = run(
        "class_separation",
        source,
        &[("train", "80"), ("test", "30")],
    )
    .expect("it fits");
    let found = report
        .measured
        .number("cifar10_train_train")
        .expect("measured");
    assert!((17.0..=23.0).contains(&(found * 255.0)), "{found}");
    let published = report
        .claims
        .as_slice()
        .iter()
        .filter(|c| c.text().contains("CIFAR-10"));
    let verdicts: Vec<&Verdict> = published.map(|claim| claim.verdict()).collect();
    assert_eq!(verdicts, [&Verdict::Reported]);
}

//! Settings at the ends of what is allowed: the answer is a finding or a sentence, never NaN.

use dltheory::data::Source;
use dltheory::experiment::{Claim, Context, Plan, Progress, Report, find};

fn quick(id: &str, seed: u64, set: &[(&str, &str)]) -> dltheory::Result<Report> {
    let context = Context {
        data: Source::Sample,
        progress: Progress::silent(),
    };
    let own = |(name, value): &(&str, &str)| (name.to_string(), value.to_string());
    let plan = Plan {
        seed,
        quick: true,
        set: set.iter().map(own).collect(),
    };
    (find(id)?.run)(&plan, &context)
}

fn claim<'a>(report: &'a Report, words: &str) -> &'a Claim {
    let found = report.claims.as_slice().iter();
    let mut found = found.filter(|claim| claim.text().contains(words));
    found
        .next()
        .unwrap_or_else(|| panic!("no claim says {words:?}"))
}

#[test]
fn a_network_that_never_fits_is_a_finding() {
    // At this seed no labelling is fitted in five epochs.
    let report = quick(
        "random_sign_capacity",
        1,
        &[
            ("digit_epochs", "5"),
            ("draws", "10"),
            ("net_n", "2,20"),
            ("epochs", "10"),
        ],
    )
    .expect("it runs");
    let error = report.measured.number("epochs_to_fit_random_labels");
    let error = error.expect_err("none fits").to_string();
    assert!(
        error.contains("some network has not fitted its labels"),
        "{error}"
    );
    assert!(claim(&report, "digits with random labels").fails());
}

#[test]
fn features_that_are_dead_on_the_sample_take_no_part() {
    // With n = 10 some feature is 0 on some sample at most of these seeds.
    for seed in 0..25 {
        let set = [
            ("n", "10"),
            ("steps", "1"),
            ("draws", "30"),
            ("fresh", "100"),
        ];
        let report = quick("error_decomposition", seed, &set);
        let report = report.unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        assert!(claim(&report, "four terms").holds(), "seed {seed}");
    }
}

#[test]
fn features_on_a_line_are_refused() {
    let error = quick("error_decomposition", 1, &[("dim", "1")]).expect_err("singular");
    assert_eq!(
        error.to_string(),
        "setting `dim` is `1`, expected a whole number from 3 to 500"
    );
}

#[test]
fn one_draw_measures_no_variance() {
    let set = [
        ("draws", "1"),
        ("sgd", "false"),
        ("n", "40"),
        ("test", "40"),
    ];
    let report = quick("double_descent", 1, &set).expect("it runs");
    for words in ["unimodal", "falls with m"] {
        assert!(
            claim(&report, words)
                .reason()
                .is_some_and(|r| r.contains("one draw"))
        );
    }
    assert!(report.measured.number("kernel_limit_mse_se").is_err());
}

#[test]
fn networks_too_deep_for_their_width_claim_nothing() {
    let set = [("init", "exploding"), ("depth", "100"), ("width", "16")];
    let report = quick("variance_propagation", 1, &set).expect("it runs");
    for claim in report.claims.as_slice() {
        // A factor holds only where its tolerance excludes half of it.
        let own = claim.text().contains("multiplies");
        assert!(!claim.fails(), "{}", claim.to_json());
        assert!(!own || !claim.holds() || claim.tolerance() < 0.5 * claim.predicted());
    }
    assert!(!report.claims.not_measured().is_empty());
}

#[test]
fn a_slope_that_few_networks_leave_open_is_not_resolved() {
    let set = [
        ("n", "10"),
        ("test", "10"),
        ("draws", "3"),
        ("widths", "8,9"),
        ("steps", "20"),
    ];
    let report = quick("kernel_vs_network", 1, &set).expect("it runs");
    for claim in report.claims.as_slice() {
        assert!(
            claim.tolerance() < 0.5 || claim.reason().is_some() || claim.not_resolved(),
            "{}",
            claim.to_json()
        );
    }
    let report = quick(
        "kernel_vs_network",
        1,
        &[("n", "10"), ("widths", "8"), ("steps", "20")],
    );
    let report = report.expect("it runs");
    assert!(
        claim(&report, "slope")
            .reason()
            .is_some_and(|r| r.contains("one width"))
    );
}

#[test]
fn no_width_that_fits_is_no_threshold() {
    let set = [("epochs", "30"), ("widths", "4,5,6"), ("test", "50")];
    let report = quick("network_double_descent", 1, &set).expect("it runs");
    assert!(claim(&report, "99 %").reason().is_some());
    assert!(report.measured.number("threshold_ratio").is_err());
}

#[test]
fn a_loss_that_is_rounding_has_no_rate() {
    let report = quick("gradient_flow", 1, &[("n", "2")]).expect("it runs");
    for words in ["the loss is multiplied by", "the proof wastes"] {
        assert!(
            claim(&report, words).holds(),
            "{}",
            claim(&report, words).to_json()
        );
    }
}

#[test]
fn an_extrapolation_needs_widths_beyond_the_peak() {
    let set = [
        ("max_ratio", "2"),
        ("sgd", "false"),
        ("n", "40"),
        ("test", "40"),
    ];
    let report = quick("double_descent", 1, &set).expect("it runs");
    let reason = claim(&report, "kernel interpolant").reason();
    assert!(
        reason.is_some_and(|r| r.contains("max_ratio to 3")),
        "{reason:?}"
    );
}

//! Complexity of classes of functions, and convergence of interpolators.

use dltheory::fit::memorising_network;
use dltheory::measure::{
    FlippedNoiseSettings, InterpolationSettings, JunkFeaturesSettings, LinearBall,
    MemorisingNetwork, NetworkLearner, SignInterpolator, SignLearner, benign_split,
    coin_classifiers, coin_probability, effective_ranks, exact_finite_class_complexity,
    flipped_noise, flipped_noise_errors, hoeffding_gap, interpolation_point, is_vacuous,
    junk_features, junk_features_theory, learned_complexity, least_squares_sign_agreement,
    threshold_complexity, threshold_patterns,
};
use dltheory::rng::stream;
use ndarray::Array2;
use proptest::prelude::*;

use crate::numbers::{count, real, sound};
use crate::table::{Argument, Function, Numbers, all_complaints, complaints, list, sign, trial};

const INPUTS: Argument = Argument::new("the inputs", |s| (s.n, s.d)).any_columns();
const SIGNS: Argument = Argument::new("signs", |s| (s.n, 1)).of(sign);

const SMALL_NET: NetworkLearner = NetworkLearner {
    width: 2,
    epochs: 3,
    learning_rate: 0.02,
};

fn learned(learner: &dyn SignLearner, x: &Array2<f64>) -> Numbers {
    let estimate = learned_complexity(learner, x, 2, 1)?;
    Ok(vec![estimate.mean, estimate.se])
}

/// Eigenvalues in decreasing order where they have one.
fn spectrum(a: &Array2<f64>) -> ndarray::Array1<f64> {
    let mut values = list(a).to_vec();
    values.sort_by(|a, b| b.total_cmp(a));
    values.into()
}

const EIGENVALUES: Argument = Argument::new("eigenvalues", |s| (s.d + 3, 1)).of(f64::abs);

const TABLE: &[Function] = &[
    Function {
        name: "exact_finite_class_complexity",
        arguments: &[Argument::new("the class's values", |s| (s.n, s.d))
            .any_rows()
            .any_columns()],
        call: |a, _| Ok(vec![exact_finite_class_complexity(&a[0])?]),
    },
    Function {
        name: "learned_complexity, least squares",
        arguments: &[INPUTS.any_rows()],
        call: |a, _| learned(&SignInterpolator, &a[0]),
    },
    Function {
        name: "learned_complexity, l1 ball",
        arguments: &[INPUTS.any_rows()],
        call: |a, _| learned(&LinearBall::L1 { radius: 2.0 }, &a[0]),
    },
    Function {
        name: "learned_complexity, l2 ball",
        arguments: &[INPUTS.any_rows()],
        call: |a, _| learned(&LinearBall::L2 { radius: 2.0 }, &a[0]),
    },
    Function {
        name: "learned_complexity, network",
        arguments: &[INPUTS.any_rows()],
        call: |a, _| learned(&SMALL_NET, &a[0]),
    },
    Function {
        name: "learned_complexity, memorising network",
        arguments: &[INPUTS.any_rows()],
        call: |a, _| learned(&MemorisingNetwork, &a[0]),
    },
    Function {
        name: "NetworkLearner::train",
        arguments: &[INPUTS, SIGNS],
        call: |a, _| {
            let net = SMALL_NET.train(&a[0], &a[1], &mut stream(1, "net", 0))?;
            Ok(net.parameters().to_vec())
        },
    },
    Function {
        name: "memorising_network",
        arguments: &[
            Argument::new("the features", |s| (s.n, s.d)).any_columns(),
            Argument::new("the targets", |s| (s.n, 1)).of(sign),
        ],
        call: |a, _| {
            let net = memorising_network(&a[0], &a[1], &mut stream(1, "direction", 0))?;
            Ok(net.parameters().to_vec())
        },
    },
    Function {
        name: "effective_ranks",
        arguments: &[EIGENVALUES.any_rows().any_columns()],
        call: |a, _| {
            let (r, big_r) = effective_ranks(&spectrum(&a[0]), 1)?;
            Ok(vec![r, big_r])
        },
    },
    Function {
        name: "benign_split",
        arguments: &[EIGENVALUES.any_rows().any_columns()],
        call: |a, s| {
            let split = benign_split(&spectrum(&a[0]), s.n, 0.1)?;
            Ok(split.map_or_else(Vec::new, |split| vec![split.r, split.big_r, split.bound]))
        },
    },
    Function {
        name: "interpolation_point",
        arguments: &[EIGENVALUES, Argument::new("coefficients", |s| (s.d + 3, 1))],
        call: |a, _| {
            let settings = InterpolationSettings {
                n: 2,
                inflation: 1.5,
                draws: 3,
                ..Default::default()
            };
            let point = interpolation_point(&list(&a[0]), &list(&a[1]), &settings)?;
            let all = [point.risk, point.norm2, point.bound, point.two_sided];
            let worst = point.worst.into_iter();
            Ok(all
                .into_iter()
                .chain(worst)
                .flat_map(|e| [e.mean, e.se])
                .collect())
        },
    },
];

#[test]
fn every_defect_in_every_argument_of_a_complexity() {
    let all = all_complaints(TABLE);
    assert!(all.is_empty(), "{}", all.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn complexities((sizes, spoilt, seed) in trial()) {
        let all = complaints(TABLE, &sizes, spoilt, seed);
        prop_assert!(all.is_empty(), "{}", all.join("\n"));
    }

    #[test]
    fn bounds_of_numbers(n in count(), d in count(), a in real(), b in real()) {
        sound("hoeffding_gap", hoeffding_gap(n, a, b, d))?;
        sound("least_squares_sign_agreement", least_squares_sign_agreement(n, d))?;
        sound("threshold_patterns", threshold_patterns(n).map(|values| values.sum()))?;
        for ball in [LinearBall::L1 { radius: a }, LinearBall::L2 { radius: a }] {
            sound("gaussian_complexity", ball.gaussian_complexity(n, d))?;
        }
        // Whatever it is given, it is not silent about what says nothing.
        prop_assert!(is_vacuous(f64::NAN, a) && (is_vacuous(a, b) || a < b || b.is_nan()));
        let spoilt = FlippedNoiseSettings { n, noise_dim: d, noise_power: a, margin: b, ..Default::default() };
        for share in flipped_noise_errors(&spoilt).unwrap_or([0.5; 3]) {
            prop_assert!((0.0..=1.0).contains(&share), "{spoilt:?}: {share}");
        }
        let junk = JunkFeaturesSettings { n, junk: d, power: a, noise: b, ..Default::default() };
        for settings in [junk, JunkFeaturesSettings { signal: b, noise: 1e-300, ..junk }] {
            if let Ok(theory) = junk_features_theory(&settings) {
                let all = [theory.risk, theory.worst, theory.bound, theory.two_sided];
                prop_assert!(all.iter().all(|v| !v.is_nan()), "{settings:?}: {theory:?}");
            }
        }
    }

    #[test]
    fn coins(functions in count(), n in 0_usize..60, gap in real()) {
        sound("coin_probability", coin_probability(functions, n, gap))?;
        if let Ok(share) = coin_probability(functions, n, gap) {
            prop_assert!((0.0..=1.0).contains(&share), "{functions} {n} {gap}: {share}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn experiments_with_small_counts(n in 0_usize..5, d in 0_usize..8, draws in 0_usize..3, a in real(), b in real()) {
        sound("threshold_complexity", threshold_complexity(n))?;
        sound("coin_classifiers", coin_classifiers(n, d, draws, 1).map(|coins| coins.beyond(a).1))?;
        let flipped = FlippedNoiseSettings {
            n, noise_dim: d, noise_power: a, margin: b, test_points: 5, draws, seed: 1,
        };
        sound("flipped_noise", flipped_noise(&flipped).map(|found| found.two_sided.mean))?;
        let junk = JunkFeaturesSettings { n, junk: d, power: a, signal: b, draws, ..Default::default() };
        sound("junk_features", junk_features(&junk).map(|found| found.worst.mean))?;
        let noisy = JunkFeaturesSettings { noise: a, inflation: b, power: 0.5, ..junk };
        sound("junk_features", junk_features(&noisy).map(|found| found.two_sided.mean))?;
        let eigenvalues = ndarray::Array1::from_elem(d, 2.0);
        let settings = InterpolationSettings { n, noise: a, inflation: b, draws, seed: 1 };
        let point = interpolation_point(&eigenvalues, &(&eigenvalues * 0.1), &settings);
        sound("interpolation_point", point.map(|point| point.bound.mean))?;
        sound("benign_split", benign_split(&eigenvalues, n, a).map(|split| split.map_or(0.0, |s| s.bound)))?;
        sound("effective_ranks", effective_ranks(&eigenvalues, n).map(|ranks| ranks.1))?;
    }

    /// A network of any settings fits signs, or says why not.
    #[test]
    fn learners_of_any_settings(width in count(), epochs in 0_usize..20, learning_rate in real(), n in 0_usize..6) {
        let learner = NetworkLearner { width, epochs, learning_rate };
        let x = match n {
            0 => Array2::zeros((0, 3)),
            n => crate::defect::normal((n, 3), 5),
        };
        sound("NetworkLearner", learned_complexity(&learner, &x, 2, 1).map(|r| r.mean))?;
    }
}

/// Counts that no array has, one by one: the slow and the refused.
#[test]
fn counts_of_any_size() {
    for n in [0, 1, 2, 1 << 20, 1 << 40, usize::MAX - 1, usize::MAX] {
        let huge = FlippedNoiseSettings {
            test_points: n.max(1 << 40),
            ..Default::default()
        };
        assert!(flipped_noise(&huge).is_err());
        let many = JunkFeaturesSettings {
            n: n.max(1 << 16),
            junk: usize::MAX,
            ..Default::default()
        };
        assert!(junk_features(&many).is_err() && junk_features_theory(&many).is_err());
        let draws = n.max(1 << 40);
        assert!(coin_classifiers(2, 3, draws, 1).is_err());
        assert!(coin_classifiers(n, 1 << 40, 1, 1).is_err());
        assert!(threshold_complexity(n.max(129)).is_err());
        let x = Array2::eye(2);
        assert!(learned_complexity(&SignInterpolator, &x, draws, 1).is_err());
        assert!(
            LinearBall::L2 { radius: 1.0 }
                .complexity(&x, draws, 1)
                .is_err()
        );
    }
    assert!(
        LinearBall::L1 { radius: 1.0 }
            .exact_complexity(&Array2::eye(21))
            .is_err()
    );
    assert!(exact_finite_class_complexity(&Array2::eye(21)).is_err());
}

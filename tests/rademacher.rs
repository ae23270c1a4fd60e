//! Rademacher complexity and the capacity of hyperplanes, against exact counts and bounds.

use dltheory::data::synthetic::{gaussian, orthonormal_rows};
use dltheory::measure::{
    Complexity, JunkFeaturesSettings, LinearBall, MemorisingNetwork, Sandwich, SignInterpolator,
    coin_classifiers, coin_probability, cover_probability, exact_finite_class_complexity,
    finite_class_complexity, generalisation_gap, hoeffding_gap, junk_features,
    junk_features_theory, learned_complexity, least_squares_sign_agreement, ln_cover_count,
    massart_bound, separable_fraction, threshold_complexity,
};
use dltheory::rng::stream;
use ndarray::{Array2, s};
use proptest::prelude::*;

fn inputs(n: usize, d: usize, index: u64) -> Array2<f64> {
    gaussian(n, d, &mut stream(31, "rademacher test", index)).expect("not empty")
}

/// n = 50, d = 20, B = 1: the ℓ2 complexity lies close to its upper bound, the ℓ1 complexity about two thirds up.
#[test]
fn the_complexities_lie_between_their_bounds() {
    let x = inputs(50, 20, 0);
    for (ball, low, high) in [
        (LinearBall::L2 { radius: 1.0 }, 0.95, 1.0),
        (LinearBall::L1 { radius: 1.0 }, 0.6, 0.8),
    ] {
        let estimate = ball.complexity(&x, 20_000, 1).expect("valid");
        let Sandwich { lower, upper } = ball.bounds(&x).expect("valid");
        assert!(
            lower < estimate.mean && estimate.mean < upper,
            "{ball:?}: {estimate:?}"
        );
        let share = estimate.mean / upper;
        assert!(
            low < share && share < high,
            "{ball:?}: {estimate:?} in [{lower}, {upper}]"
        );
    }
}

/// Four times the data, half the complexity.
#[test]
fn complexity_falls_as_one_over_root_n() {
    let ball = LinearBall::L2 { radius: 1.0 };
    let x = inputs(1600, 10, 1);
    let at = |n: usize| {
        ball.complexity(&x.slice(s![..n, ..]), 4000, 1)
            .expect("valid")
            .mean
    };
    let slope = (at(1600) / at(100)).ln() / 16.0_f64.ln();
    assert!((slope + 0.5).abs() < 0.03, "{slope}");
    let q = orthonormal_rows(64, 64, &mut stream(31, "orthonormal", 0)).expect("valid");
    assert!((ball.complexity(&q, 10, 1).expect("valid").mean - 0.125).abs() < 1e-14);
}

/// The least-squares hyperplane never does better than the class it is from can.
#[test]
fn least_squares_stays_below_the_bound_of_all_hyperplanes() {
    for d in [1, 2, 5, 20] {
        let mut last = 1.0;
        for n in 1..200 {
            let agreement = least_squares_sign_agreement(n, d).expect("valid");
            let bound = (2.0 * ln_cover_count(n, d).expect("valid") / n as f64).sqrt();
            assert!(agreement <= bound, "n = {n}, d = {d}: {agreement} {bound}");
            assert!(
                agreement <= last + 1e-6,
                "n = {n}, d = {d}: {agreement} {last}"
            );
            last = agreement;
        }
    }
}

fn ball_of(radius: f64) -> LinearBall {
    LinearBall::L1 { radius }
}

/// A learner that fits any signs has complexity 1 up to n = d; beyond, linear fits fall behind.
#[test]
fn interpolators_follow_any_signs() {
    for (n, full) in [(10, true), (20, true), (60, false)] {
        let r = learned_complexity(&SignInterpolator, &inputs(n, 20, 2), 100, 1).expect("valid");
        assert_eq!(r.mean == 1.0, full, "n = {n}: {r:?}");
        let gap = generalisation_gap(r.mean, Complexity::Expected, n, 0.05, 1.0).expect("valid");
        assert!(gap > 1.0);
    }
}

#[test]
fn random_labellings_separate_as_often_as_cover_counts() {
    for (n, d) in [(8, 10), (20, 10), (26, 10), (14, 10), (60, 30), (100, 50)] {
        let predicted = cover_probability(n, d).expect("valid");
        let draws = if n > 50 { 150 } else { 800 };
        let measured = separable_fraction(n, d, draws, 1).expect("valid");
        // The standard error the prediction implies, which is not 0 when all draws agree.
        let se = (predicted * (1.0 - predicted) / draws as f64).sqrt();
        assert!(
            (measured.mean - predicted).abs() <= 4.0 * se,
            "n = {n}, d = {d}: {measured:?} {predicted}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Enumerated complexity lies in its bounds for any inputs, and scales with the radius.
    #[test]
    fn bounds_hold_for_any_inputs(n in 1usize..9, d in 1usize..6, radius in 0.0..5.0f64, seed in 0u64..10_000) {
        let x = inputs(n, d, 100 + seed);
        for (ball, unit) in [
            (LinearBall::L2 { radius }, LinearBall::L2 { radius: 1.0 }),
            (LinearBall::L1 { radius }, LinearBall::L1 { radius: 1.0 }),
        ] {
            let r = ball.exact_complexity(&x).expect("small");
            let Sandwich { lower, upper } = ball.bounds(&x).expect("valid");
            let slack = 1e-12 * upper;
            prop_assert!(lower - slack <= r && r <= upper + slack, "{ball:?}: {lower} {r} {upper}");
            prop_assert!((r - radius * unit.exact_complexity(&x).expect("small")).abs() <= slack);
        }
    }

    /// Massart's lemma for any finite class, with the class's own symmetric completion.
    #[test]
    fn massart_bounds_any_class(m in 1usize..12, n in 1usize..8, seed in 0u64..10_000) {
        let values = inputs(m, n, 50_000 + seed);
        let sampled = finite_class_complexity(&values, 400, seed).expect("valid");
        prop_assert!(sampled.mean <= massart_bound(&values).expect("valid") + 5.0 * sampled.se);
    }

    /// C(n+1, d) = C(n, d) + C(n, d−1): the recursion of Cover's proof.
    #[test]
    fn covers_recursion(n in 1usize..400, d in 2usize..300) {
        let count = |n, d| ln_cover_count(n, d).expect("valid");
        let (whole, one, other) = (count(n + 1, d), count(n, d), count(n, d - 1));
        let sum = one + (other - one).exp().ln_1p();
        prop_assert!((whole - sum).abs() < 1e-11, "{whole} {sum}");
        let p = cover_probability(n, d).expect("valid");
        prop_assert!((0.0..=1.0).contains(&p) && p <= cover_probability(n, d + 1).expect("valid") + 1e-13);
    }

    #[test]
    fn nothing_a_caller_passes_panics(
        n in 0usize..5, d in 0usize..4, bad in prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(-1.0), Just(0.0), Just(2.0), Just(1e300)],
        draws in 0usize..3,
    ) {
        let mut x = Array2::from_elem((n, d), 1.5);
        if let Some(first) = x.first_mut() {
            *first = bad;
        }
        for ball in [LinearBall::L2 { radius: bad }, LinearBall::L1 { radius: bad }, LinearBall::L2 { radius: 1.0 }] {
            let _ = ball.complexity(&x, draws, 1);
            let _ = ball.exact_complexity(&x);
            let _ = ball.bounds(&x);
            let _ = ball.supremum(&x, &x);
            let _ = learned_complexity(&ball, &x, draws, 1);
        }
        let _ = learned_complexity(&SignInterpolator, &x, draws, 1);
        let _ = finite_class_complexity(&x, draws, 1);
        let _ = massart_bound(&x);
        let _ = cover_probability(n, d);
        let _ = separable_fraction(n, d, draws, 1);
        let _ = generalisation_gap(bad, Complexity::Empirical, n, bad, bad);
        let _ = ball_of(bad).gaussian_complexity(n, d);
        let _ = exact_finite_class_complexity(&x);
        let _ = least_squares_sign_agreement(n, d);
        let _ = learned_complexity(&MemorisingNetwork, &x, draws, 1);
        let _ = hoeffding_gap(n, bad, bad, d);
        let _ = coin_probability(d, n, bad);
        let _ = coin_classifiers(d, n, draws, 1);
        let _ = threshold_complexity(n);
        let settings = JunkFeaturesSettings { n, junk: 4 * d, power: bad, signal: bad, noise: bad.abs(), inflation: bad, draws, seed: 1 };
        let _ = junk_features(&settings);
        let _ = junk_features_theory(&settings);
    }
}

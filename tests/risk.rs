//! Predicted risks against simulated ones. Draws are fixed by their seeds; a tolerance of 4 standard errors
//! would be missed once in 16,000 by a fair estimate.

use dltheory::data::synthetic::gaussian;
use dltheory::data::{Decay, Spectrum};
use dltheory::fit::Weighting;
use dltheory::measure::overfitting::limit;
use dltheory::measure::{
    FeatureOrder, Inputs, InterpolationSettings, IsotropicProblem, LinearRiskSettings, Method,
    NoiseRiskSettings, exact_linear_risk, interpolation_point, isotropic_risk,
    knn_classification_risk, linear_risk_curve, noise_risk, ridge_curve, ridgeless_curve,
    simplicial_noise_risk, spectral_risk, spectral_risk_monte_carlo,
};
use dltheory::model::Kernel;
use dltheory::rng::stream;
use dltheory::stats::Estimate;
use ndarray::{Array1, Array2};
use proptest::prelude::*;

#[test]
fn belkins_formula_matches_simulation() {
    let beta = Decay::Flat.coefficients(60, 1.0).expect("valid");
    for noise in [0.0, 0.5] {
        let settings = LinearRiskSettings {
            n: 20,
            noise,
            draws: 1500,
            ..Default::default()
        };
        for point in linear_risk_curve(&beta, &[5, 10, 30, 40, 60], &settings).expect("valid") {
            assert!(point.risk.distance(point.exact) < 4.0, "{point:?}");
            assert!(
                point.risk.se < 0.05 * point.exact,
                "too loose to tell: {point:?}"
            );
        }
    }
}

#[test]
fn prescient_features_beat_random_ones_before_the_peak() {
    let beta = Decay::InverseSquare.coefficients(60, 1.0).expect("valid");
    let widths = [4, 10, 35, 60];
    let mut curves = Vec::new();
    for order in [FeatureOrder::Prescient, FeatureOrder::Random] {
        let settings = LinearRiskSettings {
            n: 20,
            noise: 0.1,
            order,
            draws: 1500,
            seed: 2,
        };
        let curve = linear_risk_curve(&beta, &widths, &settings).expect("valid");
        for point in &curve {
            assert!(
                point.risk.distance(point.exact) < 4.0,
                "{order:?}: {point:?}"
            );
        }
        curves.push(curve);
    }
    assert!(curves[0][0].exact < 0.5 * curves[1][0].exact);
}

#[test]
fn the_ridgeless_limit_matches_simulation() {
    let problem = IsotropicProblem::with_snr(5.0);
    let curve = ridgeless_curve(&problem, 200, &[50, 100, 400, 800], 40, 1).expect("valid");
    for point in &curve {
        assert!(point.risk.distance(point.finite) < 4.0, "{point:?}");
        // The limit, with the two hundredths that n = 200 may leave of it.
        let close =
            |mean: &Estimate, limit: f64| (mean.mean - limit).abs() < 4.0 * mean.se + 0.02 * limit;
        assert!(close(&point.risk, point.predicted), "{point:?}");
        let norm = problem.finite_norm2(200, point.p).expect("valid");
        assert!(point.norm2.distance(norm) < 4.0, "{point:?} {norm}");
        assert!(close(&point.norm2, point.norm_predicted), "{point:?}");
    }
}

#[test]
fn the_ridge_limit_matches_simulation() {
    let problem = IsotropicProblem::with_snr(5.0);
    for lambda in [None, Some(0.05)] {
        for point in ridge_curve(&problem, lambda, 150, &[75, 150, 300], 24, 1).expect("valid") {
            assert!(
                (point.risk.mean - point.predicted).abs()
                    < 4.0 * point.risk.se + 0.03 * point.predicted,
                "{point:?}"
            );
            assert!(
                (point.norm2.mean - point.norm_predicted).abs()
                    < 4.0 * point.norm2.se + 0.03 * point.norm_predicted,
                "{point:?}"
            );
        }
    }
}

#[test]
fn spectral_designs_match_the_framework() {
    let dim = 4000;
    let pure = Array1::zeros(dim);
    let signal = Decay::InverseSquare.coefficients(dim, 2.0).expect("valid");
    for (alpha, beta, ridge, sigma) in [
        (1.5, &pure, 0.0, 1.0),
        (2.0, &pure, 0.0, 1.0),
        (3.0, &pure, 0.0, 1.0),
        (1.5, &signal, 0.0, 0.3),
        (1.2, &signal, 2.0, 0.5),
    ] {
        let values = Spectrum::Power(alpha).eigenvalues(dim).expect("valid");
        let predicted = spectral_risk(&values, beta, 80, ridge, sigma)
            .expect("valid")
            .risk;
        let simulated =
            spectral_risk_monte_carlo(&values, beta, 80, ridge, sigma, 60, 1).expect("valid");
        // The framework's own error falls as 1/n.
        let slack = 4.0 * simulated.se + 0.03 * predicted;
        assert!(
            (simulated.mean - predicted).abs() < slack,
            "α = {alpha}: {simulated:?} {predicted}"
        );
        if sigma == 1.0 {
            assert!(
                (predicted / alpha - 1.0).abs() < 0.1,
                "α = {alpha}: {predicted}"
            );
        }
    }
}

fn settings(n: usize, dim: usize, draws: usize) -> NoiseRiskSettings {
    NoiseRiskSettings {
        n,
        dim,
        draws,
        test_points: 400,
        ..Default::default()
    }
}

#[test]
fn tempered_methods_reach_their_limits() {
    for k in [1, 5, 20] {
        let risk = noise_risk(&Method::Neighbours { k }, &settings(500, 2, 60))
            .expect("valid")
            .risk;
        assert!(risk.distance(limit::knn(k)) < 4.0, "k = {k}: {risk:?}");
    }
    let line = noise_risk(&Method::PiecewiseLinear, &settings(800, 1, 60))
        .expect("valid")
        .risk;
    assert!(line.distance(limit::LINE) < 4.0, "{line:?}");
    let laplace = Method::KernelRidge {
        kernel: Kernel::Laplace { sigma: 1.0 },
        lambda: 0.0,
    };
    let smooth = noise_risk(&laplace, &settings(800, 1, 12)).expect("valid");
    assert!(
        smooth.risk.distance(limit::LINE) < 4.0 && smooth.unresolved == 0.0,
        "{:?}",
        smooth.risk
    );
    for d in [1, 2, 5, 20] {
        let risk = simplicial_noise_risk(d, 20, 3000, 1).expect("valid");
        assert!(
            risk.distance(limit::simplicial(d)) < 4.0 && risk.se < 0.02,
            "d = {d}: {risk:?}"
        );
    }
    for (k, eta) in [(1, 0.1), (1, 0.3), (3, 0.2), (15, 0.2)] {
        let risk = knn_classification_risk(k, eta, &settings(800, 2, 60)).expect("valid");
        assert!(
            risk.distance(limit::knn_classification(k, eta)) < 4.0,
            "{k}, {eta}: {risk:?}"
        );
    }
}

#[test]
fn benign_methods_approach_one_and_catastrophic_ones_explode() {
    // k ~ log n: 1 + 1/k falls; the local mean's bandwidth shrinks slowly.
    let mut last = f64::INFINITY;
    for n in [100, 1600] {
        let bandwidth = (n as f64).powf(-0.2);
        let mean = Method::LocalMean(Weighting::Gaussian { bandwidth });
        let risk = noise_risk(&mean, &settings(n, 1, 20))
            .expect("valid")
            .risk
            .mean;
        assert!(risk < last && risk < 1.1, "{risk}");
        last = risk;
    }
    let gaussian = Method::KernelRidge {
        kernel: Kernel::Gaussian { sigma: 0.1 },
        lambda: 0.0,
    };
    let mut medians = Vec::new();
    for n in [6, 10, 14] {
        let risk = noise_risk(&gaussian, &settings(n, 1, 200)).expect("valid");
        medians.push(risk.median);
    }
    assert!(
        medians[1] > 10.0 * medians[0] && medians[2] > 10.0 * medians[1],
        "{medians:?}"
    );
    // Beyond, f64 cannot resolve the system, and the result says so.
    let beyond = noise_risk(&gaussian, &settings(60, 1, 10)).expect("valid");
    assert!(beyond.unresolved == 1.0 && beyond.condition == f64::INFINITY);
    // A penalty of n/10 keeps kernel ridge regression benign.
    let ridge = Method::KernelRidge {
        kernel: Kernel::Gaussian { sigma: 0.1 },
        lambda: 80.0,
    };
    assert!(
        noise_risk(&ridge, &settings(800, 1, 5))
            .expect("valid")
            .risk
            .mean
            < 1.01
    );
}

/// On the sphere the ReLU tangent kernel is tempered: neither near 1 nor growing.
#[test]
fn the_tangent_kernel_is_tempered() {
    let kernel = Kernel::ReluNtk { hidden_layers: 1 };
    let method = Method::KernelRidge {
        kernel,
        lambda: 0.0,
    };
    let mut risks = Vec::new();
    for n in [100, 400] {
        let risk = noise_risk(
            &method,
            &NoiseRiskSettings {
                inputs: Inputs::Sphere,
                ..settings(n, 3, 16)
            },
        )
        .expect("valid");
        assert_eq!(risk.unresolved, 0.0);
        risks.push(risk.risk.mean);
    }
    assert!(risks.iter().all(|r| (1.2..3.0).contains(r)), "{risks:?}");
    assert!((risks[1] / risks[0] - 1.0).abs() < 0.2, "{risks:?}");
}

/// B²Tr(Σ)/n → σ² as p grows beyond n, and so does the risk itself; the two-sided floor → 3σ².
#[test]
fn the_interpolation_bound_becomes_tight() {
    let mut last = f64::INFINITY;
    for p in [200, 800, 3200] {
        let ones = Spectrum::Flat.eigenvalues(p).expect("valid");
        let settings = InterpolationSettings {
            n: 40,
            draws: 30,
            ..Default::default()
        };
        let point = interpolation_point(&ones, &Array1::zeros(p), &settings).expect("valid");
        let away = (point.bound.mean - 1.0).abs();
        assert!(away < last, "p = {p}: {point:?}");
        last = away;
        if p == 3200 {
            assert!(point.bound.distance(3200.0 / 3159.0) < 4.0 && point.risk.mean < 1.03);
            assert!((point.two_sided.mean - 3.0).abs() < 4.0 * point.two_sided.se + 0.02);
        }
    }
}

fn number() -> impl Strategy<Value = f64> {
    prop_oneof![10 => -1.0..3.0f64, 1 => Just(0.0), 1 => Just(f64::NAN), 1 => Just(f64::INFINITY), 1 => Just(1e300)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn formulas_never_panic_and_never_lie_about_nan(
        n in 0usize..40, p in 0usize..40, a in number(), b in number(), c in number(),
        values in prop::collection::vec(number(), 0..6),
    ) {
        if let Ok(risk) = isotropic_risk(n, p, a, b, c) {
            prop_assert!(risk >= 0.0, "{risk}");
        }
        let problem = IsotropicProblem { signal: a, noise: b };
        for risk in [
            problem.ridgeless_risk(c), problem.ridgeless_norm2(c), problem.finite_risk(n, p), problem.finite_norm2(n, p),
            problem.ridge_risk(c, a), problem.ridge_norm2(c, a), problem.optimal_ridge_risk(c),
        ].into_iter().flatten() {
            prop_assert!(!risk.is_nan(), "{problem:?} {c}");
        }
        let _ = problem.local_minimum();
        let (eigenvalues, beta) = (Array1::from(values.clone()), Array1::from(values));
        if let Ok(result) = spectral_risk(&eigenvalues, &beta, n, a, b) {
            prop_assert!(!result.risk.is_nan() && result.kappa >= 0.0, "{result:?}");
        }
        let linear = LinearRiskSettings { n, noise: a, draws: 1, ..Default::default() };
        let _ = exact_linear_risk(&beta, &[p], &linear);
        let _ = linear_risk_curve(&beta, &[p], &linear);
        let _ = spectral_risk_monte_carlo(&eigenvalues, &beta, n, a, b, 1, 1);
        let _ = interpolation_point(&eigenvalues, &beta, &InterpolationSettings { n, noise: a, inflation: c, draws: 1, seed: 1 });
    }

    /// The tuned penalty is never worse than no penalty or any other, and more data never hurts it.
    #[test]
    fn tuned_ridge_is_best_and_monotone(signal in 0.01..10.0f64, noise in 0.01..10.0f64, gamma in 0.05..8.0f64, lambda in 0.0..20.0f64) {
        let problem = IsotropicProblem { signal, noise };
        let tuned = problem.optimal_ridge_risk(gamma).expect("valid");
        prop_assert!(tuned <= problem.ridge_risk(lambda, gamma).expect("valid") * (1.0 + 1e-9));
        prop_assert!(tuned <= signal * (1.0 + 1e-9));
        prop_assert!(problem.optimal_ridge_risk(gamma * 1.1).expect("valid") >= tuned);
    }

    /// κ's defining equation holds for any spectrum.
    #[test]
    fn kappa_solves_its_equation(count in 3usize..60, n in 1usize..40, ridge in 0.0..5.0f64, seed in 0u64..1000) {
        let raw: Array2<f64> = gaussian(count, 1, &mut stream(5, "kappa", seed)).expect("valid");
        let eigenvalues: Array1<f64> = raw.iter().map(|v| (3.0 * v).exp()).collect();
        let result = spectral_risk(&eigenvalues, &Array1::zeros(count), n, ridge, 1.0).expect("valid");
        if result.kappa > 0.0 {
            let sum: f64 = eigenvalues.iter().map(|v| v / (v + result.kappa)).sum::<f64>() + ridge / result.kappa;
            prop_assert!((sum / n as f64 - 1.0).abs() < 1e-9, "{sum} {n}");
        } else {
            prop_assert!(ridge == 0.0 && count <= n);
        }
        prop_assert!(result.amplification >= 1.0);
    }
}

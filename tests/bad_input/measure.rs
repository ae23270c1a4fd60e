//! Measures of fits and predictions.

use dltheory::measure::{
    LinearBall, LinearRiskSettings, bias_variance, exact_linear_risk, finite_class_complexity,
    isotonic, linear_risk_curve, massart_bound, spectral_risk, spectral_risk_monte_carlo, valley,
    vertex,
};
use dltheory::stats::{median, quantile};
use ndarray::Axis;
use proptest::prelude::*;

use crate::table::{Argument, Function, all_complaints, complaints, list, sign, trial};

const INPUTS: Argument = Argument::new("the inputs", |s| (s.n, s.d)).any_columns();
const VALUES: Argument = Argument::new("the class's values", |s| (s.n, s.d))
    .any_rows()
    .any_columns();
const SIGNS: Argument = Argument::new("the signs", |s| (s.n, 1)).of(sign);
const BETA: Argument = Argument::new("coefficients", |s| (s.d, 1));
const EIGENVALUES: Argument = Argument::new("eigenvalues", |s| (s.d, 1)).of(f64::abs);

const L1: LinearBall = LinearBall::L1 { radius: 2.0 };
const L2: LinearBall = LinearBall::L2 { radius: 2.0 };

const TABLE: &[Function] = &[
    Function {
        name: "LinearBall::supremum, l1",
        arguments: &[INPUTS, SIGNS],
        call: |a, _| Ok(vec![L1.supremum(&a[0], &a[1])?]),
    },
    Function {
        name: "LinearBall::supremum, l2",
        arguments: &[INPUTS, SIGNS],
        call: |a, _| Ok(vec![L2.supremum(&a[0], &a[1])?]),
    },
    Function {
        name: "LinearBall::exact_complexity, l1",
        arguments: &[INPUTS.any_rows()],
        call: |a, _| Ok(vec![L1.exact_complexity(&a[0])?]),
    },
    Function {
        name: "LinearBall::exact_complexity, l2",
        arguments: &[INPUTS.any_rows()],
        call: |a, _| Ok(vec![L2.exact_complexity(&a[0])?]),
    },
    Function {
        name: "LinearBall::complexity",
        arguments: &[INPUTS.any_rows()],
        call: |a, _| {
            let estimate = L2.complexity(&a[0], 3, 1)?;
            Ok(vec![estimate.mean, estimate.se])
        },
    },
    Function {
        name: "LinearBall::bounds",
        arguments: &[INPUTS.any_rows()],
        call: |a, _| {
            let (one, two) = (L1.bounds(&a[0])?, L2.bounds(&a[0])?);
            Ok(vec![one.lower, one.upper, two.lower, two.upper])
        },
    },
    Function {
        name: "finite_class_complexity",
        arguments: &[VALUES],
        call: |a, _| Ok(vec![finite_class_complexity(&a[0], 3, 1)?.mean]),
    },
    Function {
        name: "massart_bound",
        arguments: &[VALUES],
        call: |a, _| Ok(vec![massart_bound(&a[0])?]),
    },
    Function {
        name: "bias_variance",
        arguments: &[
            Argument::new("predictions", |s| (s.t, s.k)),
            Argument::new("targets", |s| (s.t, s.k)),
        ],
        call: |a, _| {
            let draws = ndarray::stack![Axis(0), a[0], a[0], a[0]];
            let split = bias_variance(&draws, &a[1])?;
            Ok(vec![
                split.mse,
                split.bias2,
                split.variance,
                split.bias2_corrected,
            ])
        },
    },
    Function {
        name: "median",
        arguments: &[Argument::new("values", |s| (s.n, 1))
            .any_rows()
            .any_columns()],
        call: |a, _| Ok(vec![median(&list(&a[0]).to_vec())?]),
    },
    Function {
        name: "quantile",
        arguments: &[Argument::new("values", |s| (s.n, 1))
            .any_rows()
            .any_columns()],
        call: |a, _| Ok(vec![quantile(&list(&a[0]).to_vec(), 0.3)?]),
    },
    Function {
        name: "exact_linear_risk",
        arguments: &[BETA.any_rows().any_columns()],
        call: |a, _| exact_linear_risk(&list(&a[0]), &[1], &linear_settings()),
    },
    Function {
        name: "linear_risk_curve",
        arguments: &[BETA.any_rows().any_columns()],
        call: |a, _| {
            let curve = linear_risk_curve(&list(&a[0]), &[1], &linear_settings())?;
            Ok(curve.iter().flat_map(|p| [p.exact, p.risk.mean]).collect())
        },
    },
    Function {
        name: "spectral_risk",
        arguments: &[EIGENVALUES, BETA],
        call: |a, _| {
            let risk = spectral_risk(&list(&a[0]), &list(&a[1]), 3, 0.1, 0.5)?;
            Ok(vec![risk.kappa, risk.risk])
        },
    },
    Function {
        name: "spectral_risk_monte_carlo",
        arguments: &[EIGENVALUES, BETA],
        call: |a, _| {
            let (eigenvalues, beta) = (list(&a[0]), list(&a[1]));
            Ok(vec![
                spectral_risk_monte_carlo(&eigenvalues, &beta, 3, 0.1, 0.5, 2, 1)?.mean,
            ])
        },
    },
];

fn linear_settings() -> LinearRiskSettings {
    LinearRiskSettings {
        n: 8,
        draws: 3,
        ..LinearRiskSettings::default()
    }
}

#[test]
fn every_defect_in_every_argument_of_a_measure() {
    let all = all_complaints(TABLE);
    assert!(all.is_empty(), "{}", all.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn measures((sizes, spoilt, seed) in trial()) {
        let all = complaints(TABLE, &sizes, spoilt, seed);
        prop_assert!(all.is_empty(), "{}", all.join("\n"));
    }

    /// Curves may hold anything: the fits to them must not panic, and are finite where the curve is.
    #[test]
    fn curves(values in prop::collection::vec(any::<f64>(), 0..8)) {
        let moderate: Vec<f64> = values.iter().map(|v| v.clamp(-1e100, 1e100)).collect();
        for curve in [&values, &moderate] {
            prop_assert_eq!(isotonic(curve).len(), curve.len());
            prop_assert_eq!(valley(curve).len(), curve.len());
        }
        if moderate.iter().all(|v| v.is_finite()) {
            prop_assert!(isotonic(&moderate).iter().chain(&valley(&moderate)).all(|v| v.is_finite()));
        }
        let x: Vec<f64> = (0..values.len()).map(|i| i as f64).collect();
        for (x, y) in [(&x, &values), (&values, &x), (&values, &values), (&x, &vec![1.0; 2])] {
            if let Ok(vertex) = vertex(x, y) {
                prop_assert!(vertex.at.is_finite(), "{:?} of {:?}, {:?}", vertex, x, y);
            }
        }
    }
}

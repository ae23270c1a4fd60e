//! The fitters.

use dltheory::data::Dataset;
use dltheory::fit::gradient_flow::Elapsed;
use dltheory::fit::train::{TrainSettings, evaluate};
use dltheory::fit::{
    SgdSettings, Weighting, barycentric, gradient_flow, gram_ridge, hard_margin, k_fold,
    kernel_ridge, knn_classification, knn_regression, lagrange_interpolation, leave_one_out,
    min_norm, min_norm_path, nadaraya_watson, nearest, piecewise_linear, ridge, ridge_path,
    separable, sgd, simplex_interpolation, solve_positive, train,
};
use dltheory::model::{Kernel, Loss, Mlp, MlpSettings};
use dltheory::rng::stream;
use ndarray::Array2;
use proptest::prelude::*;

use crate::table::{
    Argument, Function, Numbers, Sizes, all_complaints, complaints, list, sign, trial,
};

const FEATURES: Argument = Argument::new("the features", |s| (s.n, s.d)).any_columns();
const INPUTS: Argument = Argument::new("the inputs", |s| (s.n, s.d));
const TARGETS: Argument = Argument::new("the targets", |s| (s.n, s.k)).any_columns();
const SIGNS: Argument = Argument::new("the signs", |s| (s.n, 1)).of(sign);
const TEST: Argument = Argument::new("the test inputs", |s| (s.t, s.d)).any_rows();

const GRAM: Argument = Argument::new("the kernel matrix", |s| (s.n, s.n));

/// A positive matrix of a square one; a spoilt matrix stays as it is.
fn gram(a: &Array2<f64>) -> Array2<f64> {
    let gram = a.dot(&a.t());
    let sound = gram.iter().all(|v| v.is_finite()) && a.is_square() && !a.is_empty();
    if sound { gram } else { a.clone() }
}

fn flat<'a>(parts: impl IntoIterator<Item = &'a Array2<f64>>) -> Vec<f64> {
    parts.into_iter().flatten().copied().collect()
}

fn path(a: &[Array2<f64>], _: &Sizes) -> Numbers {
    let widths: Vec<usize> = (1..=a[0].ncols()).collect();
    let path = min_norm_path(&a[0], &a[1], &a[2], &widths)?;
    let mut all: Vec<f64> = path.norm.iter().chain(&path.train_mse).copied().collect();
    all.extend(&path.condition);
    all.extend(path.train_predictions.iter().chain(&path.test_predictions));
    Ok(all)
}

fn penalties(a: &[Array2<f64>], _: &Sizes) -> Numbers {
    let path = ridge_path(&a[0], &a[1], &[0.0, 1e-3, 1.0, 1e300])?;
    let mut all: Vec<f64> = path.weights.iter().chain(&path.norm).copied().collect();
    all.extend(&path.train_mse);
    Ok(all)
}

fn kernel_machine(a: &[Array2<f64>], kernel: Kernel, lambda: f64) -> Numbers {
    let fit = kernel_ridge(kernel, &a[0], &a[1], lambda)?;
    // The condition may be ∞: it says so.
    let mut all = flat([&fit.dual]);
    all.extend([fit.norm, fit.train_mse]);
    all.extend(fit.predict(&fit.inputs)?);
    Ok(all)
}

/// A network of 3 hidden units trained for a few steps; a divergence that is reported is sound.
fn trained(a: &[Array2<f64>], sizes: &Sizes, settings: &TrainSettings) -> Numbers {
    let shape = [sizes.d, 3, sizes.k];
    let net = Mlp::new(&MlpSettings::of_sizes(&shape), &mut stream(1, "net", 0))?;
    let data = Dataset {
        x: a[0].clone(),
        y: a[1].clone(),
    };
    let run = train(
        &net,
        &data,
        Some(&data),
        settings,
        &mut stream(1, "order", 0),
    )?;
    let mut all = run.net.parameters().to_vec();
    all.extend(run.history.train_loss());
    all.extend(run.history.test_loss());
    Ok(all)
}

const TABLE: &[Function] = &[
    Function {
        name: "min_norm",
        arguments: &[FEATURES, TARGETS],
        call: |a, _| {
            let fit = min_norm(&a[0], &a[1], None)?;
            let mut all = flat([&fit.weights]);
            all.extend(fit.singular_values);
            all.push(fit.train_mse);
            Ok(all)
        },
    },
    Function {
        name: "ridge",
        arguments: &[FEATURES, TARGETS],
        call: |a, _| {
            let fit = ridge(&a[0], &a[1], 0.1)?;
            Ok([flat([&fit.weights]), vec![fit.train_mse]].concat())
        },
    },
    Function {
        name: "ridge_path",
        arguments: &[FEATURES, TARGETS],
        call: penalties,
    },
    Function {
        name: "leave_one_out",
        arguments: &[FEATURES, TARGETS],
        call: |a, _| {
            let found = leave_one_out(&a[0], &a[1], &[1e-3, 1.0, 1e300])?;
            Ok(found.residuals.iter().copied().collect())
        },
    },
    Function {
        name: "k_fold",
        arguments: &[
            Argument::new("the features", |s| (s.n + 1, s.d)).any_columns(),
            Argument::new("the targets", |s| (s.n + 1, s.k)).any_columns(),
        ],
        call: |a, s| {
            let found = k_fold(&a[0], &a[1], &[1e-3, 1.0, 1e300], s.n + 1)?;
            Ok(found.residuals.iter().copied().collect())
        },
    },
    Function {
        name: "RidgePath::test_mse",
        arguments: &[
            Argument::new("the features", |s| (s.t, s.d)),
            Argument::new("the targets", |s| (s.t, s.k)),
        ],
        call: |a, s| {
            let x = crate::defect::normal((s.n, s.d), 77);
            let y = crate::defect::normal((s.n, s.k), 78);
            ridge_path(&x, &y, &[0.0, 1.0])?.test_mse(&a[0], &a[1])
        },
    },
    Function {
        name: "min_norm_path",
        arguments: &[
            Argument::new("the features", |s| (s.n, s.d)),
            Argument::new("the test features", |s| (s.t, s.d)).any_rows(),
            TARGETS,
        ],
        call: path,
    },
    Function {
        name: "MinNormPath::test_mse",
        arguments: &[Argument::new("the test targets", |s| (s.t, s.k))],
        call: |a, s| {
            let x = crate::defect::normal((s.n, s.d), 77);
            let y = crate::defect::normal((s.n, s.k), 78);
            let test = crate::defect::normal((s.t, s.d), 79);
            min_norm_path(&x, &test, &y, &[s.d])?.test_mse(&a[0])
        },
    },
    Function {
        name: "nearest",
        arguments: &[INPUTS.any_rows(), TEST],
        call: |a, _| {
            Ok(nearest(&a[0], &a[1], 1)?
                .iter()
                .map(|i| *i as f64)
                .collect())
        },
    },
    Function {
        name: "knn_regression",
        arguments: &[INPUTS, TARGETS, TEST],
        call: |a, _| Ok(flat([&knn_regression(&a[0], &a[1], &a[2], 1)?])),
    },
    Function {
        name: "knn_regression, k = n",
        arguments: &[INPUTS, TARGETS, TEST],
        call: |a, s| Ok(flat([&knn_regression(&a[0], &a[1], &a[2], s.n)?])),
    },
    Function {
        name: "knn_classification",
        arguments: &[INPUTS.any_rows(), TEST],
        call: |a, _| {
            let labels = vec![3; a[0].nrows()];
            let votes = knn_classification(&a[0], &labels, &a[1], 1)?;
            Ok(votes.into_iter().map(f64::from).collect())
        },
    },
    Function {
        name: "nadaraya_watson, Gaussian",
        arguments: &[INPUTS, TARGETS, TEST],
        call: |a, _| {
            let weighting = Weighting::Gaussian { bandwidth: 0.1 };
            Ok(flat([&nadaraya_watson(&a[0], &a[1], &a[2], weighting)?]))
        },
    },
    Function {
        name: "nadaraya_watson, singular",
        arguments: &[INPUTS, TARGETS, TEST],
        call: |a, _| {
            let weighting = Weighting::Singular { exponent: 3.0 };
            Ok(flat([&nadaraya_watson(&a[0], &a[1], &a[2], weighting)?]))
        },
    },
    Function {
        name: "piecewise_linear",
        arguments: &[
            Argument::new("input", |s| (s.n + 1, 1)),
            Argument::new("the targets", |s| (s.n + 1, s.k)).any_columns(),
            Argument::new("the test inputs", |s| (s.t, 1)).any_rows(),
        ],
        call: |a, _| Ok(flat([&piecewise_linear(&a[0], &a[1], &a[2])?])),
    },
    Function {
        name: "barycentric",
        arguments: &[
            Argument::new("the vertices", |s| (s.d + 1, s.d)),
            Argument::new("the points", |s| (s.t, s.d)).any_rows(),
        ],
        call: |a, _| Ok(flat([&barycentric(&a[0], &a[1])?])),
    },
    Function {
        name: "simplex_interpolation",
        arguments: &[
            Argument::new("the vertices", |s| (s.d + 1, s.d)),
            Argument::new("the targets", |s| (s.d + 1, s.k)).any_columns(),
            Argument::new("the points", |s| (s.t, s.d)).any_rows(),
        ],
        call: |a, _| Ok(flat([&simplex_interpolation(&a[0], &a[1], &a[2])?])),
    },
    Function {
        name: "lagrange_interpolation",
        arguments: &[
            Argument::new("the nodes", |s| (s.n, 1)),
            Argument::new("the values", |s| (s.n, s.k)).any_columns(),
            Argument::new("points", |s| (s.t, 1))
                .any_rows()
                .any_columns(),
        ],
        call: |a, _| {
            Ok(flat([&lagrange_interpolation(
                &list(&a[0]),
                &a[1],
                &list(&a[2]),
            )?]))
        },
    },
    Function {
        name: "hard_margin",
        arguments: &[INPUTS.any_columns(), SIGNS],
        call: |a, _| {
            let Some(svm) = hard_margin(&a[0], &a[1])? else {
                return Ok(Vec::new());
            };
            let mut all = flat([&svm.weights]);
            all.extend(svm.multipliers);
            all.push(svm.margin);
            Ok(all)
        },
    },
    Function {
        name: "separable",
        arguments: &[INPUTS.any_columns(), SIGNS],
        call: |a, _| separable(&a[0], &a[1]).map(|_| Vec::new()),
    },
    Function {
        name: "kernel_ridge, Gaussian",
        arguments: &[INPUTS.any_columns(), TARGETS],
        call: |a, _| kernel_machine(a, Kernel::Gaussian { sigma: 1.0 }, 0.0),
    },
    Function {
        name: "kernel_ridge, polynomial",
        arguments: &[INPUTS.any_columns(), TARGETS],
        call: |a, _| {
            kernel_machine(
                a,
                Kernel::Polynomial {
                    degree: 2,
                    offset: 0.0,
                },
                0.0,
            )
        },
    },
    Function {
        name: "kernel_ridge, NTK",
        arguments: &[INPUTS.any_columns(), TARGETS],
        call: |a, _| kernel_machine(a, Kernel::ReluNtk { hidden_layers: 2 }, 1e-3),
    },
    Function {
        name: "KernelRidge::predict",
        arguments: &[Argument::new("the first inputs", |s| (s.t, s.d)).any_rows()],
        call: |a, s| {
            let x = crate::defect::normal((s.n, s.d), 77);
            let y = crate::defect::normal((s.n, s.k), 78);
            let fit = kernel_ridge(Kernel::Laplace { sigma: 1.0 }, &x, &y, 0.0)?;
            Ok(flat([&fit.predict(&a[0])?]))
        },
    },
    Function {
        name: "solve_positive",
        arguments: &[GRAM, TARGETS],
        call: |a, _| Ok(flat([&solve_positive(&gram(&a[0]), &a[1], 0.1)?.dual])),
    },
    Function {
        name: "gram_ridge",
        arguments: &[GRAM, TARGETS],
        call: |a, _| {
            let fit = gram_ridge(&gram(&a[0]), &a[1], 0.1)?;
            Ok([flat([&fit.dual]), vec![fit.norm, fit.train_mse]].concat())
        },
    },
    Function {
        name: "GramRidge::predict",
        arguments: &[Argument::new("the test kernel", |s| (s.t, s.n)).any_rows()],
        call: |a, s| {
            let y = crate::defect::normal((s.n, s.k), 78);
            let fit = gram_ridge(&Array2::eye(s.n), &y, 0.0)?;
            Ok(flat([&fit.predict(&a[0])?]))
        },
    },
    Function {
        name: "gradient_flow",
        arguments: &[
            GRAM,
            Argument::new("the targets", |s| (s.n, s.k)),
            Argument::new("the first outputs", |s| (s.n, s.k)),
        ],
        call: |a, _| {
            let flow = gradient_flow(&gram(&a[0]), &a[1], &a[2])?;
            let residual = flow.residual(Elapsed::Flow(0.5))?;
            Ok([flat([&residual]), vec![flow.loss(Elapsed::Flow(0.5))?]].concat())
        },
    },
    Function {
        name: "GradientFlow::predict",
        arguments: &[
            Argument::new("the test kernel", |s| (s.t, s.n)),
            Argument::new("the first outputs", |s| (s.t, s.k)),
        ],
        call: |a, s| {
            let y = crate::defect::normal((s.n, s.k), 78);
            let flow = gradient_flow(&Array2::eye(s.n), &y, &Array2::zeros(y.raw_dim()))?;
            let steps = Elapsed::Steps { count: 9, eta: 0.1 };
            Ok(flat([&flow.predict(&a[0], &a[1], steps)?]))
        },
    },
    Function {
        name: "sgd",
        arguments: &[FEATURES, TARGETS],
        call: |a, _| {
            let settings = SgdSettings {
                step: 1e-3,
                epochs: 2,
                ..SgdSettings::default()
            };
            let fit = sgd(&a[0], &a[1], &settings, &mut stream(1, "sgd", 0))?;
            Ok([flat([&fit.weights, &fit.last]), vec![fit.train_mse]].concat())
        },
    },
    Function {
        name: "train",
        arguments: &[
            Argument::new("the training inputs", |s| (s.n, s.d)),
            TARGETS_OF_NET,
        ],
        call: |a, s| {
            let settings = TrainSettings {
                loss: Loss::Mse,
                epochs: 3,
                batch: 2,
                ..TrainSettings::default()
            };
            trained(a, s, &settings)
        },
    },
    Function {
        name: "evaluate",
        arguments: &[Argument::new("the inputs", |s| (s.n, s.d)), TARGETS_OF_NET],
        call: |a, s| {
            let shape = [s.d, 3, s.k];
            let net = Mlp::new(&MlpSettings::of_sizes(&shape), &mut stream(1, "net", 0))?;
            let data = Dataset {
                x: a[0].clone(),
                y: a[1].clone(),
            };
            Ok(vec![evaluate(&net, &data, Loss::Mse)?.loss])
        },
    },
];

const TARGETS_OF_NET: Argument = Argument::new("targets", |s| (s.n, s.k));

#[test]
fn every_defect_in_every_argument_of_a_fitter() {
    let all = all_complaints(TABLE);
    assert!(all.is_empty(), "{}", all.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn fitters((sizes, spoilt, seed) in trial()) {
        let all = complaints(TABLE, &sizes, spoilt, seed);
        prop_assert!(all.is_empty(), "{}", all.join("\n"));
    }
}

//! Kernels against networks, and the fitters against anything a caller may pass.

use dltheory::data::synthetic::gaussian;
use dltheory::fit::{
    DualRoute, Weighting, barycentric, hard_margin, kernel_ridge, knn_classification,
    knn_regression, min_norm, nadaraya_watson, piecewise_linear, separable, simplex_interpolation,
    solve_positive,
};
use dltheory::linalg::thin_svd;
use dltheory::model::{Kernel, squared_distances};
use dltheory::rng::stream;
use dltheory::stats::Estimate;
use ndarray::{Array1, Array2, Axis};
use proptest::prelude::*;

const KERNELS: [Kernel; 8] = [
    Kernel::Gaussian { sigma: 0.7 },
    Kernel::Laplace { sigma: 1.3 },
    Kernel::Polynomial {
        degree: 1,
        offset: 0.0,
    },
    Kernel::Polynomial {
        degree: 3,
        offset: 1.0,
    },
    Kernel::ReluNngp { hidden_layers: 1 },
    Kernel::ReluNngp { hidden_layers: 4 },
    Kernel::ReluNtk { hidden_layers: 1 },
    Kernel::ReluNtk { hidden_layers: 4 },
];

fn normal(n: usize, d: usize, index: u64) -> Array2<f64> {
    gaussian(n, d, &mut stream(21, "kernel test", index)).expect("not empty")
}

/// The gradient of f = (1/√m)Σ b_j σ(h_j), h = (1/√m)W σ(A x), by hand, one vector a parameter block.
fn network_gradient(
    x: &Array1<f64>,
    a: &Array2<f64>,
    w: &Array2<f64>,
    b: &Array1<f64>,
) -> Vec<f64> {
    let scale = 1.0 / (b.len() as f64).sqrt();
    let (first, relu) = (a.dot(x), |v: f64| v.max(0.0));
    let hidden = first.mapv(relu);
    let second = w.dot(&hidden) * scale;
    let step = |v: &Array1<f64>| v.mapv(|v| f64::from(u8::from(v > 0.0)));
    let at_second = b * &step(&second) * scale;
    let at_first = w.t().dot(&at_second) * step(&first) * scale;
    let outer = |left: &Array1<f64>, right: &Array1<f64>| {
        left.iter()
            .flat_map(|l| right.iter().map(move |r| l * r))
            .collect::<Vec<f64>>()
    };
    let mut gradient = (second.mapv(relu) * scale).to_vec();
    gradient.extend(outer(&at_second, &hidden).iter().map(|g| g * scale));
    gradient.extend(outer(&at_first, x));
    gradient
}

/// The tangent kernel of real networks with two hidden layers of 256: its mean over draws is the closed form up
/// to 1/m.
#[test]
fn wide_networks_have_the_tangent_kernel() {
    let (m, draws) = (256, 60);
    let inputs = normal(2, 4, 0);
    let kernel = Kernel::ReluNtk { hidden_layers: 2 }
        .matrix(&inputs, &inputs)
        .expect("valid");
    let mut samples = [Vec::new(), Vec::new(), Vec::new()];
    for draw in 0..draws {
        let rng = &mut stream(21, "wide network", draw);
        let a = gaussian(m, 4, rng).expect("valid");
        let w = gaussian(m, m, rng).expect("valid");
        let b = gaussian(m, 1, rng).expect("valid").remove_axis(Axis(1));
        let g: Vec<Vec<f64>> = inputs
            .rows()
            .into_iter()
            .map(|x| network_gradient(&x.to_owned(), &a, &w, &b))
            .collect();
        for (sample, (i, j)) in samples.iter_mut().zip([(0, 0), (0, 1), (1, 1)]) {
            sample.push(g[i].iter().zip(&g[j]).map(|(p, q)| p * q).sum::<f64>());
        }
    }
    for (sample, (i, j)) in samples.iter().zip([(0, 0), (0, 1), (1, 1)]) {
        let mean = Estimate::from_values(sample).expect("draws");
        let (want, slack) = (
            kernel[[i, j]],
            4.0 / m as f64 * kernel[[i, i]].max(kernel[[j, j]]),
        );
        assert!(
            mean.se < 0.05 * kernel[[i, i]],
            "too loose to tell: {mean:?}"
        );
        assert!(
            (mean.mean - want).abs() < 4.0 * mean.se + slack,
            "{i},{j}: {mean:?} {want}"
        );
    }
}

#[test]
fn kernel_interpolants_interpolate_and_penalties_shrink_them() {
    let (x, y) = (normal(25, 3, 1), normal(25, 2, 2));
    for kernel in [
        Kernel::Laplace { sigma: 1.0 },
        Kernel::Gaussian { sigma: 0.8 },
        Kernel::ReluNtk { hidden_layers: 2 },
    ] {
        let mut last = f64::INFINITY;
        let mut error = -1.0;
        for lambda in [0.0, 1e-3, 0.1, 10.0] {
            let fit = kernel_ridge(kernel, &x, &y, lambda).expect("valid");
            if lambda == 0.0 {
                assert!(fit.train_mse < 1e-18, "{kernel:?}: {}", fit.train_mse);
                assert_eq!((fit.rank, fit.route), (25, DualRoute::Cholesky));
            }
            assert!(
                fit.norm < last && fit.train_mse > error,
                "{kernel:?}, λ = {lambda}"
            );
            last = fit.norm;
            error = fit.train_mse;
        }
    }
}

/// As the kernel loses its digits the solver changes route; until then it agrees with a solve by SVD.
#[test]
fn the_routes_agree_where_they_meet() {
    let x = Array2::from_shape_fn((12, 1), |(i, _)| i as f64 / 12.0);
    let (y, t) = (
        normal(12, 1, 3),
        Array2::from_shape_fn((30, 1), |(i, _)| i as f64 / 30.0),
    );
    let mut routes = Vec::new();
    for sigma in [0.1, 0.15, 0.2, 0.3, 0.4, 0.6] {
        let fit = kernel_ridge(Kernel::Gaussian { sigma }, &x, &y, 0.0).expect("valid");
        let gram = fit.kernel.matrix(&x, &x).expect("valid");
        let by_svd = min_norm(&gram, &y, None).expect("valid");
        if fit.rank == 12 {
            let exact = by_svd.singular_values[0] / by_svd.singular_values[11];
            let share = fit.condition / exact;
            assert!((0.3..1.01).contains(&share), "σ = {sigma}: {share}");
        }
        let here = fit.predict(&t).expect("valid");
        let there = fit
            .kernel
            .matrix(&t, &x)
            .expect("valid")
            .dot(&by_svd.weights);
        let largest = here.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        let off = (&here - &there)
            .iter()
            .fold(0.0_f64, |most, v| most.max(v.abs()));
        let digits = 1e-15 * fit.condition.min(1e15);
        assert!(
            off <= largest * digits.max(1e-12),
            "σ = {sigma}: {off} {largest}"
        );
        routes.push(fit.route);
    }
    assert!(
        routes.contains(&DualRoute::Cholesky) && routes.contains(&DualRoute::Svd),
        "{routes:?}"
    );
}

/// Numbers of every kind, so that most arrays are valid and some are not.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        12 => -3.0..3.0f64,
        2 => Just(0.0),
        1 => Just(f64::NAN),
        1 => Just(f64::INFINITY),
        1 => Just(1e300),
        1 => Just(-1e-300),
    ]
}

fn array() -> impl Strategy<Value = Array2<f64>> {
    (0usize..5, 0usize..4).prop_flat_map(|(n, d)| {
        prop::collection::vec(number(), n * d)
            .prop_map(move |v| Array2::from_shape_vec((n, d), v).expect("n·d numbers"))
    })
}

fn clean(x: &Array2<f64>) -> bool {
    x.iter().all(|v| v.is_finite())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn kernels_are_symmetric_and_positive(n in 1usize..9, d in 1usize..20, repeats in any::<bool>(), seed in 0u64..10_000) {
        let mut x = normal(n, d, 100 + seed);
        if repeats && n > 2 {
            let copy = x.row(0).to_owned();
            x.row_mut(1).assign(&copy);
            x.row_mut(2).assign(&-copy);
        }
        for kernel in KERNELS {
            let k = kernel.matrix(&x, &x).expect("valid");
            for ((i, j), value) in k.indexed_iter() {
                prop_assert!((value - k[[j, i]]).abs() <= 1e-12 * k[[i, i]].max(k[[j, j]]));
            }
            // λ_min = σ_max − ‖…‖ of the shifted matrix: singular values of sI − K, s = trace.
            let shift = k.diag().sum() + 1.0;
            let shifted = Array2::<f64>::eye(n) * shift - &k;
            let smallest = shift - thin_svd(&shifted).expect("finite").s[0];
            prop_assert!(smallest > -1e-10 * shift, "{kernel:?}: {smallest}");
        }
    }

    #[test]
    fn nothing_a_caller_passes_panics(x in array(), y in array(), t in array(), k in 0usize..7, scale in number()) {
        let fits = clean(&x) && clean(&y) && clean(&t) && !x.is_empty() && !t.is_empty()
            && y.nrows() == x.nrows() && y.ncols() > 0 && t.ncols() == x.ncols();
        let d2 = squared_distances(&x, &t);
        if let Ok(values) = &d2 {
            prop_assert!(values.iter().all(|v| v.is_finite() && *v >= 0.0));
        }
        for kernel in [
            Kernel::Gaussian { sigma: scale },
            Kernel::Laplace { sigma: scale },
            Kernel::Polynomial { degree: k as u32, offset: scale },
            Kernel::ReluNtk { hidden_layers: k },
        ] {
            if let Ok(fit) = kernel_ridge(kernel, &x, &y, scale) {
                prop_assert!(clean(&x) && clean(&y) && scale >= 0.0);
                prop_assert!(fit.rank <= x.nrows());
                if let Ok(f) = fit.predict(&t) {
                    prop_assert_eq!(f.dim(), (t.nrows(), y.ncols()));
                }
            }
        }
        let near = knn_regression(&x, &y, &t, k);
        if let Ok(f) = &near {
            prop_assert!(fits && k >= 1 && k <= x.nrows());
            prop_assert_eq!(f.dim(), (t.nrows(), y.ncols()));
        }
        let _ = knn_classification(&x, &vec![1; k], &t, k);
        for weighting in [Weighting::Gaussian { bandwidth: scale }, Weighting::Singular { exponent: scale }] {
            if let Ok(f) = nadaraya_watson(&x, &y, &t, weighting) {
                prop_assert!(fits && clean(&f));
            }
        }
        if let Ok(f) = piecewise_linear(&x, &y, &t) {
            prop_assert!(fits && x.ncols() == 1 && x.nrows() > 1 && clean(&f));
        }
        let _ = barycentric(&x, &t);
        let _ = simplex_interpolation(&x, &y, &t);
        let _ = solve_positive(&x, &y, scale);
        let signs = y.mapv(f64::signum);
        let _ = hard_margin(&x, &signs);
        let _ = separable(&x, &signs);
    }

    /// A mean of targets never leaves their range.
    #[test]
    fn local_means_stay_in_range(n in 1usize..20, d in 1usize..4, scale in 0.01..10.0f64, seed in 0u64..10_000) {
        let (x, y, t) = (normal(n, d, seed), normal(n, 1, 20_000 + seed), normal(9, d, 40_000 + seed));
        let low = y.iter().copied().fold(f64::INFINITY, f64::min) - 1e-12;
        let high = y.iter().copied().fold(f64::NEG_INFINITY, f64::max) + 1e-12;
        let k = 1 + seed as usize % n;
        for f in [
            knn_regression(&x, &y, &t, k).expect("valid"),
            nadaraya_watson(&x, &y, &t, Weighting::Gaussian { bandwidth: scale }).expect("valid"),
            nadaraya_watson(&x, &y, &t, Weighting::Singular { exponent: scale }).expect("valid"),
        ] {
            prop_assert!(f.iter().all(|v| (low..=high).contains(v)));
        }
        let singular = nadaraya_watson(&x, &y, &x, Weighting::Singular { exponent: scale }).expect("valid");
        prop_assert_eq!(singular, y);
    }

    /// Largest-margin separation and its absence do not depend on the scale of the inputs.
    #[test]
    fn separability_ignores_scale(n in 1usize..12, d in 1usize..6, power in -150i32..150, seed in 0u64..10_000) {
        let x = normal(n, d, seed);
        let signs = normal(n, 1, 60_000 + seed).mapv(f64::signum);
        let here = separable(&x, &signs).expect("general position");
        prop_assert_eq!(separable(&(&x * 10f64.powi(power)), &signs).expect("general position"), here);
        let margin = hard_margin(&x, &signs).expect("general position");
        prop_assert_eq!(margin.is_some(), here);
        if n <= d {
            prop_assert!(here);
        }
    }
}

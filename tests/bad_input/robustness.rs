//! Robustness measures: networks, inputs, numbers.

use dltheory::measure::isoperimetry::{
    CapClass, cap_class_monte_carlo, class_expansion_bound, cube_expansion_bound,
    diagonal_half_cube_outside, half_cube_expansion, half_cube_expansion_monte_carlo,
    half_sphere_expansion, half_sphere_expansion_monte_carlo, sphere_expansion_bound,
};
use dltheory::measure::least_relu_units;
use dltheory::measure::lipschitz::{
    SearchSettings, certified_lipschitz, exact_lipschitz, exact_lipschitz_in,
    gaussian_spectral_norm, interpolant_lipschitz, lipschitz_search, local_lipschitz,
    local_lipschitz_in, product_growth, product_lipschitz, product_lipschitz_in,
};
use dltheory::measure::robustness::{
    LazyScheme, ball_constant, huang_stability_bound, initial_gradient, lazy_stability_bound,
    perturbation_stability, perturbation_stability_by_gradients, relu_sphere_moments,
    robustness_law, wu_stability_bound,
};
use dltheory::measure::separation::{nearest_other_class, nearest_same_class};
use dltheory::model::mlp::Layer;
use dltheory::model::{Activation, Init, Mlp};
use dltheory::optimise::Norm;
use dltheory::rng::stream;
use ndarray::Array2;
use proptest::prelude::*;

use crate::numbers::{count, real, sound};
use crate::table::{Argument, Function, all_complaints, complaints, trial};

const INPUTS: Argument = Argument::new("the first inputs", |s| (s.n, s.d)).any_rows();
const WEIGHTS: Argument = Argument::new("the weights of layer 1", |s| (3, s.d)).any_rows();

/// d–3–1 or d–4–1 with the given first layer.
fn net(first: &Array2<f64>) -> Mlp {
    let layer = |weights| Layer {
        weights,
        bias: None,
        multiplier: 1.0,
    };
    let last = Array2::from_shape_fn((1, first.nrows()), |(_, j)| 1.0 - 0.7 * j as f64);
    Mlp {
        layers: vec![layer(first.clone()), layer(last)],
        activation: Activation::Relu,
    }
}

const LOCAL: Argument = Argument::new("inputs", |s| (s.n, s.d)).any_rows();

const TABLE: &[Function] = &[
    Function {
        name: "local_lipschitz",
        arguments: &[LOCAL],
        call: |a, s| Ok(local_lipschitz(&net(&Array2::ones((3, s.d))), &a[0])?.to_vec()),
    },
    Function {
        name: "local_lipschitz_in",
        arguments: &[LOCAL],
        call: |a, s| {
            let net = net(&Array2::ones((3, s.d)));
            Ok(local_lipschitz_in(&net, &a[0], Norm::LInf)?.to_vec())
        },
    },
    Function {
        name: "perturbation_stability",
        arguments: &[LOCAL],
        call: |a, s| {
            let net = net(&Array2::ones((3, s.d)));
            let sampled = perturbation_stability(&net, &a[0], 3, &mut stream(1, "bad", 0))?;
            Ok(vec![
                sampled.mean,
                perturbation_stability_by_gradients(&net, &a[0])?.mean,
            ])
        },
    },
    Function {
        name: "nearest_other_class",
        arguments: &[INPUTS.any_columns()],
        call: |a, _| {
            let labels: Vec<u8> = (0..a[0].nrows()).map(|i| (i % 2) as u8).collect();
            let mut all = Vec::new();
            for norm in [Norm::LInf, Norm::L2] {
                let other = nearest_other_class(&a[0], &labels, &a[0], &labels, norm)?;
                let same = nearest_same_class(&a[0], &labels, &a[0], &labels, norm)?;
                // One class alone is infinitely far from any other.
                all.extend(other.iter().chain(&same).filter(|d| **d < f64::INFINITY));
            }
            Ok(all)
        },
    },
];

/// Names the layer, whatever is wrong with it.
const NETS: &[Function] = &[
    Function {
        name: "bounds from above",
        arguments: &[WEIGHTS.any_columns()],
        call: |a, _| {
            let net = net(&a[0]);
            Ok(vec![
                certified_lipschitz(&net)?,
                product_lipschitz(&net)?,
                product_lipschitz_in(&net, Norm::L1)?,
                product_lipschitz_in(&net, Norm::LInf)?,
            ])
        },
    },
    Function {
        name: "lipschitz_search",
        arguments: &[WEIGHTS.any_columns()],
        call: |a, _| {
            let settings = SearchSettings {
                starts: 2,
                steps: 3,
                ..SearchSettings::default()
            };
            let found = lipschitz_search(&net(&a[0]), &settings, &mut stream(1, "bad", 1))?;
            Ok(vec![found.constant, found.at_starts])
        },
    },
    Function {
        name: "exact_lipschitz",
        arguments: &[WEIGHTS.any_columns()],
        call: |a, _| {
            let net = net(&a[0]);
            let one = exact_lipschitz_in(&net, 1000, Norm::L1)?;
            Ok(vec![exact_lipschitz(&net, 1000)?.constant, one.constant])
        },
    },
];

/// What is wrong with answers about networks; but a network without inputs may be called empty.
pub(crate) fn about_nets(all: Vec<String>) -> Vec<String> {
    let known = |said: &String| said.contains("NoColumns") && said.contains("the network is empty");
    all.into_iter().filter(|said| !known(said)).collect()
}

#[test]
fn every_defect_in_inputs_and_weights() {
    let all = all_complaints(TABLE);
    assert!(all.is_empty(), "{}", all.join("\n"));
    let all = about_nets(all_complaints(NETS));
    assert!(all.is_empty(), "{}", all.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn inputs_and_weights((sizes, spoilt, seed) in trial()) {
        let mut all = complaints(TABLE, &sizes, spoilt, seed);
        all.extend(about_nets(complaints(NETS, &sizes, spoilt, seed)));
        prop_assert!(all.is_empty(), "{}", all.join("\n"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn numbers(n in count(), m in count(), k in count(), a in real(), b in real()) {
        sound("ball_constant", ball_constant(n))?;
        sound("gaussian_spectral_norm", gaussian_spectral_norm(n, m))?;
        sound("product_growth", product_growth(n, a))?;
        sound("huang", huang_stability_bound(n))?;
        sound("wu", wu_stability_bound(n, m))?;
        for scheme in [LazyScheme::LeCun, LazyScheme::He, LazyScheme::Ntk] {
            sound("lazy bound", lazy_stability_bound(scheme, n, m, k).map(|b| b.value))?;
        }
        for init in [Init::HE, Init::NTK, Init::MEAN_FIELD, Init::normal(a)] {
            sound("initial_gradient", initial_gradient(&init, &[n, m, 1]).map(|g| g.mean))?;
        }
        sound("half_sphere_expansion", half_sphere_expansion(n, a))?;
        sound("sphere_expansion_bound", sphere_expansion_bound(n, a))?;
        sound("class bound", class_expansion_bound(n, a, b))?;
        let class = CapClass { dimension: n, share: a, called: b };
        sound("class", class.near_others(b))?;
        sound("class draws", cap_class_monte_carlo(&class, b, m.min(50), 1).map(|e| e.mean))?;
        sound("robustness_law", robustness_law(n, m, k))?;
        sound("least_relu_units", least_relu_units(n.min(2000), m).map(|k| k as f64))?;
        sound("interpolant", interpolant_lipschitz(&[0.0, a], &[b, a]))?;
        let (w, weights) = (Array2::from_elem((2, 3), a), ndarray::array![1.0, b]);
        sound("sphere moments", relu_sphere_moments(&w, &weights).map(|s| s.square_slope))?;
        sound("half_cube_expansion", half_cube_expansion(a))?;
        sound("cube_expansion_bound", cube_expansion_bound(n, a, b).map(|b| b.gaussian))?;
        sound("diagonal", diagonal_half_cube_outside(n, a))?;
        sound("sphere draws", half_sphere_expansion_monte_carlo(n, a, m.min(50), 1).map(|e| e.mean))?;
        sound("cube draws", half_cube_expansion_monte_carlo(n, a, m.min(50), 1).map(|e| e.mean))?;
    }
}

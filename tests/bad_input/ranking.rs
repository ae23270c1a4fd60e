//! Complexity measures of networks and rank correlations.

use dltheory::measure::complexity::{
    LayerNorms, inverse_square_margin, margin_at_loss, power_sum, size_in_bound,
};
use dltheory::measure::{
    Norms, circle_eigenvalues, granulated_kendall, hilbert_noise_risk, kendall, kendall_null_se,
    laplace_noise_risk, margin_percentile, margins, path_norm, piecewise_linear_noise_risk,
    threshold_noise_median, untied_share,
};
use dltheory::model::mlp::{Layer, Mlp};
use dltheory::model::{Activation, Kernel};
use dltheory::stats::largest_distance;
use ndarray::Array2;
use proptest::prelude::*;

use crate::numbers::{count, real, sound};
use crate::robustness::about_nets;
use crate::table::{
    Argument, Function, Numbers, Sizes, all_complaints, complaints, list, sign, trial,
};

/// At least two runs.
const MEASURES: Argument = Argument::new("measure", |s| (s.n + 1, 1));
const GAPS: Argument = Argument::new("the gaps", |s| (s.n + 1, 1));
const VALUES: Argument = Argument::new("values", |s| (s.n + 1, 1))
    .any_rows()
    .any_columns();
const OUTPUTS: Argument = Argument::new("the outputs", |s| (s.n, s.k + 1));
const FIRST: Argument = Argument::new("layer", |s| (s.t, s.d)).any_columns();
const SECOND: Argument = Argument::new("layer", |s| (s.k, s.t)).any_rows();

/// One-hot rows of the first class, `(n, k + 1)`.
fn first_class(sizes: &Sizes) -> Array2<f64> {
    let one = |(_, class)| f64::from(u8::from(class == 0));
    Array2::from_shape_fn((sizes.n, sizes.k + 1), one)
}

fn net(a: &[Array2<f64>]) -> Mlp {
    let layer = |weights: &Array2<f64>| Layer {
        weights: weights.clone(),
        bias: None,
        multiplier: 1.0,
    };
    Mlp {
        layers: a.iter().map(layer).collect(),
        activation: Activation::Relu,
    }
}

fn all_norms(norms: &Norms) -> Numbers {
    let each = norms.layers.iter();
    let mut all: Vec<f64> = each
        .flat_map(|l| [l.spectral, l.frobenius, l.distance, l.unit_distance])
        .collect();
    // A product of finite norms may leave the range of f64: then it is ∞, and never NaN.
    let of_all = [
        norms.parameter_norm(),
        norms.squared_distance(),
        norms.spectral_product(),
        norms.spectral_complexity(),
    ];
    all.extend(of_all.into_iter().filter(|v| *v != f64::INFINITY));
    Ok(all)
}

const TABLE: &[Function] = &[
    Function {
        name: "kendall",
        arguments: &[MEASURES, GAPS],
        call: |a, _| Ok(vec![kendall(&list(&a[0]).to_vec(), &list(&a[1]).to_vec())?]),
    },
    Function {
        name: "kendall_null_se",
        arguments: &[VALUES],
        call: |a, _| Ok(vec![kendall_null_se(&list(&a[0]).to_vec())?]),
    },
    Function {
        name: "untied_share",
        arguments: &[VALUES],
        call: |a, _| Ok(vec![untied_share(&list(&a[0]).to_vec())?]),
    },
    Function {
        name: "granulated_kendall",
        arguments: &[
            Argument::new("hyper-parameter", |s| (s.n + 1, 1)).any_columns(),
            MEASURES,
            GAPS,
        ],
        call: |a, s| {
            let (measures, gaps) = (list(&a[1]).to_vec(), list(&a[2]).to_vec());
            let found = granulated_kendall(&a[0], &vec![0; s.n + 1], &measures, &gaps)?;
            Ok([
                found.psi,
                found.psi_null_se,
                vec![found.mean, found.null_se],
            ]
            .concat())
        },
    },
    Function {
        name: "granulated_kendall, blocks",
        arguments: &[MEASURES],
        call: |a, s| {
            let measures = list(&a[0]).to_vec();
            let hyper = Array2::from_shape_fn((s.n + 1, 1), |(run, _)| run as f64);
            let blocks = vec![7; measures.len()];
            let gaps: Vec<f64> = (0..=s.n).map(|run| run as f64).collect();
            Ok(granulated_kendall(&hyper, &blocks, &measures, &gaps)?.psi)
        },
    },
    Function {
        name: "LayerNorms::new",
        arguments: &[
            Argument::new("matrix", |s| (s.n, s.d)),
            Argument::new("matrix", |s| (s.n, s.d)),
        ],
        call: |a, _| {
            let norms = LayerNorms::new(&a[0], &a[1])?;
            let (spectral, frobenius) = (norms.spectral, norms.frobenius);
            Ok(vec![
                spectral,
                frobenius,
                norms.distance,
                norms.unit_distance,
            ])
        },
    },
    Function {
        name: "Norms::of",
        arguments: &[FIRST, SECOND],
        call: |a, _| all_norms(&Norms::of(&net(a), None)?),
    },
    Function {
        name: "Norms::of, with a reference",
        arguments: &[FIRST, SECOND],
        call: |a, s| {
            let sizes = [(s.t, s.d), (s.k, s.t)];
            let reference = sizes.map(|size| crate::defect::normal(size, 9));
            all_norms(&Norms::of(&net(a), Some(&net(&reference)))?)
        },
    },
    Function {
        name: "Norms::ln_spec_orig",
        arguments: &[FIRST, SECOND],
        call: |a, _| Ok(vec![Norms::of(&net(a), None)?.ln_spec_orig(0.5)?]),
    },
    Function {
        name: "path_norm",
        arguments: &[FIRST, SECOND],
        call: |a, _| Ok(vec![path_norm(&net(a))?]),
    },
    Function {
        name: "margins, one-hot",
        arguments: &[OUTPUTS],
        call: |a, s| margins(&a[0], &first_class(s)),
    },
    Function {
        name: "margin_percentile, signs",
        arguments: &[
            Argument::new("the outputs", |s| (s.n, 1)),
            Argument::new("the targets", |s| (s.n, 1)).of(sign),
        ],
        call: |a, _| Ok(vec![margin_percentile(&a[0], &a[1])?]),
    },
];

#[test]
fn every_defect_in_every_argument_of_a_ranking() {
    let all = about_nets(all_complaints(TABLE));
    assert!(all.is_empty(), "{}", all.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn rankings((sizes, spoilt, seed) in trial()) {
        let all = about_nets(complaints(TABLE, &sizes, spoilt, seed));
        prop_assert!(all.is_empty(), "{}", all.join("\n"));
    }

    #[test]
    fn margins_of_numbers(a in real(), b in real(), n in count()) {
        sound("inverse_square_margin", inverse_square_margin(a))?;
        sound("margin_at_loss", margin_at_loss(a))?;
        sound("size_in_bound", size_in_bound(a, n))?;
        sound("largest_distance", largest_distance(n, a, Some(n)))?;
        sound("largest_distance", largest_distance(n, a, None))?;
        let sizes = [a.abs(), b.abs()];
        if sizes.iter().all(|v| v.is_finite()) {
            prop_assert!(!power_sum(&sizes, 2.0 / 3.0).is_nan(), "{sizes:?}");
        }
        sound("piecewise_linear_noise_risk", piecewise_linear_noise_risk(n))?;
    }

    /// Layers of any size: a product may be ∞, never NaN.
    #[test]
    fn products_of_layers(sizes in prop::collection::vec(real(), 1..5)) {
        let layers: Vec<Array2<f64>> = sizes.iter().map(|v| Array2::from_elem((1, 1), *v)).collect();
        if let Ok(norms) = Norms::of(&net(&layers), None) {
            prop_assert!(all_norms(&norms)?.iter().all(|v| !v.is_nan()), "{sizes:?}: {norms:?}");
            if let Ok(value) = norms.ln_spec_orig(0.5) {
                prop_assert!(value.is_finite(), "{sizes:?}: {value}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]

    #[test]
    fn noise_on_a_line(n in count(), bandwidth in real()) {
        sound("laplace_noise_risk", laplace_noise_risk(n, bandwidth))?;
    }

    #[test]
    fn spectra_on_the_circle(count in 0_usize..5, value in real(), degree in 0_u32..400) {
        for kernel in [
            Kernel::Gaussian { sigma: value },
            Kernel::Polynomial { degree, offset: value },
        ] {
            let first = circle_eigenvalues(kernel, count).map(|e| e.sum());
            sound(&kernel.label(), first)?;
        }
    }
}

/// The slow ones, at chosen counts.
#[test]
fn counts_of_any_size() {
    for n in [0, 1, 2, 50, 1 << 20, 1 << 40, usize::MAX] {
        for (name, risk) in [
            ("hilbert_noise_risk", hilbert_noise_risk(n)),
            ("threshold_noise_median", threshold_noise_median(n)),
        ] {
            match risk {
                Ok(risk) => assert!(risk >= 1.0, "{name}({n}) = {risk}"),
                Err(error) => assert!(crate::table::is_a_sentence(&error), "{error}"),
            }
        }
        let linear = Kernel::Polynomial {
            degree: 1,
            offset: 0.0,
        };
        assert!(circle_eigenvalues(linear, n.max(2050)).is_err());
    }
}

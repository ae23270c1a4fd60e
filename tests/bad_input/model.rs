//! Features, kernels, losses and networks.

use dltheory::Result;
use dltheory::data::{Dataset, flip_labels};
use dltheory::fit::{FlowSettings, network_flow};
use dltheory::measure::lazy_ratio;
use dltheory::measure::propagation::measure;
use dltheory::model::{
    Kernel, KernelForm, Loss, Mlp, MlpSettings, RandomFeatures, angles, classification_error,
    legendre_features, polynomial_features, polynomial_map_error, squared_distances, two_layer_ntk,
};
use dltheory::rng::stream;
use ndarray::Array2;
use proptest::prelude::*;

use crate::table::{
    Argument, Function, Numbers, Sizes, all_complaints, complaints, list, sign, trial,
};

const A: Argument = Argument::new("the first inputs", |s| (s.n, s.d)).any_rows();
const B: Argument = Argument::new("the second inputs", |s| (s.t, s.d)).any_rows();
const INPUTS: Argument = Argument::new("the inputs", |s| (s.n, s.d));
const OUTPUTS: Argument = Argument::new("outputs", |s| (s.n, s.k));
const TARGETS: Argument = Argument::new("targets", |s| (s.n, s.k));
const LABELS: Argument = Argument::new("label", |s| (s.n, 1)).of(sign).any_rows();

fn numbers(array: &Array2<f64>) -> Vec<f64> {
    array.iter().copied().collect()
}

fn matrix(kernel: Kernel, a: &[Array2<f64>]) -> Numbers {
    Ok(numbers(&kernel.matrix(&a[0], &a[1])?))
}

fn net(sizes: &Sizes) -> Result<Mlp> {
    let shape = [sizes.d, 4, sizes.k];
    Mlp::new(&MlpSettings::of_sizes(&shape), &mut stream(1, "net", 0))
}

const TABLE: &[Function] = &[
    Function {
        name: "Kernel::Gaussian",
        arguments: &[A, B],
        call: |a, _| matrix(Kernel::Gaussian { sigma: 0.5 }, a),
    },
    Function {
        name: "Kernel::Laplace",
        arguments: &[A, B],
        call: |a, _| matrix(Kernel::Laplace { sigma: 0.5 }, a),
    },
    Function {
        name: "Kernel::Polynomial",
        arguments: &[A, B],
        call: |a, _| {
            let kernel = Kernel::Polynomial {
                degree: 3,
                offset: 1.0,
            };
            matrix(kernel, a)
        },
    },
    Function {
        name: "Kernel::ReluNtk",
        arguments: &[A, B],
        call: |a, _| matrix(Kernel::ReluNtk { hidden_layers: 3 }, a),
    },
    Function {
        name: "angles",
        arguments: &[A, B],
        call: |a, _| Ok(numbers(&angles(&a[0], &a[1])?)),
    },
    Function {
        name: "two_layer_ntk",
        arguments: &[A, B],
        call: |a, _| {
            let ntk = two_layer_ntk(&a[0], &a[1])?;
            Ok([&ntk.first, &ntk.second, &ntk.variance]
                .map(numbers)
                .concat())
        },
    },
    Function {
        name: "Mlp::tangent_kernel",
        arguments: &[A, B],
        call: |a, s| {
            let net = net(s)?;
            let trace = net.tangent_kernel(&a[0], &a[1], KernelForm::Trace)?;
            let full = net.tangent_kernel(&a[0], &a[1], KernelForm::Full)?;
            Ok([trace, full].map(|k| numbers(&k)).concat())
        },
    },
    Function {
        name: "Mlp::tangent_kernel_explicit",
        arguments: &[A, B],
        call: |a, s| {
            let kernel = net(s)?.tangent_kernel_explicit(&a[0], &a[1], KernelForm::Full)?;
            Ok(numbers(&kernel))
        },
    },
    Function {
        name: "polynomial_features",
        arguments: &[INPUTS.any_rows().any_columns()],
        call: |a, _| {
            let mut all = numbers(&polynomial_features(&a[0], 3, 1.0)?);
            all.push(polynomial_map_error(&a[0], 3, 1.0)?);
            Ok(all)
        },
    },
    Function {
        name: "squared_distances",
        arguments: &[A, B],
        call: |a, _| Ok(numbers(&squared_distances(&a[0], &a[1])?)),
    },
    Function {
        name: "RandomFeatures::fourier",
        arguments: &[INPUTS.any_rows()],
        call: |a, s| {
            let features = RandomFeatures::fourier(6, s.d, 1.0, &mut stream(1, "map", 0))?;
            Ok(numbers(&features.apply(&a[0])?))
        },
    },
    Function {
        name: "RandomFeatures::relu",
        arguments: &[INPUTS.any_rows()],
        call: |a, s| {
            let features = RandomFeatures::relu(6, s.d, &mut stream(1, "map", 0))?;
            Ok(numbers(&features.apply(&a[0])?))
        },
    },
    Function {
        name: "legendre_features",
        arguments: &[Argument::new("input", |s| (s.n, 1))
            .of(f64::sin)
            .any_rows()
            .any_columns()],
        call: |a, _| Ok(numbers(&legendre_features(&list(&a[0]), 5)?)),
    },
    Function {
        name: "Loss::Mse",
        arguments: &[OUTPUTS, TARGETS],
        call: |a, _| {
            let slope = Loss::Mse.derivative(&a[0], &a[1])?;
            Ok([numbers(&slope), vec![Loss::Mse.mean(&a[0], &a[1])?]].concat())
        },
    },
    Function {
        name: "classification_error",
        arguments: &[OUTPUTS, TARGETS.of(sign)],
        call: |a, s| match s.k {
            // Two columns of signs are no classes, whatever else is wrong.
            1 => Ok(vec![classification_error(&a[0], &a[1])?]),
            _ => Loss::Mse.mean(&a[0], &a[1]).map(|loss| vec![loss]),
        },
    },
    Function {
        name: "Mlp::forward",
        arguments: &[INPUTS.any_rows()],
        call: |a, s| Ok(numbers(&net(s)?.forward(&a[0])?)),
    },
    Function {
        name: "Mlp::gradient",
        arguments: &[INPUTS, TARGETS],
        call: |a, s| {
            let gradient = net(s)?.gradient(&a[0], &a[1], Loss::Mse)?;
            let mut all = gradient.flat().to_vec();
            all.push(gradient.loss);
            Ok(all)
        },
    },
    Function {
        name: "Mlp::input_gradient",
        arguments: &[INPUTS, TARGETS],
        call: |a, s| Ok(numbers(&net(s)?.input_gradient(&a[0], &a[1], Loss::Mse)?)),
    },
    Function {
        name: "Mlp::output_gradients",
        arguments: &[INPUTS.any_rows()],
        call: |a, s| {
            let examples = net(s)?.output_gradients(&a[0], 0)?;
            let mut all = numbers(&examples.jacobian()?);
            all.extend(examples.squared_norms()?);
            all.extend(examples.inner_products(&examples)?);
            Ok(all)
        },
    },
    Function {
        name: "Mlp::with_parameters",
        arguments: &[Argument::new("the parameters", |s| {
            (5 * s.k + 4 * s.d + 4, 1)
        })],
        call: |a, s| {
            let net = net(s)?.with_parameters(&list(&a[0]).to_vec())?;
            Ok(net.parameters().to_vec())
        },
    },
    Function {
        name: "lazy_ratio",
        arguments: &[Argument::new("the parameters", |s| {
            (5 * s.k + 4 * s.d + 4, 1)
        })],
        call: |a, s| {
            let start = net(s)?;
            let now = start.with_parameters(&list(&a[0]).to_vec())?;
            let movement = lazy_ratio(&now, &start)?;
            Ok([vec![movement.kappa], movement.distances, movement.norms].concat())
        },
    },
    Function {
        name: "propagation::measure",
        arguments: &[Argument::new("the inputs", |s| (s.d, 1))],
        call: |a, s| {
            let settings = MlpSettings::of_sizes(&[s.d, 4, s.k]);
            let drawn = measure(&settings, &list(&a[0]), 3, 1)?;
            let estimates = drawn.estimates()?;
            let all = estimates.forward.iter().chain(&estimates.backward);
            Ok(all.map(|estimate| estimate.mean).collect())
        },
    },
    Function {
        name: "network_flow",
        arguments: &[INPUTS, Argument::new("targets", |s| (s.n, 1))],
        call: |a, s| {
            let settings = MlpSettings::of_sizes(&[s.d, 4, 1]);
            let net = Mlp::new(&settings, &mut stream(1, "net", 0))?;
            let data = Dataset {
                x: a[0].clone(),
                y: a[1].clone(),
            };
            let settings = FlowSettings {
                max_steps: 5,
                ..FlowSettings::default()
            };
            let flow = network_flow(&net, &data, &settings)?;
            Ok([flow.loss, flow.time, flow.net.parameters().to_vec()].concat())
        },
    },
    Function {
        name: "flip_labels",
        arguments: &[LABELS],
        call: |a, _| {
            Ok(numbers(&flip_labels(
                &a[0],
                0.3,
                &mut stream(1, "flip", 0),
            )?))
        },
    },
];

#[test]
fn every_defect_in_every_argument_of_a_model() {
    let all = all_complaints(TABLE);
    assert!(all.is_empty(), "{}", all.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn models((sizes, spoilt, seed) in trial()) {
        let all = complaints(TABLE, &sizes, spoilt, seed);
        prop_assert!(all.is_empty(), "{}", all.join("\n"));
    }
}

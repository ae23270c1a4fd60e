//! Recurrent networks, clipping, batch normalisation.

use dltheory::Result;
use dltheory::linalg::spectral_radius;
use dltheory::model::{
    Activation, BatchNorm, Loss, MlpSettings, NormalisedMlp, Recurrent, RecurrentSettings,
    power_growth,
};
use dltheory::optimise::Clip;
use dltheory::rng::stream;
use ndarray::{Array2, Array3};
use proptest::prelude::*;

use crate::table::{Argument, Function, Numbers, Sizes, all_complaints, complaints, list, trial};

const SEQUENCES: Argument = Argument::new("the sequences", |s| (s.n, s.d));
const TARGETS: Argument = Argument::new("the targets", |s| (s.n, s.k));
const BATCH: Argument = Argument::new("the batch", |s| (s.n + 1, s.d));
const SLOPES: Argument = Argument::new("the derivatives by the outputs", |s| (s.n + 1, s.d));
const MATRIX: Argument = Argument::new("the matrix", |s| (s.n, s.n));

/// Three steps, each the same.
fn sequences(step: &Array2<f64>) -> Array3<f64> {
    let (n, d) = step.dim();
    Array3::from_shape_fn((3, n, d), |(_, i, j)| step[[i, j]])
}

fn recurrent(sizes: &Sizes, activation: Activation) -> Result<Recurrent> {
    let settings = RecurrentSettings {
        inputs: sizes.d,
        width: 4,
        outputs: sizes.k,
        activation,
        ..RecurrentSettings::default()
    };
    Recurrent::new(&settings, &mut stream(1, "recurrent", 0))
}

fn through_time(a: &[Array2<f64>], s: &Sizes, activation: Activation) -> Numbers {
    let (net, x) = (recurrent(s, activation)?, sequences(&a[0]));
    let gradient = net.gradient(&x, &a[1], Loss::Mse)?;
    let mut all = gradient.flat().to_vec();
    all.push(gradient.loss);
    all.extend(net.state_gradient_norms(&x, &a[1], Loss::Mse)?);
    Ok(all)
}

fn normalised(sizes: &Sizes) -> Result<NormalisedMlp> {
    let settings = MlpSettings::of_sizes(&[sizes.d, 4, 4, sizes.k]);
    NormalisedMlp::new(&settings, 0.1, &mut stream(1, "normalised", 0))
}

const TABLE: &[Function] = &[
    Function {
        name: "Recurrent::forward",
        arguments: &[SEQUENCES.any_rows()],
        call: |a, s| {
            let outputs = recurrent(s, Activation::Tanh)?.forward(&sequences(&a[0]))?;
            Ok(outputs.iter().copied().collect())
        },
    },
    Function {
        name: "Recurrent::gradient, linear",
        arguments: &[SEQUENCES, TARGETS],
        call: |a, s| through_time(a, s, Activation::Linear),
    },
    Function {
        name: "Recurrent::gradient, tanh",
        arguments: &[SEQUENCES, TARGETS],
        call: |a, s| through_time(a, s, Activation::Tanh),
    },
    Function {
        name: "Recurrent::lag_norms",
        arguments: &[SEQUENCES.any_rows()],
        call: |a, s| {
            let norms = recurrent(s, Activation::Tanh)?.lag_norms(&sequences(&a[0]), 0)?;
            Ok(norms.iter().flat_map(|n| [n.spectral, n.typical]).collect())
        },
    },
    Function {
        name: "Clip::Norm",
        arguments: &[Argument::new("the gradient", |s| (s.n, 1))
            .any_rows()
            .any_columns()],
        call: |a, _| clip(Clip::Norm(0.5), &a[0]),
    },
    Function {
        name: "Clip::Value",
        arguments: &[Argument::new("the gradient", |s| (s.n, 1))
            .any_rows()
            .any_columns()],
        call: |a, _| clip(Clip::Value(0.5), &a[0]),
    },
    Function {
        name: "BatchNorm::train",
        arguments: &[BATCH.any_rows()],
        call: |a, s| {
            let mut layer = BatchNorm::new(s.d)?;
            let trace = layer.trace(&a[0])?;
            layer.remember(&trace)?;
            let all = trace.outputs.iter().chain(&layer.running_mean);
            Ok(all.chain(&layer.running_variance).copied().collect())
        },
    },
    Function {
        name: "BatchNorm::evaluate",
        arguments: &[BATCH.any_rows()],
        call: |a, s| Ok(BatchNorm::new(s.d)?.evaluate(&a[0])?.into_iter().collect()),
    },
    Function {
        name: "BatchNorm::backward",
        arguments: &[BATCH, SLOPES],
        call: |a, s| {
            let layer = BatchNorm::new(s.d)?;
            let gradient = layer.backward(&layer.trace(&a[0])?, &a[1])?;
            let all = gradient.inputs.iter().chain(&gradient.gamma);
            Ok(all.chain(&gradient.beta).copied().collect())
        },
    },
    Function {
        name: "NormalisedMlp::gradient",
        arguments: &[
            Argument::new("the inputs", |s| (s.n + 1, s.d)),
            Argument::new("the targets", |s| (s.n + 1, s.k)),
        ],
        call: |a, s| {
            let gradient = normalised(s)?.gradient(&a[0], &a[1], Loss::Mse)?;
            let mut all = gradient.flat().to_vec();
            all.push(gradient.loss);
            Ok(all)
        },
    },
    Function {
        name: "NormalisedMlp::evaluate",
        arguments: &[Argument::new("the inputs", |s| (s.n, s.d)).any_rows()],
        call: |a, s| Ok(normalised(s)?.evaluate(&a[0])?.into_iter().collect()),
    },
    Function {
        name: "spectral_radius",
        arguments: &[MATRIX],
        call: |a, _| Ok(vec![spectral_radius(&a[0])?]),
    },
    Function {
        name: "power_growth",
        arguments: &[MATRIX],
        call: |a, _| {
            let growth = power_growth(&a[0], 10)?;
            // What is documented for a nilpotent matrix.
            Ok(vec![if growth == f64::NEG_INFINITY {
                0.0
            } else {
                growth
            }])
        },
    },
];

fn clip(clip: Clip, gradient: &Array2<f64>) -> Numbers {
    // A list of no numbers is a gradient; here only what holds some.
    if gradient.is_empty() {
        return Err(dltheory::Error::shape(
            "the gradient",
            "at least (1, 1)",
            gradient.shape(),
        ));
    }
    let mut gradient = list(gradient).to_vec();
    let clipped = clip.apply(&mut gradient)?;
    gradient.extend([clipped.before, clipped.after]);
    Ok(gradient)
}

#[test]
fn every_defect_in_every_argument_of_what_keeps_training_stable() {
    let all = all_complaints(TABLE);
    assert!(all.is_empty(), "{}", all.join("\n"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn stability((sizes, spoilt, seed) in trial()) {
        let all = complaints(TABLE, &sizes, spoilt, seed);
        prop_assert!(all.is_empty(), "{}", all.join("\n"));
    }
}

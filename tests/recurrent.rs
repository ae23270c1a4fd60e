//! Recurrent networks, clipping and batch normalisation: derivatives by another route at random sizes, and what must
//! not change the outputs.

use dltheory::data::Sequences;
use dltheory::data::synthetic::gaussian;
use dltheory::linalg::spectral_norm;
use dltheory::model::{
    Activation, BatchNorm, Loss, MlpSettings, NormalisedMlp, Recurrent, RecurrentLaw,
    RecurrentSettings,
};
use dltheory::optimise::Clip;
use dltheory::rng::stream;
use ndarray::{Array2, Axis};
use proptest::prelude::*;

/// The step of central differences.
const H: f64 = 1e-5;

fn network(
    (width, inputs, outputs): (usize, usize, usize),
    activation: Activation,
    law: RecurrentLaw,
    seed: u64,
) -> Recurrent {
    let settings = RecurrentSettings {
        inputs,
        width,
        outputs,
        activation,
        law,
        spectral_radius: 1.1,
    };
    Recurrent::new(&settings, &mut stream(seed, "network", 0)).expect("valid")
}

fn any_law() -> impl Strategy<Value = RecurrentLaw> {
    prop::sample::select(vec![RecurrentLaw::Orthogonal, RecurrentLaw::Gaussian])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// The derivative along a random direction of unit length, by the gradient and by a central difference. It errs
    /// by h²|L'''|/6, with third derivatives below 10³ at these sizes, and by rounding, about ε|L|/h; 10⁻⁶ relative to
    /// the gradient's norm leaves a factor of ten.
    #[test]
    fn back_propagation_through_time_is_the_derivative(
        (width, symbols, steps, n) in (1_usize..8, 2_usize..5, 1_usize..12, 1_usize..6),
        tanh in any::<bool>(),
        law in any_law(),
        seed in 0_u64..10_000,
    ) {
        let activation = if tanh { Activation::Tanh } else { Activation::Linear };
        let net = network((width, symbols + 1, symbols), activation, law, seed);
        let rng = &mut stream(seed, "data", 0);
        let data = Sequences::first_symbol(n, steps, symbols, 0.7, rng).expect("valid");
        let start = net.parameters();
        let direction = gaussian(start.len(), 1, rng).expect("valid").remove_axis(Axis(1));
        let direction = &direction / direction.dot(&direction).sqrt();
        for loss in [Loss::CrossEntropy, Loss::Mse] {
            let gradient = net.gradient(&data.x, &data.y, loss).expect("fits").flat();
            let at = |by: f64| {
                let moved = (&start + &(&direction * by)).to_vec();
                let moved = net.with_parameters(&moved).expect("as many");
                loss.mean(&moved.forward(&data.x).expect("fits"), &data.y).expect("fits")
            };
            let numeric = (at(H) - at(-H)) / (2.0 * H);
            let scale = gradient.dot(&gradient).sqrt().max(1.0);
            let error = (numeric - gradient.dot(&direction)).abs() / scale;
            prop_assert!(error < 1e-6, "{error}");
        }
    }

    /// ‖∂h_T/∂h_{T−k}‖ never exceeds ‖W‖^k, and the typical size never the spectral one.
    #[test]
    fn jacobians_stay_below_the_power_of_the_norm(
        (width, steps) in (1_usize..10, 1_usize..15),
        tanh in any::<bool>(),
        law in any_law(),
        seed in 0_u64..10_000,
    ) {
        let activation = if tanh { Activation::Tanh } else { Activation::Linear };
        let net = network((width, 3, 2), activation, law, seed);
        let data = Sequences::first_symbol(2, steps, 2, 1.0, &mut stream(seed, "data", 0));
        let norms = net.lag_norms(&data.expect("valid").x, 1).expect("fits");
        prop_assert_eq!(norms.len(), steps + 1);
        let bound = spectral_norm(&net.recurrent).expect("finite");
        for norm in norms {
            let most = bound.powi(norm.lag as i32) * (1.0 + 1e-10);
            prop_assert!(norm.spectral <= most && norm.typical <= norm.spectral * (1.0 + 1e-10));
        }
    }

    /// Sequences do not see each other.
    #[test]
    fn sequences_are_read_one_by_one(seed in 0_u64..10_000, n in 2_usize..6) {
        let net = network((5, 4, 3), Activation::Tanh, RecurrentLaw::Orthogonal, seed);
        let data = Sequences::first_symbol(n, 6, 3, 1.0, &mut stream(seed, "data", 0));
        let data = data.expect("valid");
        let all = net.forward(&data.x).expect("fits");
        let alone = net.forward(&data.select(&[n - 1]).expect("there").x).expect("fits");
        let error = (&all.row(n - 1) - &alone.row(0)).mapv(f64::abs).sum();
        prop_assert!(error < 1e-13, "{error}");
    }

    /// A gradient cut by its norm keeps its direction and gets at most the limit's length; cut by value it stays in
    /// its orthant; cutting twice is cutting once.
    #[test]
    fn clipping_is_a_projection(
        g in prop::collection::vec(-1e3_f64..1e3, 1..20),
        limit in 1e-3_f64..1e3,
    ) {
        let length = g.iter().map(|v| v * v).sum::<f64>().sqrt();
        let mut cut = g.clone();
        let clipped = Clip::Norm(limit).apply(&mut cut).expect("finite");
        prop_assert!((clipped.before - length).abs() <= 1e-12 * length);
        prop_assert!(clipped.after <= limit * (1.0 + 1e-13));
        let factor = (limit / length).min(1.0);
        prop_assert!(g.iter().zip(&cut).all(|(g, c)| (g * factor - c).abs() <= 1e-12 * g.abs()));
        let once = cut.clone();
        Clip::Norm(limit).apply(&mut cut).expect("finite");
        prop_assert!(once.iter().zip(&cut).all(|(a, b)| (a - b).abs() <= 1e-12 * a.abs()));

        let mut cut = g.clone();
        Clip::Value(limit).apply(&mut cut).expect("finite");
        let inside = |(g, c): (&f64, &f64)| *c == g.clamp(-limit, limit);
        prop_assert!(g.iter().zip(&cut).all(inside));
    }

    /// Training outputs do not change when a feature is scaled by a > 0 and shifted, up to ε: V/(V + ε) differs from
    /// 1 by ε/V. A negative scale turns their sign about β.
    #[test]
    fn normalised_outputs_forget_scale_and_shift(
        (b, m) in (2_usize..12, 1_usize..5),
        scale in prop_oneof![0.1_f64..10.0, -10.0_f64..-0.1],
        shift in -5.0_f64..5.0,
        seed in 0_u64..10_000,
    ) {
        let x = gaussian(b, m, &mut stream(seed, "batch", 0)).expect("valid");
        let layer = BatchNorm { epsilon: 1e-12, ..BatchNorm::new(m).expect("m ≥ 1") };
        let before = layer.trace(&x).expect("fits");
        let after = layer.trace(&(&x * scale + shift)).expect("fits");
        // Two nearly equal numbers in a batch of two have a variance near ε.
        prop_assume!(before.variance.iter().all(|v| *v > 1e-4));
        let error = (&before.outputs * scale.signum() - &after.outputs).mapv(f64::abs);
        prop_assert!(error.iter().all(|e| *e < 1e-5), "{error}");
    }

    /// The derivative by the batch sums to 0 over it and is orthogonal to the normalised batch: shifts and scales
    /// change nothing (the second up to ε).
    #[test]
    fn derivatives_know_what_does_not_matter(
        (b, m) in (2_usize..12, 1_usize..5),
        seed in 0_u64..10_000,
    ) {
        let rng = &mut stream(seed, "batch", 0);
        let (x, v) = (gaussian(b, m, rng).expect("valid"), gaussian(b, m, rng).expect("valid"));
        let layer = BatchNorm { epsilon: 1e-12, ..BatchNorm::new(m).expect("m ≥ 1") };
        let trace = layer.trace(&x).expect("fits");
        prop_assume!(trace.variance.iter().all(|v| *v > 1e-4));
        let slope = layer.backward(&trace, &v).expect("fits").inputs;
        let sums = slope.sum_axis(Axis(0));
        let products = (&slope * &trace.normalised).sum_axis(Axis(0));
        prop_assert!(sums.iter().all(|s| s.abs() < 1e-9), "{sums}");
        prop_assert!(products.iter().all(|s| s.abs() < 1e-5), "{products}");
    }

    /// Hidden weights may be scaled as one likes: a training pass gives the same outputs, and the gradient by them
    /// shrinks by the same factor. This is why the learning rate matters less.
    #[test]
    fn a_normalised_network_forgets_the_scale_of_its_weights(
        scale in 0.2_f64..5.0,
        n in 3_usize..10,
        seed in 0_u64..10_000,
    ) {
        let settings = MlpSettings {
            activation: Activation::Tanh,
            ..MlpSettings::of_sizes(&[4, 6, 5, 2])
        };
        let mut net = NormalisedMlp::new(&settings, 0.1, &mut stream(seed, "net", 0)).expect("valid");
        for norm in &mut net.norms {
            norm.epsilon = 1e-12;
        }
        let mut scaled = net.clone();
        scaled.net.layers[0].weights *= scale;
        let x = gaussian(n, 4, &mut stream(seed, "inputs", 0)).expect("valid");
        let y = Array2::from_shape_fn((n, 2), |(i, j)| f64::from(u8::from(i % 2 == j)));
        let [a, b] = [&net, &scaled].map(|net| net.trace(&x).expect("fits"));
        prop_assume!(a.norms.iter().all(|norm| norm.variance.iter().all(|v| *v > 1e-3)));
        prop_assert!((&a.outputs - &b.outputs).iter().all(|e| e.abs() < 1e-6));
        let [a, b] = [&net, &scaled].map(|net| {
            let gradient = net.gradient(&x, &y, Loss::CrossEntropy).expect("fits");
            gradient.layers[0].weights.clone()
        });
        prop_assert!((&a - &(&b * scale)).iter().all(|e| e.abs() < 1e-5));
    }
}

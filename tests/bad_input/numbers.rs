//! Functions of single numbers and counts: any of them, in any combination.

use dltheory::data::Dataset;
use dltheory::data::synthetic::{gaussian, noise, uniform_cube, unit_ball, unit_sphere};
use dltheory::data::{flip_labels, one_hot, train_test_split};
use dltheory::fit::train::Outcome;
use dltheory::fit::{TrainSettings, ridge, train};
use dltheory::measure::propagation::predict;
use dltheory::measure::{
    Complexity, IsotropicProblem, Scaling, cover_probability, gaussian_moments, generalisation_gap,
    isotropic_risk, isotropic_risk_variance, ln_cover_count, ln_cover_probability,
    marchenko_pastur_stieltjes, norm_bound, ridgeless_curve, separable_fraction,
};
use dltheory::model::{Activation, Init, Kernel, Loss, Mlp, MlpSettings, RandomFeatures};
use dltheory::rng::stream;
use dltheory::stats::exact_power_law;
use dltheory::{Error, Result};
use ndarray::{Array2, array};
use proptest::prelude::*;

use crate::defect::normal;
use crate::table::is_a_sentence;

/// Reals a caller may pass: ordinary ones, and every kind of odd one.
pub(crate) fn real() -> impl Strategy<Value = f64> {
    prop_oneof![
        -3.0..3.0_f64,
        any::<f64>(),
        prop::sample::select(vec![
            0.0,
            -0.0,
            1.0,
            -1.0,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::MAX,
            f64::MIN,
            f64::MIN_POSITIVE,
            1e-300,
            1e300,
        ]),
    ]
}

/// Counts a caller may pass.
pub(crate) fn count() -> impl Strategy<Value = usize> {
    prop_oneof![
        0_usize..6,
        prop::sample::select(vec![50, 1 << 40, usize::MAX / 2, usize::MAX]),
    ]
}

/// An answer is sound: an error that is a sentence, or a number that is not NaN.
pub(crate) fn sound(what: &str, answer: Result<f64>) -> std::result::Result<(), TestCaseError> {
    match answer {
        Ok(value) => prop_assert!(!value.is_nan(), "{what}: {value}"),
        Err(error) => prop_assert!(is_a_sentence(&error), "{what}: {error}"),
    }
    Ok(())
}

fn largest(array: Result<Array2<f64>>) -> Result<f64> {
    array.map(|a| {
        a.iter()
            .fold(0.0, |most, v| if v.is_finite() { most } else { f64::NAN })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn formulas(n in count(), p in count(), a in real(), b in real(), c in real()) {
        sound("isotropic_risk", isotropic_risk(n, p, a, b, c))?;
        sound("isotropic_risk_variance", isotropic_risk_variance(n, p, a, b, c))?;
        sound("marchenko_pastur_stieltjes", marchenko_pastur_stieltjes(a, b))?;
        sound("norm_bound", norm_bound(a, b, n))?;
        for version in [Complexity::Expected, Complexity::Empirical] {
            sound("generalisation_gap", generalisation_gap(a, version, n, b, c))?;
        }
    }

    #[test]
    fn cover(n in 0_usize..300, d in count()) {
        sound("cover_probability", cover_probability(n, d))?;
        sound("ln_cover_probability", ln_cover_probability(n, d))?;
        sound("ln_cover_count", ln_cover_count(n, d))?;
    }

    #[test]
    fn samplers(n in count(), d in count(), sigma in real()) {
        let rng = &mut stream(1, "bad numbers", 0);
        sound("gaussian", largest(gaussian(n, d, rng)))?;
        sound("noise", largest(noise(n, sigma, rng)))?;
        sound("uniform_cube", largest(uniform_cube(n, d, rng)))?;
        sound("unit_sphere", largest(unit_sphere(n, d, rng)))?;
        sound("unit_ball", largest(unit_ball(n, d, rng)))?;
        sound("train_test_split", train_test_split(n.min(1000), d, n, rng).map(|_| 0.0))?;
        sound("flip_labels", largest(flip_labels(&array![[1.0], [-1.0]], sigma, rng)))?;
        let map = RandomFeatures::fourier(n, d, sigma, rng);
        sound("fourier", map.map(|_| 0.0))?;
        sound("relu", RandomFeatures::relu(n, d, rng).map(|_| 0.0))?;
        sound("Mlp::new", Mlp::new(&MlpSettings::of_sizes(&[n, d, 1]), rng).map(|_| 0.0))?;
    }

    #[test]
    fn scalings(m in count(), d in count(), a in real(), b in real(), c in real()) {
        let point = Scaling::of(m, a, b, c);
        sound("Scaling::of", point.map(|at| at.gamma + at.slope()))?;
        let init = Scaling::new(a, b).init(m);
        sound("Scaling::init", init.map(|init| init.first.variance.value(d, m)))?;
        sound("exact_power_law", exact_power_law(&[1.0, a, b], &[1.0, b, c]).map(|law| law.exponent))?;
        for activation in Activation::ALL {
            sound("gaussian_moments", gaussian_moments(activation, a).map(|g| g.value + g.slope))?;
            for init in [Init::HE.with_gain(b), Init::ORTHOGONAL.with_gain(b), Init::two_layer(b, c), Init::e_et_al(c)] {
                let settings = MlpSettings { init, activation, biases: false, sizes: vec![d, 3, m] };
                sound("predict", predict(&settings, a).map(|p| p.backward[0].mean))?;
                sound("Mlp::new", Mlp::new(&settings, &mut stream(1, "scalings", 0)).map(|_| 0.0))?;
            }
        }
    }

    #[test]
    fn one_hots(labels in prop::collection::vec(any::<u8>(), 0..5), classes in 0_usize..300) {
        sound("one_hot", largest(one_hot(&labels, classes)))?;
    }

    #[test]
    fn kernels(sigma in real(), offset in real(), degree in 0_u32..400, layers in 0_usize..2000) {
        let (x, z) = (normal((2, 3), 1), normal((3, 3), 2));
        for kernel in [
            Kernel::Gaussian { sigma },
            Kernel::Laplace { sigma },
            Kernel::Polynomial { degree, offset },
            Kernel::ReluNtk { hidden_layers: layers },
        ] {
            sound(&kernel.label(), largest(kernel.matrix(&x, &z)))?;
        }
    }

    #[test]
    fn penalties(lambda in real()) {
        let fit = ridge(&normal((4, 3), 1), &normal((4, 1), 2), lambda);
        sound("ridge", fit.map(|fit| fit.train_mse))?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn simulations(n in 0_usize..6, d in 0_usize..6, draws in 0_usize..3, a in real(), b in real()) {
        sound("separable_fraction", separable_fraction(n, d, draws, 1).map(|e| e.mean))?;
        let problem = IsotropicProblem { signal: a, noise: b };
        let curve = ridgeless_curve(&problem, n, &[d], draws, 1);
        sound("ridgeless_curve", curve.map(|points| points[0].predicted))?;
    }

    /// A learning rate of any size: trained, refused, or reported as diverged; never a panic or a NaN.
    #[test]
    fn learning_rates(rate in real(), epochs in 0_usize..30, batch in count()) {
        let data = Dataset { x: normal((6, 3), 1), y: normal((6, 1), 2) };
        let net = Mlp::new(&MlpSettings::of_sizes(&[3, 4, 1]), &mut stream(1, "net", 0))?;
        let settings = TrainSettings { loss: Loss::Mse, learning_rate: rate, epochs, batch, ..TrainSettings::default() };
        match train(&net, &data, None, &settings, &mut stream(1, "order", 0)) {
            Ok(trained) => {
                prop_assert!(trained.net.parameters().iter().all(|w| w.is_finite()));
            }
            Err(error) => prop_assert!(is_a_sentence(&error), "{error}"),
        }
    }
}

#[test]
fn a_network_that_diverges_is_reported_with_its_step() {
    let data = Dataset {
        x: normal((6, 3), 1),
        y: normal((6, 1), 2),
    };
    let shape = MlpSettings::of_sizes(&[3, 4, 1]);
    let net = Mlp::new(&shape, &mut stream(1, "net", 0)).expect("a small network");
    let settings = TrainSettings {
        loss: Loss::Mse,
        learning_rate: 1e6,
        ..TrainSettings::default()
    };
    let run = train(&net, &data, None, &settings, &mut stream(1, "order", 0));
    match run {
        Ok(trained) => assert!(
            matches!(trained.outcome, Outcome::Diverged { .. }),
            "{}",
            trained.outcome
        ),
        Err(error) => assert!(matches!(error, Error::Diverged { .. }), "{error}"),
    }
}

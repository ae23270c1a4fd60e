//! First and second derivatives of networks against finite differences, against each other, and in closed form.

use dltheory::data::synthetic::gaussian;
use dltheory::model::{
    Activation, Differentiable, Direction, Init, Loss, Mlp, Mlp32, MlpSettings, NormalisedMlp,
};
use dltheory::rng::stream;
use ndarray::{Array1, Array2, Axis, array};

/// Numbers of order 1 that are not special.
fn noise(n: usize, d: usize, index: u64) -> Array2<f64> {
    gaussian(n, d, &mut stream(7, "derivatives", index)).expect("not empty")
}

fn settings(activation: Activation, sizes: &[usize], biases: bool) -> MlpSettings {
    MlpSettings {
        activation,
        biases,
        init: Init {
            bias_std: 0.3,
            ..Init::HE
        },
        ..MlpSettings::of_sizes(sizes)
    }
}

fn plain(activation: Activation, biases: bool) -> Mlp {
    let settings = settings(activation, &[3, 5, 4, 2], biases);
    let mut net = Mlp::new(&settings, &mut stream(7, "net", 0)).expect("valid");
    // Constants outside the weights take part.
    net.layers[0].multiplier = 0.7;
    net.layers[2].multiplier = 1.3;
    net
}

fn normalised(activation: Activation, outputs: usize) -> NormalisedMlp {
    let settings = settings(activation, &[3, 5, 4, outputs], true);
    let net = NormalisedMlp::new(&settings, 0.1, &mut stream(7, "normalised", 0)).expect("valid");
    // γ = 1 and β = 0 would hide mistakes.
    let off = noise(1, net.parameters().len(), 9).remove_axis(Axis(0)) * 0.3;
    let moved = net.parameters() + off;
    net.with_parameters(&moved.to_vec()).expect("as many")
}

/// What differs between the two kinds of networks here.
trait Net: Differentiable<Number = f64> {
    fn flat(&self) -> Array1<f64>;
    fn at(&self, parameters: &Array1<f64>) -> Self;
}

impl Net for Mlp {
    fn flat(&self) -> Array1<f64> {
        self.parameters()
    }
    fn at(&self, parameters: &Array1<f64>) -> Self {
        self.with_parameters(&parameters.to_vec()).expect("as many")
    }
}

impl Net for NormalisedMlp {
    fn flat(&self) -> Array1<f64> {
        self.parameters()
    }
    fn at(&self, parameters: &Array1<f64>) -> Self {
        self.with_parameters(&parameters.to_vec()).expect("as many")
    }
}

/// The derivative of `f` along (θ̇, ẋ): central differences with h and h/2, and from the two what no term in h² is left
/// in. At this h what is left is of order 10⁻¹¹, both of terms in h⁴ (behind a batch normalisation fifth derivatives are
/// of order 10⁷) and of rounding, ε/h.
fn along<N: Net, R>(
    net: &N,
    x: &Array2<f64>,
    direction: Direction<'_, f64>,
    f: impl Fn(&N, &Array2<f64>) -> R,
) -> R
where
    R: std::ops::Sub<Output = R> + std::ops::Mul<f64, Output = R>,
{
    let h = 3e-5;
    let moved = |by: f64| {
        let parameters = net.flat() + &(direction.parameters.to_owned() * by);
        f(
            &net.at(&parameters),
            &(x + &(direction.inputs.to_owned() * by)),
        )
    };
    let central = |h: f64| (moved(h) - moved(-h)) * (0.5 / h);
    central(h / 2.0) * (4.0 / 3.0) - central(h) * (1.0 / 3.0)
}

/// How far apart two arrays are, as a share of the second one's size.
fn apart<D: ndarray::Dimension>(a: &ndarray::Array<f64, D>, b: &ndarray::Array<f64, D>) -> f64 {
    let norm = |a: &ndarray::Array<f64, D>| a.iter().map(|v| v * v).sum::<f64>().sqrt();
    norm(&(a - b)) / norm(b)
}

/// A pass, its derivatives backward and along a direction, and the derivatives of those.
fn check<N: Net>(net: &N, x: &Array2<f64>, name: &str) {
    let (n, k, p) = (x.nrows(), net.n_outputs(), net.n_parameters());
    let (v, rate) = (noise(n, k, 1), noise(n, k, 2));
    let (theta, u) = (noise(1, p, 3).remove_axis(Axis(0)), noise(n, 3, 4));
    let direction = Direction {
        parameters: &theta,
        inputs: &u,
    };
    let checked = net.checked().expect("sound");
    let trace = checked.trace(x).expect("fits");
    let back = checked.vjp(&trace, &v).expect("fits");
    let forward = checked.jvp(&trace, direction).expect("fits");

    let outputs = |net: &N, x: &Array2<f64>| {
        let trace = net.checked().expect("sound").trace(x).expect("fits");
        N::outputs(&trace).clone()
    };
    let numeric = along(net, x, direction, outputs);
    assert!(apart(&forward, &numeric) < 1e-8, "{name}: jvp");

    // v·(J u) = (Jᵀ v)·u.
    let (left, right) = (
        (&v * &forward).sum(),
        back.parameters.dot(&theta) + (&back.inputs * &u).sum(),
    );
    assert!(
        (left - right).abs() < 1e-11 * left.abs().max(1.0),
        "{name}: {left} {right}"
    );

    // Each entry of Jᵀv on its own.
    for index in 0..p {
        let mut unit = Array1::zeros(p);
        unit[index] = 1.0;
        let still = Array2::zeros((n, 3));
        let direction = Direction {
            parameters: &unit,
            inputs: &still,
        };
        let slope = along(net, x, direction, |net, x| (outputs(net, x) * &v).sum());
        assert!(
            (slope - back.parameters[index]).abs() < 1e-8,
            "{name}: parameter {index}"
        );
    }
    for index in 0..3 * n {
        let mut unit = Array2::zeros((n, 3));
        unit[[index / 3, index % 3]] = 1.0;
        let direction = Direction {
            parameters: &Array1::zeros(p),
            inputs: &unit,
        };
        let slope = along(net, x, direction, |net, x| (outputs(net, x) * &v).sum());
        let exact = back.inputs[[index / 3, index % 3]];
        assert!((slope - exact).abs() < 1e-8, "{name}: input {index}");
    }

    // The way back, differentiated along the direction, at rest and with a moving cotangent.
    let bent = checked
        .vjp_rate(&trace, direction, &v, &rate)
        .expect("fits");
    let vjp = |net: &N, x: &Array2<f64>, v: &Array2<f64>| {
        let checked = net.checked().expect("sound");
        checked
            .vjp(&checked.trace(x).expect("fits"), v)
            .expect("fits")
    };
    let of_rate = checked.vjp(&trace, &rate).expect("fits");
    let numeric =
        along(net, x, direction, |net, x| vjp(net, x, &v).parameters) + of_rate.parameters;
    assert!(
        apart(&bent.parameters, &numeric) < 1e-7,
        "{name}: rate by parameters"
    );
    let numeric = along(net, x, direction, |net, x| vjp(net, x, &v).inputs) + of_rate.inputs;
    assert!(
        apart(&bent.inputs, &numeric) < 1e-7,
        "{name}: rate by inputs"
    );
}

#[test]
fn passes_and_their_derivatives_are_those_of_finite_differences() {
    for activation in [Activation::Tanh, Activation::Quadratic, Activation::Linear] {
        for biases in [true, false] {
            check(
                &plain(activation, biases),
                &noise(4, 3, 0),
                &format!("{activation}, {biases}"),
            );
        }
        check(
            &normalised(activation, 2),
            &noise(6, 3, 0),
            &format!("normalised {activation}"),
        );
    }
    // Away from its kinks a ReLU network is smooth too.
    check(&plain(Activation::Relu, true), &noise(4, 3, 0), "relu");
}

/// The losses as cotangents give what the losses' own gradients give.
#[test]
fn losses_are_cotangents() {
    let x = noise(6, 3, 0);
    let y = Array2::from_shape_fn((6, 2), |(i, j)| f64::from(u8::from(i % 2 == j)));
    for loss in [Loss::Mse, Loss::CrossEntropy, Loss::Hinge] {
        let net = plain(Activation::Relu, true);
        let (value, vjp) = net
            .checked()
            .expect("sound")
            .loss_gradient(&x, &y, loss)
            .expect("fits");
        let other = net.gradient(&x, &y, loss).expect("fits");
        assert_eq!(value, other.loss);
        assert!(apart(&vjp.parameters, &other.flat()) < 1e-13, "{loss}");
        let by_inputs = net.input_gradient(&x, &y, loss).expect("fits") / 6.0;
        assert!(apart(&vjp.inputs, &by_inputs) < 1e-13, "{loss}");

        let net = normalised(Activation::Relu, 2);
        let (value, vjp) = net
            .checked()
            .expect("sound")
            .loss_gradient(&x, &y, loss)
            .expect("fits");
        let other = net.gradient(&x, &y, loss).expect("fits");
        assert_eq!(value, other.loss);
        assert!(apart(&vjp.parameters, &other.flat()) < 1e-13, "{loss}");
    }
}

/// H v is the change of the gradient along v, and H is symmetric.
fn check_hessian<N: Net>(net: &N, x: &Array2<f64>, name: &str) {
    let y = Array2::from_shape_fn((x.nrows(), 2), |(i, j)| f64::from(u8::from(i % 2 == j)));
    let p = net.n_parameters();
    let [u, v] = [5, 6].map(|index| noise(1, p, index).remove_axis(Axis(0)));
    for loss in [Loss::Mse, Loss::CrossEntropy] {
        let times = |v: &Array1<f64>| {
            let checked = net.checked().expect("sound");
            checked.hessian_vector(x, &y, loss, v).expect("fits")
        };
        let direction = Direction {
            parameters: &v,
            inputs: &Array2::zeros(x.raw_dim()),
        };
        let gradient = |net: &N, x: &Array2<f64>| {
            let checked = net.checked().expect("sound");
            checked
                .loss_gradient(x, &y, loss)
                .expect("fits")
                .1
                .parameters
        };
        let numeric = along(net, x, direction, gradient);
        let exact = times(&v);
        assert!(apart(&exact, &numeric) < 1e-7, "{name}, {loss}");
        let (one, other) = (u.dot(&exact), v.dot(&times(&u)));
        assert!(
            (one - other).abs() < 1e-10 * one.abs().max(1.0),
            "{name}, {loss}: {one} {other}"
        );
    }
}

#[test]
fn hessian_vector_products_are_those_of_finite_differences() {
    for activation in [Activation::Tanh, Activation::Quadratic] {
        check_hessian(
            &plain(activation, true),
            &noise(4, 3, 0),
            &format!("{activation}"),
        );
        check_hessian(
            &normalised(activation, 2),
            &noise(6, 3, 0),
            &format!("normalised {activation}"),
        );
    }
}

/// The penalty and its gradient against finite differences of the penalty.
fn check_penalty<N: Net>(net: &N, x: &Array2<f64>, name: &str) {
    let penalty = |net: &N, x: &Array2<f64>| {
        let checked = net.checked().expect("sound");
        checked.gradient_penalty(x, 1.0).expect("fits")
    };
    let exact = penalty(net, x);
    for index in [7, 8, 9] {
        let theta = noise(1, net.n_parameters(), index).remove_axis(Axis(0));
        let u = noise(x.nrows(), 3, index + 10);
        let direction = Direction {
            parameters: &theta,
            inputs: &u,
        };
        let numeric = along(net, x, direction, |net, x| penalty(net, x).value);
        let slope = exact.gradient.parameters.dot(&theta) + (&exact.gradient.inputs * &u).sum();
        assert!(
            (slope - numeric).abs() < 1e-7 * slope.abs().max(1.0),
            "{name}: {slope} {numeric}"
        );
    }
    // The norms are those of input gradients, each entry by its own difference.
    let still = Array1::zeros(net.n_parameters());
    let sum = |net: &N, x: &Array2<f64>| {
        let trace = net.checked().expect("sound").trace(x).expect("fits");
        N::outputs(&trace).sum()
    };
    let rows = Array2::from_shape_fn(x.raw_dim(), |at| {
        let mut unit = Array2::zeros(x.raw_dim());
        unit[at] = 1.0;
        let direction = Direction {
            parameters: &still,
            inputs: &unit,
        };
        along(net, x, direction, sum)
    });
    let norms = rows.map_axis(Axis(1), |row| row.dot(&row).sqrt());
    assert!(apart(&exact.norms, &norms) < 1e-9, "{name}");
}

#[test]
fn gradient_penalties_reach_the_parameters() {
    let one = settings(Activation::Tanh, &[3, 6, 5, 1], true);
    let net = Mlp::new(&one, &mut stream(7, "critic", 0)).expect("valid");
    check_penalty(&net, &noise(5, 3, 0), "plain");
    check_penalty(
        &normalised(Activation::Tanh, 1),
        &noise(6, 3, 0),
        "normalised",
    );

    // f = w·x with ‖w‖ = 5: the penalty is (5 − 1)² and its gradient 2(5 − 1) w/5, whatever x.
    let mut linear = Mlp::new(
        &settings(Activation::Linear, &[2, 1], false),
        &mut stream(7, "linear", 0),
    )
    .expect("valid");
    linear.layers[0].weights = array![[3.0, -4.0]];
    let checked = linear.checked().expect("sound");
    let penalty = checked
        .gradient_penalty(&array![[1.0, 7.0], [0.0, 0.0]], 1.0)
        .expect("fits");
    assert!((penalty.value - 16.0).abs() < 1e-13);
    assert!(apart(&penalty.gradient.parameters, &array![4.8, -6.4]) < 1e-14);
    // No gradient at all: no direction to grow in.
    linear.layers[0].weights.fill(0.0);
    let flat = linear
        .checked()
        .expect("sound")
        .gradient_penalty(&array![[1.0, 7.0]], 1.0)
        .expect("fits");
    assert_eq!((flat.value, flat.gradient.parameters.sum()), (1.0, 0.0));
}

#[test]
fn single_precision_agrees() {
    let settings = settings(Activation::Tanh, &[3, 5, 4, 2], true);
    let double = Mlp::new(&settings, &mut stream(7, "both", 0)).expect("valid");
    let single = Mlp32::new(&settings, &mut stream(7, "both", 0)).expect("valid");
    let (x, y) = (noise(4, 3, 0), noise(4, 2, 1));
    let v = noise(1, double.n_parameters(), 2).remove_axis(Axis(0));
    let to = |a: &Array2<f64>| a.mapv(|v| v as f32);
    let exact = double
        .checked()
        .expect("sound")
        .hessian_vector(&x, &y, Loss::Mse, &v)
        .expect("fits");
    let rough = single
        .checked()
        .expect("sound")
        .hessian_vector(&to(&x), &to(&y), Loss::Mse, &v.mapv(|v| v as f32))
        .expect("fits");
    assert!(apart(&rough.mapv(f64::from), &exact) < 1e-5);
}

#[test]
fn what_does_not_fit_is_refused() {
    let (net, x) = (plain(Activation::Tanh, true), noise(4, 3, 0));
    let checked = net.checked().expect("sound");
    let trace = checked.trace(&x).expect("fits");
    let argument = |error: dltheory::Error| error.argument().unwrap_or_default().to_owned();
    assert_eq!(
        argument(checked.trace(&noise(4, 2, 0)).expect_err("width")),
        "the inputs"
    );
    assert_eq!(
        argument(checked.vjp(&trace, &noise(3, 2, 0)).expect_err("rows")),
        "the cotangent"
    );
    let broken = array![[f64::NAN, 0.0]];
    let one = checked.trace(&noise(1, 3, 0)).expect("fits");
    assert_eq!(
        argument(checked.vjp(&one, &broken).expect_err("NaN")),
        "the cotangent"
    );
    let short = Array1::zeros(3);
    let direction = Direction {
        parameters: &short,
        inputs: &x,
    };
    assert_eq!(
        argument(checked.jvp(&trace, direction).expect_err("length")),
        "the direction of the parameters"
    );
    let hessian = checked.hessian_vector(&x, &noise(4, 2, 1), Loss::Mse, &short);
    assert!(hessian.is_err());
    assert_eq!(
        argument(checked.gradient_penalty(&x, 1.0).expect_err("two outputs")),
        "the number of outputs"
    );

    let mut sick = net.clone();
    sick.layers[1].weights[[0, 0]] = f64::NAN;
    assert!(sick.checked().is_err());
    let other = normalised(Activation::Tanh, 2);
    assert!(
        other
            .checked()
            .expect("sound")
            .trace(&noise(1, 3, 0))
            .is_err()
    );
    let mut wrong = other.checked().expect("sound").trace(&x).expect("fits");
    wrong.h.pop();
    assert!(
        other
            .checked()
            .expect("sound")
            .vjp(&wrong, &noise(4, 2, 0))
            .is_err()
    );
}

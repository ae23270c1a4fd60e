//! Networks: gradients by other routes, training against known solutions, and bad input.

use std::ops::ControlFlow;

use dltheory::data::{self, Dataset};
use dltheory::engine;
use dltheory::fit::train::{
    EarlyStopping, Monitor, Outcome, TrainSettings, TrainedOf, evaluate, train, train_with,
};
use dltheory::fit::{min_norm, ridge};
use dltheory::model::{Activation, Init, Loss, Mlp, Mlp32, MlpOf, MlpSettings};
use dltheory::optimise::{Adam, Momentum, Optimiser, Schedule};
use dltheory::real::Real;
use dltheory::rng::{Rng, stream};
use ndarray::{Array1, Array2, Axis, s};
use proptest::prelude::*;
use rand::seq::SliceRandom;
use rand_distr::{Distribution, StandardNormal};

fn rng(index: u64) -> Rng {
    stream(5, "mlp test", index)
}

fn gaussian(rows: usize, columns: usize, index: u64) -> Array2<f64> {
    let rng = &mut rng(1000 + index);
    Array2::from_shape_simple_fn((rows, columns), || StandardNormal.sample(rng))
}

/// Targets that suit a loss, and how many outputs they need.
fn targets(loss: Loss, n: usize, many: bool) -> Array2<f64> {
    let classes = Array2::from_shape_fn((n, 3), |(i, j)| f64::from(u8::from(i % 3 == j)));
    let signs = Array2::from_shape_fn((n, 1), |(i, _)| if i % 3 == 0 { 1.0 } else { -1.0 });
    match loss {
        Loss::Mse => gaussian(n, if many { 3 } else { 1 }, 7),
        Loss::CrossEntropy => classes,
        Loss::Hinge if many => classes,
        Loss::Hinge | Loss::Logistic => signs,
    }
}

/// A network with biases that are not 0 and multipliers that are not 1.
fn network(activation: Activation, hidden: &[usize], outputs: usize, biases: bool) -> Mlp {
    let init = Init {
        bias_std: 0.3,
        ..Init::NTK_PARAMETRISED
    };
    let settings = MlpSettings {
        sizes: [&[4], hidden, &[outputs]].concat(),
        activation,
        biases,
        init,
    };
    Mlp::new(&settings, &mut rng(hidden.len() as u64)).expect("valid")
}

fn all_cases() -> impl Iterator<Item = (Activation, Loss, Vec<usize>, bool, bool)> {
    let depths = [vec![], vec![5], vec![5, 6]];
    Activation::ALL.into_iter().flat_map(move |activation| {
        let depths = depths.clone();
        Loss::ALL.into_iter().flat_map(move |loss| {
            depths.clone().into_iter().flat_map(move |hidden| {
                let choices = [(false, false), (true, true)];
                choices.map(|(biases, many)| (activation, loss, hidden.clone(), biases, many))
            })
        })
    })
}

/// The gradient and the input gradient against central differences, one number at a time.
///
/// With h = 10⁻⁵ a central difference errs by h²|L'''|/6, at most 10⁻¹⁰·|L'''|/6 with third
/// derivatives up to about 10², and by rounding, about ε·|L|/h ≤ 10⁻¹⁰ for losses below 5. The
/// bound 10⁻⁸·max(1, largest derivative) leaves a factor of five. Where a ReLU or a hinge changes sides
/// between the two points there is no derivative to compare with; that must be rare.
#[test]
fn gradients_are_those_of_the_loss() {
    let h = 1e-5;
    let (mut compared, mut skipped) = (0, 0);
    for (activation, loss, hidden, biases, many) in all_cases() {
        let n = 6;
        let (x, y) = (gaussian(n, 4, 3), targets(loss, n, many));
        let net = network(activation, &hidden, y.ncols(), biases);
        let name = format!("{activation} {loss} {hidden:?} biases {biases}");
        let mean = |net: &Mlp, x: &Array2<f64>| {
            let outputs = net.forward(x).expect("valid");
            loss.mean(&outputs, &y).expect("valid")
        };
        // Which side of its kink every ReLU and every margin is on.
        let sides = |net: &Mlp, x: &Array2<f64>| -> Vec<bool> {
            let trace = net.trace(x).expect("valid");
            let slopes = loss.derivative(trace.outputs(), &y).expect("valid");
            let kinks = trace.z.iter().take(hidden.len()).flatten();
            let relu = kinks
                .map(|z| *z > 0.0)
                .filter(|_| activation == Activation::Relu);
            let hinge = slopes
                .iter()
                .map(|v| *v == 0.0)
                .filter(|_| loss == Loss::Hinge);
            relu.chain(hinge).collect()
        };
        let mut check =
            |what: &str, exact: &Array1<f64>, at: &dyn Fn(usize, f64) -> (Mlp, Array2<f64>)| {
                let scale = exact.iter().fold(1.0, |most: f64, g| most.max(g.abs()));
                for (index, exact) in exact.iter().enumerate() {
                    let ((net1, x1), (net2, x2)) = (at(index, h), at(index, -h));
                    if sides(&net1, &x1) != sides(&net2, &x2) {
                        skipped += 1;
                        continue;
                    }
                    compared += 1;
                    let numeric = (mean(&net1, &x1) - mean(&net2, &x2)) / (2.0 * h);
                    let error = (numeric - exact).abs() / scale;
                    assert!(error < 1e-8, "{name}, {what} {index}: {numeric} {exact}");
                }
            };
        let gradient = net.gradient(&x, &y, loss).expect("valid");
        assert!((gradient.loss - mean(&net, &x)).abs() < 1e-14);
        check("parameter", &gradient.flat(), &|index, by| {
            let mut moved = net.parameters();
            moved[index] += by;
            let moved = moved.as_slice().expect("contiguous");
            (net.with_parameters(moved).expect("as many"), x.clone())
        });
        // Row i holds the derivative of example i's own loss, n times that of the mean.
        let by_input = net.input_gradient(&x, &y, loss).expect("valid") / n as f64;
        check("input", &by_input.flatten().to_owned(), &|index, by| {
            let mut moved = x.clone();
            moved.as_slice_mut().expect("contiguous")[index] += by;
            (net.clone(), moved)
        });
    }
    assert!(
        compared > 5000 && skipped * 100 < compared,
        "{compared} compared, {skipped} skipped"
    );
}

/// Every way to a single example's derivative gives the same numbers, up to rounding.
#[test]
fn single_examples_add_up() {
    for (activation, loss, hidden, biases, many) in all_cases() {
        let n = 5;
        let (x, y) = (gaussian(n, 4, 8), targets(loss, n, many));
        let net = network(activation, &hidden, y.ncols(), biases);
        let name = format!("{activation} {loss} {hidden:?} biases {biases}");
        let near = |a: &Array1<f64>, b: &Array1<f64>, what: &str| {
            let scale = b.iter().fold(1.0, |most: f64, v| most.max(v.abs()));
            let error = (a - b).iter().fold(0.0, |most: f64, v| most.max(v.abs()));
            assert!(error < 1e-12 * scale, "{name}, {what}: {error}");
        };
        let each = net.loss_gradients(&x, &y, loss).expect("valid");
        let rows = each.jacobian().expect("small");
        let batch = net.gradient(&x, &y, loss).expect("valid").flat();
        near(
            &rows.mean_axis(Axis(0)).expect("n ≥ 1"),
            &batch,
            "mean over examples",
        );
        for i in 0..n {
            let (xi, yi) = (x.slice(s![i..=i, ..]), y.slice(s![i..=i, ..]));
            let alone = net.gradient(&xi, &yi, loss).expect("valid").flat();
            near(&rows.row(i).to_owned(), &alone, "one example alone");
        }

        let other = net.output_gradients(&gaussian(3, 4, 9), 0).expect("valid");
        let kernel = each.inner_products(&other).expect("same network");
        let explicit = rows.dot(&other.jacobian().expect("small").t());
        near(
            &kernel.flatten().to_owned(),
            &explicit.flatten().to_owned(),
            "inner products",
        );
        let norms = each.squared_norms().expect("valid");
        near(
            &norms,
            &rows.map_axis(Axis(1), |row| row.dot(&row)),
            "norms",
        );

        // ∂f_j/∂x, weighted by ∂ℓ/∂f_j and summed over j, is ∂ℓ/∂x.
        let jacobian = net.input_jacobian(&x).expect("valid");
        let slope = loss
            .derivative(&net.forward(&x).expect("valid"), &y)
            .expect("valid");
        let by_input = net.input_gradient(&x, &y, loss).expect("valid");
        for i in 0..n {
            let chain = slope.row(i).dot(&jacobian.index_axis(Axis(0), i));
            near(&chain, &by_input.row(i).to_owned(), "chain rule");
        }
        let first = net.output_input_gradient(&x, 0).expect("valid");
        assert_eq!(first, jacobian.index_axis(Axis(1), 0));
    }
}

/// Training takes the steps that the public gradient says, over whole and cut batches.
#[test]
fn training_steps_are_the_gradient_s() {
    let _single = engine::single_thread();
    for (activation, loss, hidden, biases, many) in all_cases() {
        let n = 10;
        let data = Dataset::new(0.5 * gaussian(n, 4, 11), targets(loss, n, many)).expect("same n");
        let start = network(activation, &hidden, data.y.ncols(), biases);
        for batch in [4, n] {
            let (rate, beta, decay) = (1e-3, 0.5, 0.1);
            let settings = TrainSettings {
                loss,
                optimiser: Optimiser::Sgd(Momentum {
                    beta,
                    nesterov: false,
                    weight_decay: decay,
                }),
                learning_rate: rate,
                schedule: Schedule::InverseTime { scale: 3.0 },
                epochs: 3,
                batch,
                ..TrainSettings::default()
            };
            let trained = train(&start, &data, None, &settings, &mut rng(1)).expect("valid");
            let (mut order, mut rng) = ((0..n).collect::<Vec<_>>(), rng(1));
            let mut theta = start.parameters();
            let mut velocity = Array1::zeros(theta.len());
            let mut step = 0.0;
            for _ in 0..3 {
                if batch < n {
                    order.shuffle(&mut rng);
                }
                for rows in order.chunks(batch) {
                    let part = data.select(rows).expect("in range");
                    let net = start.with_parameters(theta.as_slice().expect("contiguous"));
                    let gradient = net.expect("finite").gradient(&part.x, &part.y, loss);
                    velocity *= beta;
                    velocity += &(gradient.expect("valid").flat() + decay * &theta);
                    theta.scaled_add(-rate / (1.0 + step / 3.0), &velocity);
                    step += 1.0;
                }
            }
            let error = (&theta - &trained.net.parameters()).mapv(f64::abs).sum();
            let name = format!("{activation} {loss} {hidden:?} biases {biases} batch {batch}");
            assert!(error < 1e-11, "{name}: {error}");
            let score = evaluate(&trained.net, &data, loss).expect("valid");
            assert_eq!(
                Some(score),
                trained.history.last().map(|r| r.train),
                "{name}"
            );
            let outputs = trained.net.forward(&data.x).expect("valid");
            let mean = loss.mean(&outputs, &data.y).expect("valid");
            assert!((mean - score.loss).abs() < 1e-13 * mean.max(1.0), "{name}");
        }
    }
}

/// One linear layer and squared error is least squares: descent from 0 ends at the minimum-norm
/// solution, and with weight decay λ at ridge with penalty nλ/2.
#[test]
fn one_linear_layer_is_least_squares() {
    let data = Dataset::new(gaussian(6, 10, 12) * 0.5, gaussian(6, 2, 13)).expect("same n");
    let settings = MlpSettings {
        biases: false,
        init: Init::normal(0.0),
        ..MlpSettings::of_sizes(&[10, 2])
    };
    let start = Mlp::new(&settings, &mut rng(0)).expect("valid");
    for decay in [0.0, 0.2] {
        let settings = TrainSettings {
            loss: Loss::Mse,
            optimiser: Optimiser::Sgd(Momentum {
                beta: 0.9,
                nesterov: true,
                weight_decay: decay,
            }),
            learning_rate: 0.3,
            epochs: 4000,
            batch: 6,
            record_every: 1000,
            ..TrainSettings::default()
        };
        let trained = train(&start, &data, None, &settings, &mut rng(0)).expect("valid");
        // The loss is the mean over n·k entries: its penalty is λ/2 over 1/(nk).
        let fit = match decay {
            0.0 => min_norm(&data.x, &data.y, None),
            _ => ridge(&data.x, &data.y, 6.0 * 2.0 * decay / 2.0),
        };
        let exact = fit.expect("valid").weights;
        let error = (&trained.net.layers[0].weights.t() - &exact)
            .mapv(f64::abs)
            .sum();
        assert!(error < 1e-10, "decay {decay}: {error}");
        assert_eq!(trained.history.epochs(), [0, 1000, 2000, 3000, 4000]);
    }
}

fn digits(n: usize) -> Dataset {
    let images = data::mnist_sample().expect("built in");
    let x = images
        .pixels
        .slice(s![..n, ..])
        .mapv(|pixel| f64::from(pixel) / 255.0);
    let y = data::one_hot(&images.labels[..n], 10).expect("ten classes");
    Dataset::new(x, y).expect("same n")
}

fn train_digits<T: Real>(seed: u64) -> TrainedOf<T> {
    let _single = engine::single_thread();
    let data = digits(1200);
    let rows: Vec<usize> = (0..1200).collect();
    let part = data.select(&rows[..1000]).expect("in range");
    let test = data.select(&rows[1000..]).expect("in range");
    let net = MlpOf::<T>::new(&MlpSettings::of_sizes(&[784, 64, 10]), &mut rng(seed));
    let settings = TrainSettings {
        epochs: 6,
        batch: 50,
        ..TrainSettings::default()
    };
    let net = net.expect("valid");
    train(&net, &part, Some(&test), &settings, &mut rng(seed)).expect("valid")
}

#[test]
fn digits_are_learned_the_same_way_each_time() {
    let (once, again) = (train_digits::<f64>(1), train_digits::<f64>(1));
    assert_eq!(once.net, again.net);
    assert_eq!(once.history.train_loss(), again.history.train_loss());
    assert_ne!(once.net, train_digits::<f64>(2).net);

    let last = once.history.last().expect("recorded");
    let (train, test) = (last.train.error, last.test.and_then(|score| score.error));
    assert!(train.is_some_and(|error| error <= 0.05), "{last:?}");
    // 200 digits, 1,000 to learn from: far better than the 90 % of guessing.
    assert!(test.is_some_and(|error| error <= 0.20), "{last:?}");
    assert_eq!((once.outcome, once.epoch), (Outcome::Finished, 6));
    assert_eq!(once.history.epochs(), [0, 1, 2, 3, 4, 5, 6]);
}

/// f32 carries 6·10⁻⁸ of rounding a step; 120 steps of a smooth run stay within 10⁻³.
#[test]
fn both_types_train_alike() {
    let (double, single) = (train_digits::<f64>(1), train_digits::<f32>(1));
    let pairs = double
        .history
        .train_loss()
        .into_iter()
        .zip(single.history.train_loss());
    for (a, b) in pairs {
        assert!((a - b).abs() < 1e-3 * a, "{a} {b}");
    }
    let x = digits(20).x;
    let outputs = double.net.forward(&x).expect("valid");
    let rounded = single.net.forward(&x.mapv(|v| v as f32)).expect("valid");
    let error = (outputs - rounded.mapv(f64::from)).mapv(f64::abs).sum() / 200.0;
    assert!(error < 1e-3, "{error}");
}

/// Whatever the step, nothing that is not finite comes back.
fn diverges<T: Real>(activation: Activation, loss: Loss, optimiser: Optimiser, rate: f64) {
    let data = Dataset::new(gaussian(8, 4, 20), targets(loss, 8, false)).expect("same n");
    let settings = MlpSettings {
        sizes: vec![4, 6, 6, data.y.ncols()],
        activation,
        ..MlpSettings::default()
    };
    let start = MlpOf::<T>::new(&settings, &mut rng(3)).expect("valid");
    let settings = TrainSettings {
        loss,
        optimiser,
        learning_rate: rate,
        epochs: 3000,
        batch: 4,
        record_every: 7,
        snapshots: vec![0, 1, 2, 50],
        ..TrainSettings::default()
    };
    let trained = train(&start, &data, None, &settings, &mut rng(3)).expect("not an error");
    let name = format!("{activation} {loss} {rate}");
    let Outcome::Diverged { epoch, step, loss } = trained.outcome else {
        panic!("{name}: {}", trained.outcome)
    };
    assert!(epoch >= 1 && step <= 2 * epoch, "{name}: {epoch} {step}");
    assert!(loss.is_nan() || loss >= 1e6, "{name}: {loss}");
    assert!(
        trained.net.parameters().iter().all(|p| p.is_finite()),
        "{name}"
    );
    let last = trained.history.last().expect("epoch 0 at least");
    assert!(
        last.train.loss.is_finite() && last.epoch == trained.epoch,
        "{name}"
    );
    let finite = |net: &MlpOf<T>| net.parameters().iter().all(|p| p.is_finite());
    assert!(
        trained.snapshots.iter().all(|(_, net)| finite(net)),
        "{name}"
    );
    assert_eq!(trained.snapshots[0].1, start);
}

#[test]
fn divergence_is_reported_and_never_passed_on() {
    for activation in Activation::ALL {
        for rate in [1e3, 1e30, 1e300] {
            diverges::<f64>(activation, Loss::Mse, Optimiser::sgd(), rate);
        }
        diverges::<f32>(activation, Loss::Mse, Optimiser::default(), 1e3);
        diverges::<f32>(activation, Loss::Mse, Optimiser::default(), 1e30);
    }
    diverges::<f64>(
        Activation::Linear,
        Loss::CrossEntropy,
        Optimiser::sgd(),
        1e100,
    );
    diverges::<f32>(Activation::Linear, Loss::Hinge, Optimiser::sgd(), 1e20);
    diverges::<f64>(
        Activation::Linear,
        Loss::Logistic,
        Optimiser::adam_w(0.0),
        1e100,
    );
    // ηλ > 2 blows the weights up by the decay alone.
    diverges::<f64>(Activation::Linear, Loss::Mse, Optimiser::adam_w(30.0), 0.1);
}

/// A noisy problem that a large network overfits.
fn overfitting() -> (Mlp, Dataset, Dataset, TrainSettings) {
    let clean = |n, index| -> (Array2<f64>, Array2<f64>) {
        let x = gaussian(n, 5, index);
        let y = x.slice(s![.., ..1]).mapv(f64::signum);
        (x, y)
    };
    let (x, y) = clean(30, 30);
    let noisy = data::flip_labels(&y, 0.2, &mut rng(31)).expect("signs");
    let (xt, yt) = clean(200, 32);
    let net = Mlp::new(&MlpSettings::of_sizes(&[5, 100, 1]), &mut rng(33)).expect("valid");
    let settings = TrainSettings {
        loss: Loss::Logistic,
        learning_rate: 0.2,
        epochs: 200,
        batch: 10,
        ..TrainSettings::default()
    };
    let train = Dataset::new(x, noisy).expect("same n");
    (net, train, Dataset::new(xt, yt).expect("same n"), settings)
}

#[test]
fn early_stopping_gives_back_the_best() {
    let (net, data, test, mut settings) = overfitting();
    let full = train(&net, &data, Some(&test), &settings, &mut rng(4)).expect("valid");
    let best = full.history.best(Monitor::TestLoss).expect("a test set");
    let last = full.history.last().expect("recorded");
    assert_eq!(last.train.error, Some(0.0), "it fits the noise");
    assert!(best.epoch < last.epoch, "and overfits");

    let patience = 20;
    settings.early_stopping = Some(EarlyStopping {
        monitor: Monitor::TestLoss,
        patience,
    });
    let stopped = train(&net, &data, Some(&test), &settings, &mut rng(4)).expect("valid");
    let Outcome::StoppedEarly { epoch } = stopped.outcome else {
        panic!("{}", stopped.outcome)
    };
    assert_eq!(epoch, stopped.epoch + patience);
    let best = stopped.history.best(Monitor::TestLoss).expect("a test set");
    assert_eq!(best.epoch, stopped.epoch);
    let score = evaluate(&stopped.net, &test, Loss::Logistic).expect("valid");
    assert_eq!(Some(score), best.test);
    // The steps are those of the full run, as far as they go.
    let losses = full.history.test_loss();
    assert_eq!(losses[..=epoch], stopped.history.test_loss());
}

#[test]
fn a_run_ends_at_its_target_or_when_its_caller_says() {
    let (net, data, _, mut settings) = overfitting();
    settings.snapshots = vec![0, 3, 10];
    settings.target_loss = Some(0.2);
    let run = train(&net, &data, None, &settings, &mut rng(5)).expect("valid");
    let losses = run.history.train_loss();
    let Outcome::ReachedTarget { epoch } = run.outcome else {
        panic!("{}", run.outcome)
    };
    assert!(losses[epoch] <= 0.2 && losses[..epoch].iter().all(|loss| *loss > 0.2));
    assert_eq!(
        (run.epoch, run.snapshots[0].0, &run.snapshots[0].1),
        (epoch, 0, &net)
    );

    let mut seen = Vec::new();
    let mut hook = |report: &dltheory::fit::train::EpochReport| {
        seen.push(report.epoch);
        match report.epoch {
            4 => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    };
    let run = train_with(&net, &data, None, &settings, &mut hook, &mut rng(5)).expect("valid");
    assert_eq!(run.outcome, Outcome::StoppedByCaller { epoch: 4 });
    assert_eq!((seen, run.epoch), (vec![0, 1, 2, 3, 4], 4));
    assert_eq!(
        run.snapshots.iter().map(|(e, _)| *e).collect::<Vec<_>>(),
        [0, 3]
    );
    let (start, third) = (&run.snapshots[0].1, &run.snapshots[1].1);
    let moved = third.weight_distances(start).expect("same shape");
    assert!(moved.iter().all(|distance| *distance > 0.0));
}

#[test]
fn a_network_whose_weights_are_laid_out_by_columns_trains_the_same() {
    let (net, data, _, mut settings) = overfitting();
    settings.epochs = 3;
    settings.optimiser = Optimiser::Adam(Adam::default());
    let mut turned = net.clone();
    for layer in &mut turned.layers {
        let columns = layer.weights.t().as_standard_layout().into_owned();
        layer.weights = columns.reversed_axes();
    }
    let turned_data = Dataset {
        x: data.x.t().as_standard_layout().into_owned().reversed_axes(),
        y: data.y.clone(),
    };
    let a = train(&net, &data, None, &settings, &mut rng(6)).expect("valid");
    let b = train(&turned, &turned_data, None, &settings, &mut rng(6)).expect("valid");
    assert_eq!(a.net, b.net);
}

/// A number now and then that no computation can take.
fn entry() -> impl Strategy<Value = f64> {
    prop_oneof![40 => -2.0..2.0, 1 => Just(f64::NAN), 1 => Just(f64::INFINITY), 1 => Just(1e300)]
}

fn matrix(rows: usize, columns: usize) -> impl Strategy<Value = Array2<f64>> {
    prop::collection::vec(entry(), rows * columns).prop_map(move |values| {
        Array2::from_shape_vec((rows, columns), values).expect("as many as asked for")
    })
}

fn labels(rows: usize, columns: usize) -> impl Strategy<Value = Array2<f64>> {
    prop::collection::vec(0..columns.max(2), rows).prop_map(move |classes| {
        Array2::from_shape_fn((rows, columns), |(i, j)| match columns {
            1 => 2.0 * classes[i] as f64 - 1.0,
            _ => f64::from(u8::from(classes[i] == j)),
        })
    })
}

#[derive(Clone, Debug)]
struct Problem {
    net: Mlp,
    x: Array2<f64>,
    y: Array2<f64>,
    loss: Loss,
    settings: TrainSettings,
}

/// Networks, data and settings that often fit and often do not.
fn problems() -> impl Strategy<Value = Problem> {
    let shape = (
        0_usize..4,
        1_usize..4,
        1_usize..4,
        1_usize..4,
        0_usize..12,
        any::<bool>(),
    );
    let odd = (0_usize..8, 0_usize..8, 0_usize..4);
    (shape, odd).prop_flat_map(|((n, d, m, k, twist, biases), (loss, activation, batch))| {
        let settings = MlpSettings {
            sizes: vec![d, m, k],
            activation: Activation::ALL[activation % 4],
            biases,
            init: Init::HE,
        };
        let mut net = Mlp::new(&settings, &mut rng(40)).expect("valid");
        match twist {
            0 => net.layers[1].weights = Array2::zeros((k, m + 1)),
            1 => net.layers[0].weights[[0, 0]] = f64::NAN,
            2 => net.layers[0].bias = Some(Array1::ones(5)),
            3 => net.layers.clear(),
            4 => net.layers[1].multiplier = f64::INFINITY,
            _ => {}
        }
        let (dx, ny, ky) = (d + usize::from(twist == 5), n + usize::from(twist == 6), k);
        let settings = TrainSettings {
            loss: Loss::ALL[loss % 4],
            epochs: usize::from(twist != 7),
            batch,
            learning_rate: if twist == 8 { f64::NAN } else { 0.1 },
            ..TrainSettings::default()
        };
        let y = prop_oneof![labels(ny, ky), matrix(ny, ky)];
        (matrix(n, dx), y).prop_map(move |(x, y)| Problem {
            net: net.clone(),
            x,
            y,
            loss: settings.loss,
            settings: settings.clone(),
        })
    })
}

/// Whether the rules on the public pages allow this problem, decided without the library.
fn allowed(p: &Problem) -> bool {
    let finite = |a: &Array2<f64>| a.iter().all(|v| v.is_finite());
    let mut inputs = p.x.ncols();
    let fits = !p.net.layers.is_empty()
        && p.net.layers.iter().all(|layer| {
            let (out, into) = layer.weights.dim();
            let bias = layer.bias.iter().flatten().all(|b| b.is_finite());
            let length = layer.bias.as_ref().is_none_or(|b| b.len() == out);
            let sound = into == inputs && finite(&layer.weights) && layer.multiplier.is_finite();
            inputs = out;
            sound && bias && length
        });
    let (n, k) = p.y.dim();
    let classes = match k {
        1 => p.y.iter().all(|v| v.abs() == 1.0),
        _ => {
            p.y.rows()
                .into_iter()
                .all(|row| row.sum() == 1.0 && row.iter().all(|v| *v == 0.0 || *v == 1.0))
        }
    };
    let suits = match p.loss {
        Loss::Mse => true,
        Loss::CrossEntropy => k >= 2 && classes,
        Loss::Hinge => classes,
        Loss::Logistic => k == 1 && classes,
    };
    fits && n > 0 && p.x.nrows() == n && k == inputs && finite(&p.x) && finite(&p.y) && suits
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    /// Every public function either refuses, and then had reason to, or gives finite numbers.
    #[test]
    fn bad_input_is_an_error_and_good_input_is_not(p in problems()) {
        let huge = p.x.iter().chain(&p.y).any(|v| v.abs() > 1e3);
        let allowed = allowed(&p);
        let answers = [
            p.net.gradient(&p.x, &p.y, p.loss).map(|g| g.flat().iter().all(|v| v.is_finite())),
            p.net.input_gradient(&p.x, &p.y, p.loss).map(|g| g.iter().all(|v| v.is_finite())),
            p.net.loss_gradients(&p.x, &p.y, p.loss).and_then(|g| g.jacobian())
                .map(|g| g.iter().all(|v| v.is_finite())),
        ];
        for answer in answers {
            prop_assert!(allowed || answer.is_err());
            // 10³⁰⁰ may overflow on its way; that is an error too, or shows in a derivative.
            if allowed && !huge {
                prop_assert!(answer?);
            }
        }
        let _ = (p.net.forward(&p.x), p.net.input_jacobian(&p.x), p.net.output_gradients(&p.x, 7));
        let _ = p.net.n_parameters();
        let data = Dataset { x: p.x.clone(), y: p.y.clone() };
        let score = evaluate(&p.net, &data, p.loss);
        prop_assert!(allowed || score.is_err());
        prop_assert!(score.map_or(true, |score| score.loss.is_finite()));
        let set = p.settings.epochs > 0 && p.settings.batch > 0 && p.settings.learning_rate > 0.0;
        match train(&p.net, &data, None, &p.settings, &mut rng(41)) {
            Err(_) => prop_assert!(!allowed || !set || huge),
            Ok(run) => {
                prop_assert!(allowed && set);
                prop_assert!(run.net.parameters().iter().all(|v| v.is_finite()));
                prop_assert!(run.history.train_loss().iter().all(|v| v.is_finite()));
            }
        }
        let single = Mlp32 {
            layers: p.net.layers.iter().map(|layer| dltheory::model::mlp::Layer {
                weights: layer.weights.mapv(|v| v as f32),
                bias: layer.bias.as_ref().map(|b| b.mapv(|v| v as f32)),
                multiplier: layer.multiplier as f32,
            }).collect(),
            activation: p.net.activation,
        };
        if let Ok(run) = train(&single, &data, None, &p.settings, &mut rng(41)) {
            prop_assert!(run.net.parameters().iter().all(|v| v.is_finite()));
        }
    }
}

//! First-order methods against their textbook forms, sets against their definitions, and the loop's manners.

use std::ops::ControlFlow;

use dltheory::optimise::{
    AdaGrad, Adam, Average, Ball, Clip, Cuboid, Field, GradientField, Iterate, L1Norm, Momentum,
    Norm, Optimiser, Oracle, Prox, RmsProp, Schedule, Set, Simplex, Solution, SolveSettings,
    Status, StochasticOracle, Stop, Trajectory, Unconstrained, Unseen, solve, solve_stochastic,
};
use dltheory::rng::stream;
use dltheory::{Error, Result};
use proptest::prelude::*;
use rand_distr::{Distribution, StandardNormal};

/// f(x) = ½ Σ λ_i (x_i − c_i)².
struct Quadratic {
    curvature: Vec<f64>,
    centre: Vec<f64>,
}

impl Quadratic {
    fn new(curvature: &[f64]) -> Self {
        Self {
            curvature: curvature.to_vec(),
            centre: vec![0.0; curvature.len()],
        }
    }
}

impl Oracle for Quadratic {
    fn dimension(&self) -> usize {
        self.curvature.len()
    }

    fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64> {
        let mut value = 0.0;
        for (i, g) in gradient.iter_mut().enumerate() {
            let apart = x[i] - self.centre[i];
            *g = self.curvature[i] * apart;
            value += 0.5 * *g * apart;
        }
        Ok(value)
    }
}

/// The quadratic with Gaussian noise of deviation σ on every entry of its gradient.
struct Noisy {
    exact: Quadratic,
    sigma: f64,
}

impl StochasticOracle for Noisy {
    fn dimension(&self) -> usize {
        self.exact.dimension()
    }

    fn draw(&mut self, x: &[f64], gradient: &mut [f64], rng: &mut impl rand::Rng) -> Result<f64> {
        let value = self.exact.value_and_gradient(x, gradient)?;
        for g in gradient {
            let unit: f64 = StandardNormal.sample(rng);
            *g += self.sigma * unit;
        }
        Ok(value)
    }

    fn value(&mut self, x: &[f64]) -> Result<f64> {
        self.exact.value(x)
    }
}

fn run(oracle: &impl Oracle, start: &[f64], settings: &SolveSettings) -> Solution {
    solve(oracle, &Unconstrained, start, settings, &mut Unseen).expect("sound")
}

/// Each rule as its source writes it, one parameter, no folding of constants: w after the gradients g_1 … g_T.
fn textbook(rule: Optimiser, eta: f64, gradients: &[f64]) -> f64 {
    let (mut w, mut m, mut v, mut u) = (0.5, 0.0, 0.0, 0.0_f64);
    for (t, g) in gradients.iter().enumerate() {
        let t = t as i32 + 1;
        match rule {
            Optimiser::Sgd(Momentum {
                beta,
                nesterov,
                weight_decay,
            }) => {
                let g = g + weight_decay * w;
                m = beta * m + g;
                w -= eta * if nesterov { g + beta * m } else { m };
            }
            Optimiser::AdaGrad(AdaGrad { epsilon }) => {
                v += g * g;
                w -= eta * g / (v.sqrt() + epsilon);
            }
            Optimiser::RmsProp(RmsProp { decay, epsilon }) => {
                v = decay * v + (1.0 - decay) * g * g;
                w -= eta * g / (v.sqrt() + epsilon);
            }
            Optimiser::Adam(Adam {
                beta1,
                beta2,
                epsilon,
                weight_decay,
                decoupled,
                amsgrad,
            }) => {
                let g = if decoupled { *g } else { g + weight_decay * w };
                if decoupled {
                    w -= eta * weight_decay * w;
                }
                m = beta1 * m + (1.0 - beta1) * g;
                v = beta2 * v + (1.0 - beta2) * g * g;
                u = if amsgrad { u.max(v) } else { v };
                let (first, second) = (m / (1.0 - beta1.powi(t)), u / (1.0 - beta2.powi(t)));
                w -= eta * first / (second.sqrt() + epsilon);
            }
        }
    }
    w
}

/// An oracle that hands out given gradients, one a step, wherever it is asked.
struct Given<'a>(&'a [f64], usize);

impl StochasticOracle for Given<'_> {
    fn dimension(&self) -> usize {
        1
    }

    fn draw(&mut self, _: &[f64], gradient: &mut [f64], _: &mut impl rand::Rng) -> Result<f64> {
        gradient[0] = self.0[self.1];
        self.1 += 1;
        Ok(0.0)
    }

    fn value(&mut self, _: &[f64]) -> Result<f64> {
        Ok(0.0)
    }
}

fn rules() -> impl Strategy<Value = Optimiser> {
    let part = || 0.0..0.95_f64;
    prop_oneof![
        (part(), any::<bool>(), 0.0..0.5_f64).prop_map(|(beta, nesterov, weight_decay)| {
            Optimiser::Sgd(Momentum {
                beta,
                nesterov,
                weight_decay,
            })
        }),
        (1e-8..1e-2_f64).prop_map(|epsilon| Optimiser::AdaGrad(AdaGrad { epsilon })),
        (part(), 1e-8..1e-2_f64)
            .prop_map(|(decay, epsilon)| Optimiser::RmsProp(RmsProp { decay, epsilon })),
        (part(), part(), 0.0..0.5_f64, any::<bool>(), any::<bool>()).prop_map(
            |(beta1, beta2, weight_decay, decoupled, amsgrad)| Optimiser::Adam(Adam {
                beta1,
                beta2,
                epsilon: 1e-8,
                weight_decay,
                decoupled,
                amsgrad
            })
        ),
    ]
}

fn points(p: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(-3.0..3.0_f64, p)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Whether u is in the set: its projection is u itself.
fn is_inside(set: &impl Set, u: &[f64]) -> bool {
    let mut moved = u.to_vec();
    set.project(&mut moved);
    moved.iter().zip(u).all(|(a, b)| (a - b).abs() < 1e-9)
}

/// Pz is nearest to z iff (z − Pz)·(u − Pz) ≤ 0 for every u of the set; and no u has a smaller g·u than the minimiser.
fn check_set(
    set: &impl Set,
    z: &[f64],
    others: &[Vec<f64>],
) -> std::result::Result<(), TestCaseError> {
    set.check(z.len()).expect("a set in this space");
    let mut nearest = z.to_vec();
    set.project(&mut nearest);
    prop_assert!(is_inside(set, &nearest));
    let mut least = vec![f64::NAN; z.len()];
    set.minimise_linear(z, &mut least);
    prop_assert!(is_inside(set, &least), "{least:?}");
    for other in others {
        let mut u = other.clone();
        set.project(&mut u);
        let out: Vec<f64> = z.iter().zip(&nearest).map(|(z, p)| z - p).collect();
        let along: Vec<f64> = u.iter().zip(&nearest).map(|(u, p)| u - p).collect();
        prop_assert!(dot(&out, &along) < 1e-9, "{u:?}");
        prop_assert!(dot(z, &least) <= dot(z, &u) + 1e-9, "{u:?}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn rules_are_those_of_the_textbooks(
        rule in rules(),
        eta in 0.001..0.5_f64,
        gradients in prop::collection::vec(-2.0..2.0_f64, 1..30),
    ) {
        let settings = SolveSettings { rule, rate: eta, steps: gradients.len(), ..SolveSettings::default() };
        let oracle = &mut Given(&gradients, 0);
        let rng = &mut stream(1, "unused", 0);
        let solution = solve_stochastic(oracle, &Unconstrained, &[0.5], &settings, &mut Unseen, rng).expect("sound");
        let expected = textbook(rule, eta, &gradients);
        prop_assert!((solution.x[0] - expected).abs() < 1e-11 * (1.0 + expected.abs()), "{rule}: {} {expected}", solution.x[0]);
    }

    #[test]
    fn projections_are_nearest_and_linear_minimisers_are_least(
        z in points(4),
        centre in points(4),
        radius in 0.1..2.0_f64,
        others in prop::collection::vec(points(4), 8),
    ) {
        for norm in [Norm::L1, Norm::L2, Norm::LInf] {
            check_set(&Ball { norm, radius, centre: centre.clone() }, &z, &others)?;
        }
        let high = centre.iter().map(|low| low + radius).collect();
        check_set(&Cuboid { low: centre, high }, &z, &others)?;
        check_set(&Simplex { total: radius }, &z, &others)?;
    }
}

/// Descent on a quadratic shrinks mode i by 1 − ηλ_i a step; the mean of the iterates is a geometric sum.
#[test]
fn descent_on_a_quadratic_is_known_in_closed_form() {
    let (lambda, eta, steps) = ([1.0, 0.2, 3.0], 0.3, 40);
    let settings = SolveSettings {
        rate: eta,
        steps,
        average: Average::Tail(0.5),
        ..SolveSettings::default()
    };
    let solution = run(&Quadratic::new(&lambda), &[1.0, -2.0, 0.5], &settings);
    for (i, start) in [1.0, -2.0, 0.5].into_iter().enumerate() {
        let keep: f64 = 1.0 - eta * lambda[i];
        assert!((solution.x[i] - start * keep.powi(40)).abs() < 1e-14);
        let mean: f64 = (21..=40).map(|k| start * keep.powi(k)).sum::<f64>() / 20.0;
        assert!((solution.average[i] - mean).abs() < 1e-14, "{i}");
    }
    assert_eq!((solution.steps, solution.status), (40, Status::Finished));
    assert_eq!(
        solution.value,
        Quadratic::new(&lambda).value(&solution.x).expect("sound")
    );
}

/// Above 2/λ the iterates grow: that is told with its step, and the solution is the last sound point.
#[test]
fn divergence_is_a_status() {
    let settings = SolveSettings {
        rate: 3.0,
        steps: 5_000,
        ..SolveSettings::default()
    };
    let solution = run(&Quadratic::new(&[1.0]), &[1.0], &settings);
    // |x_k| = 2^k: the value ½x² = 2^(2k−1) leaves the range at k = 513.
    assert_eq!((solution.steps, solution.x[0]), (512, 2.0_f64.powi(512)));
    let Status::Diverged { step: 513, value } = solution.status else {
        panic!("{:?}", solution.status)
    };
    assert!(value.is_infinite() && solution.value.is_finite());
    let limited = SolveSettings {
        limit: 100.0,
        ..settings
    };
    // ½·4^k > 100 first at k = 4.
    let solution = run(&Quadratic::new(&[1.0]), &[1.0], &limited);
    assert_eq!(
        solution.status,
        Status::Diverged {
            step: 4,
            value: 128.0
        }
    );
    assert_eq!(solution.x, [-8.0]);
}

/// A NaN in the gradient alone, or in the place alone, is divergence too; an error of the problem stays one.
#[test]
fn what_is_broken_is_not_passed_on() {
    struct Odd(u8);
    impl Oracle for Odd {
        fn dimension(&self) -> usize {
            1
        }
        fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64> {
            gradient[0] = 1.0;
            match (self.0, x[0] < -0.45) {
                (0, true) => gradient[0] = f64::NAN,
                (1, true) => return Err(Error::domain("the data", "there", "gone")),
                _ => {}
            }
            Ok(1.0)
        }
    }
    let settings = SolveSettings::default();
    let solution = run(&Odd(0), &[0.0], &settings);
    assert!(matches!(
        solution.status,
        Status::Diverged {
            step: 5,
            value: 1.0
        }
    ));
    assert!((solution.x[0] + 0.4).abs() < 1e-15);
    let error = solve(&Odd(1), &Unconstrained, &[0.0], &settings, &mut Unseen).expect_err("gone");
    assert!(error.to_string().contains("the data is gone"));
    let broken = solve(&Odd(2), &Broken, &[0.0], &settings, &mut Unseen).expect("a finding");
    assert!(matches!(broken.status, Status::Diverged { step: 1, .. }) && broken.x == [0.0]);

    struct Broken;
    impl Prox for Broken {
        fn prox(&self, x: &mut [f64], _: f64) {
            x.fill(f64::NAN);
        }
    }
}

/// Entries that fit and a length that does not: with clipping that is divergence too, after a first sound step.
#[test]
fn a_gradient_too_long_to_clip_is_divergence() {
    struct Steep;
    impl Oracle for Steep {
        fn dimension(&self) -> usize {
            2
        }
        fn value_and_gradient(&self, x: &[f64], gradient: &mut [f64]) -> Result<f64> {
            gradient.fill(if x[0] < 0.0 { f64::MAX } else { 1.0 });
            Ok(1.0)
        }
    }
    for clip in [Clip::Norm(1.0), Clip::Value(1.0)] {
        let settings = SolveSettings {
            clip: Some(clip),
            ..SolveSettings::default()
        };
        let solution = run(&Steep, &[0.0, 0.0], &settings);
        assert!(matches!(solution.status, Status::Diverged { step: 1, .. }));
        assert_eq!((solution.steps, solution.x), (0, vec![0.0, 0.0]));
        let start = solve(&Steep, &Unconstrained, &[-1.0, 0.0], &settings, &mut Unseen);
        let error = start.expect_err("at the start").to_string();
        assert!(error.contains("the norm of the gradient is inf"), "{error}");
    }
}

#[test]
fn criteria_and_observers_end_a_run() {
    let bowl = Quadratic::new(&[1.0, 1.0]);
    let stop = |gradient, value| SolveSettings {
        stop: Stop { gradient, value },
        ..SolveSettings::default()
    };
    let start = [3.0, 4.0];
    // ‖∇‖ = 5·0.9^k ≤ 0.1 first at k = 38; ½‖x‖² = 12.5·0.81^k ≤ 0.1 first at k = 23.
    let at_gradient = run(&bowl, &start, &stop(Some(0.1), None));
    assert_eq!(
        (at_gradient.steps, at_gradient.status),
        (38, Status::Reached)
    );
    let at_value = run(&bowl, &start, &stop(None, Some(0.1)));
    assert_eq!((at_value.steps, at_value.status), (23, Status::Reached));
    let mut third = |iterate: &Iterate<'_>| match iterate.step {
        3 => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    };
    let solution =
        solve(&bowl, &Unconstrained, &start, &stop(None, None), &mut third).expect("sound");
    assert_eq!(
        (solution.steps, solution.status),
        (3, Status::StoppedByObserver)
    );

    let mut seen = Trajectory::every(10).with_points();
    solve(
        &bowl,
        &Unconstrained,
        &start,
        &stop(Some(0.1), None),
        &mut seen,
    )
    .expect("sound");
    assert_eq!(seen.steps, [0, 10, 20, 30]);
    let points = seen.points();
    assert_eq!(points.dim(), (4, 2));
    assert!((points[[2, 1]] - 4.0 * 0.9_f64.powi(20)).abs() < 1e-14);
    assert!((seen.gradient_norms[1] - 5.0 * 0.9_f64.powi(10)).abs() < 1e-14);
}

/// Projected descent ends at the nearest point of the set to the centre; proximal descent at the soft-thresholded one.
#[test]
fn constraints_and_penalties_move_the_minimiser() {
    let problem = Quadratic {
        curvature: vec![1.0; 3],
        centre: vec![2.0, -0.3, 0.5],
    };
    let settings = SolveSettings {
        rate: 0.5,
        steps: 200,
        ..SolveSettings::default()
    };
    let solve =
        |prox: &dyn Fn(&SolveSettings) -> Result<Solution>| prox(&settings).expect("sound").x;
    let near = |a: &[f64], b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-12);
    let zero = [0.0; 3];
    let ball = Ball::around_zero(Norm::L2, 1.0, 3);
    let x = solve(&|s| dltheory::optimise::solve(&problem, &ball, &zero, s, &mut Unseen));
    let mut nearest = problem.centre.clone();
    ball.project(&mut nearest);
    assert!(near(&x, &nearest), "{x:?}");
    let x = solve(&|s| {
        dltheory::optimise::solve(&problem, &L1Norm { lambda: 0.4 }, &zero, s, &mut Unseen)
    });
    assert!(near(&x, &[1.6, 0.0, 0.1]), "{x:?}");
}

/// SGD with a constant step hovers: its stationary variance is ησ²/(λ(2 − ηλ)) in each coordinate. The mean over R runs
/// of K nearly independent looks has a relative error of √(2/(RK)).
#[test]
fn constant_steps_hover_at_their_known_variance() {
    let (eta, sigma, p) = (0.5, 2.0, 400);
    let settings = SolveSettings {
        rate: eta,
        steps: 60,
        ..SolveSettings::default()
    };
    let oracle = &mut Noisy {
        exact: Quadratic::new(&vec![1.0; p]),
        sigma,
    };
    let rng = &mut stream(1, "hover", 0);
    let start = vec![0.0; p];
    let mut squares = 0.0;
    for _ in 0..20 {
        let solution =
            solve_stochastic(oracle, &Unconstrained, &start, &settings, &mut Unseen, rng)
                .expect("sound");
        squares += dot(&solution.x, &solution.x);
    }
    let looks = 20.0 * p as f64;
    let expected = eta * sigma * sigma / (2.0 - eta);
    let off = (squares / looks / expected - 1.0) / (2.0 / looks).sqrt();
    assert!(off.abs() < 4.0, "{off} standard errors");
}

/// Weight decay through the gradient is a gradient like another: plain descent on ½(x − 3)² + ½x² + 0.4|x| ends at its
/// minimiser 1.3, whatever the step. In a box a run ends at the wall, and a start outside is brought in first.
#[test]
fn weight_decay_and_constraints_agree() {
    let problem = Quadratic {
        curvature: vec![1.0],
        centre: vec![3.0],
    };
    let adam = Optimiser::Adam(Adam {
        weight_decay: 1.0,
        decoupled: false,
        ..Adam::default()
    });
    let decay = |beta, nesterov| {
        Optimiser::Sgd(Momentum {
            beta,
            nesterov,
            weight_decay: 1.0,
        })
    };
    let with = |rule, rate| SolveSettings {
        rule,
        rate,
        steps: 20_000,
        ..SolveSettings::default()
    };
    let wall = Cuboid {
        low: vec![-1.0],
        high: vec![1.0],
    };
    for (rule, rate) in [
        (decay(0.0, false), 0.5),
        (decay(0.5, false), 0.3),
        (decay(0.5, true), 0.3),
    ] {
        let (norm, settings) = (L1Norm { lambda: 0.4 }, with(rule, rate));
        let solution = solve(&problem, &norm, &[0.0], &settings, &mut Unseen).expect("sound");
        // With momentum β a step along a constant gradient is 1/(1 − β) times as long, the proximal one is not.
        let Optimiser::Sgd(Momentum { beta, .. }) = rule else {
            unreachable!("three of a kind")
        };
        let expected = 1.5 - 0.2 * (1.0 - beta);
        assert!(
            (solution.x[0] - expected).abs() < 1e-12,
            "{rule}: {}",
            solution.x[0]
        );
    }
    for (rule, rate) in [(decay(0.5, true), 0.3), (adam, 1e-3)] {
        let mut seen = Trajectory::every(1).with_points();
        let settings = with(rule, rate);
        let solution = solve(&problem, &wall, &[-7.0], &settings, &mut seen).expect("sound");
        assert_eq!(
            (solution.x[0], seen.points()[[0, 0]]),
            (1.0, -1.0),
            "{rule}"
        );
        assert!(seen.points().iter().all(|x| x.abs() <= 1.0));
    }
}

/// A step so long that the set is lost beside it is what a projection is for.
#[test]
fn projections_tame_the_longest_steps() {
    let mut x = [1e16, 0.0];
    Ball::around_zero(Norm::L1, 1.0, 2).project(&mut x);
    assert_eq!(x, [1.0, 0.0]);
    let mut x = [-1e17, 3.0, 1e17];
    Simplex::default().project(&mut x);
    assert_eq!(x, [0.0, 0.0, 1.0]);
    let ball = Ball::around_zero(Norm::L2, 2.0, 2);
    let mut x = [1e308, -1e308];
    ball.project(&mut x);
    assert!((x[0] - 2.0_f64.sqrt()).abs() < 1e-15 && x[1] == -x[0]);
    let mut s = [0.0; 2];
    ball.minimise_linear(&[1e308, -1e308], &mut s);
    assert!((s[0] + 2.0_f64.sqrt()).abs() < 1e-15 && s[1] == -s[0]);
    for norm in [Norm::L1, Norm::L2, Norm::LInf] {
        let mut x = [f64::NAN, 1.0];
        Ball::around_zero(norm, 0.5, 2).project(&mut x);
        assert!(x[0].is_nan(), "{norm:?} hides a broken number");
    }
}

/// However a run through noise ends, its value is f's own.
#[test]
fn the_value_of_a_run_through_noise_is_without_it() {
    struct Shifted(Noisy);
    impl StochasticOracle for Shifted {
        fn dimension(&self) -> usize {
            self.0.dimension()
        }
        fn draw(&mut self, x: &[f64], g: &mut [f64], rng: &mut impl rand::Rng) -> Result<f64> {
            Ok(self.0.draw(x, g, rng)? + 10.0)
        }
        fn value(&mut self, x: &[f64]) -> Result<f64> {
            self.0.value(x)
        }
    }
    let mut third = |iterate: &Iterate<'_>| match iterate.step {
        3 => ControlFlow::Break(()),
        _ => ControlFlow::Continue(()),
    };
    let diverging = SolveSettings {
        rate: 3.0,
        limit: 100.0,
        ..SolveSettings::default()
    };
    for settings in [SolveSettings::default(), diverging] {
        let noisy = Noisy {
            exact: Quadratic::new(&[1.0, 2.0]),
            sigma: 0.1,
        };
        let (free, rng) = (&Unconstrained, &mut stream(1, "noise", 0));
        let oracle = &mut Shifted(noisy);
        let solution = solve_stochastic(oracle, free, &[1.0; 2], &settings, &mut third, rng);
        let solution = solution.expect("sound");
        assert_ne!(solution.status, Status::Finished);
        let exact = Quadratic::new(&[1.0, 2.0]).value(&solution.x);
        assert_eq!(solution.value, exact.expect("sound"));
    }
}

/// After the last step nothing is drawn: a criterion on the gradient must not be met by the step before.
#[test]
fn the_last_look_through_noise_has_no_gradient() {
    let settings = SolveSettings {
        steps: 2,
        stop: Stop {
            gradient: Some(0.5),
            value: None,
        },
        ..SolveSettings::default()
    };
    let mut seen = Trajectory::every(1);
    let (oracle, rng) = (&mut Given(&[2.0, 1.0], 0), &mut stream(1, "unused", 0));
    let free = &Unconstrained;
    let solution = solve_stochastic(oracle, free, &[0.5], &settings, &mut seen, rng);
    assert_eq!(solution.expect("sound").status, Status::Finished);
    assert_eq!(seen.gradient_norms[..2], [2.0, 1.0]);
    assert!(seen.gradient_norms[2].is_nan());
    let last = SolveSettings {
        stop: Stop {
            gradient: Some(1.5),
            value: None,
        },
        steps: 1,
        ..settings
    };
    let oracle = &mut Given(&[2.0], 0);
    let solution = solve_stochastic(oracle, free, &[0.5], &last, &mut Unseen, rng);
    assert_eq!(solution.expect("sound").status, Status::Finished);
}

#[test]
fn clipping_and_schedules_are_passed_through() {
    let mut rates = Trajectory::every(1);
    let settings = SolveSettings {
        rate: 1.0,
        steps: 3,
        schedule: Schedule::InverseTime { scale: 1.0 },
        clip: Some(Clip::Norm(0.5)),
        ..SolveSettings::default()
    };
    let solution = solve(
        &Quadratic::new(&[1.0]),
        &Unconstrained,
        &[10.0],
        &settings,
        &mut rates,
    )
    .expect("sound");
    assert_eq!(rates.rates, [1.0, 0.5, 1.0 / 3.0, 0.25]);
    assert_eq!(rates.gradient_norms, [0.5; 4]);
    assert!((solution.x[0] - (10.0 - 0.5 * (1.0 + 0.5 + 1.0 / 3.0))).abs() < 1e-14);
}

#[test]
fn a_gradient_is_a_field() {
    let bowl = Quadratic::new(&[2.0, 3.0]);
    let mut v = [0.0; 2];
    GradientField(&bowl).at(&[1.0, 1.0], &mut v).expect("sound");
    assert_eq!((GradientField(&bowl).dimension(), v), (2, [2.0, 3.0]));
}

#[test]
fn bad_input_is_refused() {
    let bowl = Quadratic::new(&[1.0, 1.0]);
    let refusal = |start: &[f64], change: &dyn Fn(&mut SolveSettings)| {
        let mut settings = SolveSettings::default();
        change(&mut settings);
        let refused = solve(&bowl, &Unconstrained, start, &settings, &mut Unseen);
        refused.expect_err("refused").argument().map(str::to_owned)
    };
    let fine = [1.0, 1.0];
    for (start, change, argument) in [
        (
            &fine[..1],
            (&|_: &mut _| {}) as &dyn Fn(&mut SolveSettings),
            "the start",
        ),
        (&[1.0, f64::NAN], &|_| {}, "the start"),
        (&[1e200, 1.0], &|_| {}, "the value at the start"),
        (&fine, &|s| s.rate = 0.0, "the learning rate"),
        (&fine, &|s| s.steps = 0, "the number of steps"),
        (&fine, &|s| s.steps = usize::MAX, "the number of steps"),
        (&fine, &|s| s.limit = f64::NAN, "the limit of the value"),
        (
            &fine,
            &|s| s.stop.value = Some(f64::NAN),
            "the value to stop at",
        ),
        (
            &fine,
            &|s| s.average = Average::Tail(2.0),
            "the averaged part",
        ),
        (
            &fine,
            &|s| s.clip = Some(Clip::Norm(0.0)),
            "the clipping limit",
        ),
        (
            &fine,
            &|s| s.rule = Optimiser::momentum(1.0),
            "the momentum β",
        ),
    ] {
        assert_eq!(refusal(start, change).as_deref(), Some(argument));
    }
    let settings = SolveSettings::default();
    let reward = L1Norm { lambda: -1.0 };
    assert!(solve(&bowl, &reward, &fine, &settings, &mut Unseen).is_err());
    let ball = Ball::around_zero(Norm::L1, 1.0, 3);
    let refused = solve(&bowl, &ball, &fine, &settings, &mut Unseen).expect_err("dimension");
    assert_eq!(refused.argument(), Some("the centre of the ball"));
    assert!(
        ball.check(2).is_err()
            && Ball {
                radius: 0.0,
                ..ball
            }
            .check(3)
            .is_err()
    );
    let flipped = Cuboid {
        low: vec![1.0],
        high: vec![0.0],
    };
    assert!(flipped.check(1).is_err() && Simplex { total: -1.0 }.check(2).is_err());
}

//! What the methods do, against what is known of them.

use super::*;
use crate::game::arena::{Bilinear, ConstrainedBilinear, Forsaken, Quadratic};
use crate::game::{Biased, Game, Noisy};
use crate::optimise::{Ball, Cuboid, Norm, Trajectory, Unconstrained, Unseen};
use crate::rng::stream;

fn run<F: StochasticField, M: Method>(
    field: &F,
    method: &M,
    z: [f64; 2],
    steps: usize,
) -> Vec<f64> {
    inside(field, method, &Unconstrained, z, steps)
}

fn inside<F: StochasticField, M: Method>(
    field: &F,
    method: &M,
    prox: &impl Prox,
    z: [f64; 2],
    steps: usize,
) -> Vec<f64> {
    let settings = PlaySettings {
        steps,
        ..PlaySettings::default()
    };
    let mut rng = stream(1, "test", 0);
    let played = play(field, method, prox, &z, &settings, &mut rng, &mut Unseen);
    played.expect("valid").z
}

fn near(got: &[f64], expected: &[f64], tolerance: f64) {
    for (got, expected) in got.iter().zip(expected) {
        assert!((got - expected).abs() <= tolerance, "{got} {expected}");
    }
}

/// One step from (1, 0) on xy is multiplication by a complex number, read as (x, y) ↦ x + iy: V is −i.
#[test]
fn one_step_on_the_bilinear_game_is_its_complex_factor() {
    let a = 0.4;
    let from = [1.0, 0.0];
    near(&run(&Bilinear, &Gda::together(a), from, 1), &[1.0, a], 0.0);
    near(
        &run(&Bilinear, &Eg::new(a), from, 1),
        &[1.0 - a * a, a],
        1e-15,
    );
    let ppm = [1.0 / (1.0 + a * a), a / (1.0 + a * a)];
    near(&run(&Bilinear, &Ppm::new(a), from, 1), &ppm, 1e-15);
    let plus = EgPlus::new(a, 0.3);
    near(
        &run(&Bilinear, &plus, from, 1),
        &[1.0 - 0.3 * a * a, 0.3 * a],
        1e-15,
    );
    // The first step of those that remember is one of descent–ascent.
    near(&run(&Bilinear, &Ogda::new(a), from, 1), &[1.0, a], 0.0);
    near(&run(&Bilinear, &Rfbs::new(a), from, 1), &[1.0, a], 0.0);
    // The second player sees the first one's move.
    let turns = Gda::alternating(a, 1);
    near(
        &run(&Bilinear, &turns, [1.0, 1.0], 1),
        &[1.0 - a, 1.0 + a * (1.0 - a)],
        1e-15,
    );
}

#[test]
fn optimistic_and_reflected_steps_are_one_where_the_field_is_affine() {
    let field = Quadratic { a: 0.8, b: -0.1 };
    let one = run(&field, &Ogda::new(0.3), [0.7, -0.4], 50);
    near(&run(&field, &Rfbs::new(0.3), [0.7, -0.4], 50), &one, 1e-14);
    let forsaken = Forsaken { offset: 0.45 };
    let one = run(&forsaken, &Ogda::new(0.1), [0.7, -0.4], 50);
    let other = run(&forsaken, &Rfbs::new(0.1), [0.7, -0.4], 50);
    assert!((one[0] - other[0]).abs() > 1e-4);
}

/// The implicit equation holds, far beyond α = 1/L, on a nonlinear field and inside sets.
#[test]
fn proximal_points_satisfy_their_equation() {
    for (field, rate) in [
        (Forsaken { offset: 0.45 }, 0.05),
        (Forsaken { offset: 0.45 }, 0.5),
    ] {
        let z = [0.5, -0.3];
        let u = run(&field, &Ppm::new(rate), z, 1);
        let mut v = [0.0; 2];
        field.at(&u, &mut v).expect("valid");
        near(&u, &[z[0] - rate * v[0], z[1] - rate * v[1]], 1e-13);
    }
    let field = ConstrainedBilinear { at: 0.9 };
    let set = ConstrainedBilinear::region();
    let z = [-1.0, 0.95];
    let u = inside(&field, &Ppm::new(5.0), &set, z, 1);
    let mut v = [0.0; 2];
    field.at(&u, &mut v).expect("valid");
    let mut expected = [z[0] - 5.0 * v[0], z[1] - 5.0 * v[1]];
    set.prox(&mut expected, 5.0);
    near(&u, &expected, 1e-13);
    near(
        &inside(&field, &Ppm::new(5.0), &set, z, 200),
        &[0.9, 0.9],
        1e-12,
    );
}

/// All that are known to converge on the constrained bilinear game, without noise, do so.
#[test]
fn methods_solve_a_constrained_game() {
    let (field, set) = (
        ConstrainedBilinear { at: 0.9 },
        ConstrainedBilinear::region(),
    );
    let start = [-0.5, 0.2];
    let bc = BcSegPlus {
        gamma: 0.5,
        alpha: 0.3,
        schedule: Schedule::Constant,
    };
    let seg = Seg {
        gamma: 0.5,
        beta: 1.0,
        explore: Schedule::Constant,
        alpha: 0.5,
        update: Schedule::Constant,
    };
    let steps = 2000;
    let ends = [
        inside(&field, &Eg::new(0.5), &set, start, steps),
        inside(&field, &EgPlus::new(0.5, 0.5), &set, start, steps),
        inside(&field, &Ogda::new(0.3), &set, start, steps),
        inside(&field, &Rfbs::new(0.3), &set, start, steps),
        inside(&field, &bc, &set, start, steps),
        inside(&field, &seg, &set, start, steps),
    ];
    for end in ends {
        near(&end, &[0.9, 0.9], 1e-9);
    }
}

/// Without noise BC-SEG+ is EG+, and with constant α its h keeps α²γ²σ²/(1 − (1 − α)²) of the noise, seen in z here by
/// playing from 0 with V = 0: z_(k+1) = z_k − αγζ̄, h_k − z_k = e_k.
#[test]
fn bias_correction_averages_the_noise() {
    let forsaken = Forsaken { offset: 0.45 };
    let bc = BcSegPlus {
        gamma: 0.05,
        alpha: 0.3,
        schedule: Schedule::Constant,
    };
    let plain = run(&forsaken, &EgPlus::new(0.05, 0.3), [0.4, 0.2], 100);
    near(&run(&forsaken, &bc, [0.4, 0.2], 100), &plain, 1e-14);
    // In a ball so small that what is nonlinear is felt: the mean of z̄ − h differs.
    let field = Noisy::gaussian(Quadratic { a: 0.0, b: 0.0 }, 1.0).expect("valid");
    let bc = BcSegPlus {
        gamma: 1.0,
        alpha: 0.1,
        schedule: Schedule::Constant,
    };
    let mut rng = stream(3, "test", 0);
    let mut z = vec![0.0; 2];
    let mut memory = bc.begin(&field, &z).expect("valid");
    let (mut squares, n) = (0.0, 40_000);
    for k in 0..n {
        let before = z.clone();
        bc.step(&field, &Unconstrained, k, &mut z, &mut memory, &mut rng)
            .expect("valid");
        let e = memory.error(&before);
        squares += e.iter().map(|e| e * e).sum::<f64>() / 2.0;
    }
    let expected = 0.01 / (1.0 - 0.81);
    // Correlated over 10 steps: some 4,000 independent squares an entry, each of relative s.d. √2; 5 s.e.
    let tolerance = 5.0 * (2.0 / 8_000.0_f64).sqrt() * expected;
    let got = squares / n as f64;
    assert!((got - expected).abs() < tolerance, "{got} {expected}");
}

/// γ signs in the first half, as Adam's first step; the second by hand for η = (½, ¾) on xy from (1, 1), γ = 0.1.
#[test]
fn extra_adam_counts_both_updates_of_its_moments() {
    let adam = ExtraAdam {
        eta1: 0.5,
        eta2: 0.75,
        epsilon: 1e-12,
        ..ExtraAdam::together(0.1)
    };
    // V(1, 1) = (1, −1): z̄ = (0.9, 1.1). V(z̄) = (1.1, −0.9).
    let second = |g1: f64, g2: f64| {
        let m = (0.25 * g1 + 0.5 * g2) / 0.75;
        let v = (0.1875 * g1 * g1 + 0.25 * g2 * g2) / 0.4375;
        0.1 * m / v.sqrt()
    };
    let expected = [1.0 - second(1.0, 1.1), 1.0 - second(-1.0, -0.9)];
    near(&run(&Bilinear, &adam, [1.0, 1.0], 1), &expected, 1e-11);
    // In turns: x̄ = 0.9, ȳ = 1.1 by V_y = −0.9; x by V_x = 1.1, then y by −x.
    let turns = ExtraAdam {
        turns: Turns::Alternating(1),
        ..adam
    };
    let x = 1.0 - second(1.0, 1.1);
    let expected = [x, 1.0 - second(-0.9, -x)];
    near(&run(&Bilinear, &turns, [1.0, 1.0], 1), &expected, 1e-11);
}

#[test]
fn bias_moves_a_solution_and_noise_has_its_mean() {
    let game = Quadratic { a: 1.0, b: 1.0 };
    assert!(Biased::new(game, vec![0.2]).is_err());
    let field = Biased::new(game, vec![0.2, 0.0]).expect("valid");
    // V(z) = −b: x + y = −0.2, y = x.
    near(
        &run(&field, &Gda::together(0.3), [1.0, 1.0], 500),
        &[-0.1, -0.1],
        1e-12,
    );
    assert_eq!(game.solutions(), [[0.0, 0.0]]);
}

#[test]
fn what_is_more_than_the_field_is_of_the_order_of_the_step() {
    let mut rng = stream(1, "unused", 0);
    let mut size = |rate: f64| {
        let u = implied_bias(
            &Bilinear,
            &Eg::new(rate),
            rate,
            &[1.0, 0.0],
            &[1.0, 0.0],
            &mut rng,
        );
        norm([&*u.expect("valid")])
    };
    for rate in [0.1, 0.01] {
        assert!((size(rate) - rate).abs() < 1e-14);
    }
    assert!(square_summable(&Schedule::InverseTime { scale: 3.0 }));
    for (exponent, holds) in [(0.5, false), (0.6, true), (1.0, true), (1.1, false)] {
        let power = Schedule::Power {
            scale: 1.0,
            exponent,
        };
        assert_eq!(square_summable(&power), holds);
    }
}

#[test]
fn numbers_out_of_range_name_themselves() {
    let play = |check: Result<()>| check.expect_err("refused").to_string();
    assert!(play(Eg::new(-1.0).check()).contains("the rate"));
    assert!(play(EgPlus::new(1.0, 1.5).check()).contains("the share α"));
    assert!(play(EgPlus::new(0.0, 0.5).check()).contains("γ"));
    let cosine = Gda {
        schedule: Schedule::Cosine { floor: 0.1 },
        ..Gda::together(0.1)
    };
    assert!(play(cosine.check()).contains("the schedule"));
    let adam = ExtraAdam {
        eta2: 1.0,
        ..ExtraAdam::together(0.1)
    };
    assert!(play(adam.check()).contains("η₂"));
    let ball = Ball::around_zero(Norm::L2, 1.0, 2);
    let end = inside(&Bilinear, &Eg::new(0.3), &ball, [3.0, 0.0], 1);
    assert!(norm([&*end]) < 1.0);
    let flat = Cuboid {
        low: vec![0.5, -1.0],
        high: vec![0.5, 1.0],
    };
    assert_eq!(
        inside(&Bilinear, &Eg::new(0.3), &flat, [3.0, 0.0], 40)[0],
        0.5
    );
}

/// √(1 + α²) a step, and what an observer sees.
#[test]
fn descent_and_ascent_together_spiral_out() {
    let mut path = Trajectory::every(1).with_points();
    let settings = PlaySettings {
        steps: 20,
        ..PlaySettings::default()
    };
    let mut rng = stream(1, "unused", 0);
    let method = Gda::together(0.5);
    let all = &Unconstrained;
    let played = play(
        &Bilinear,
        &method,
        all,
        &[1.0, 0.0],
        &settings,
        &mut rng,
        &mut path,
    )
    .expect("valid");
    let expected = 1.25_f64.powi(10);
    assert!((norm([&played.z[..]]) / expected - 1.0).abs() < 1e-12);
    assert_eq!((played.steps, path.steps.len()), (20, 21));
    assert!((played.field_norm - path.values[20]).abs() < 1e-12);
    let short = PlaySettings {
        limit: 2.0,
        ..settings
    };
    let played = play(
        &Bilinear,
        &method,
        all,
        &[1.0, 0.0],
        &short,
        &mut rng,
        &mut path,
    );
    let played = played.expect("divergence is a finding");
    assert!(
        matches!(played.status, Status::Diverged { step: 7, .. }),
        "{played:?}"
    );
    assert_eq!(played.steps, 6);
}

/// Who moves second sees the first player where the set lets it be: from (1, 0) on (x − 0.9)(y − 0.9) in the box, x⁺ = min(1 + 0.9, 1) = 1, so
/// y⁺ = 1 − 0.9, and not 1.9 − 0.9.
#[test]
fn turns_stay_in_the_set_between_the_moves() {
    let game = ConstrainedBilinear::default();
    let settings = PlaySettings {
        steps: 1,
        ..PlaySettings::default()
    };
    let method = Gda::alternating(1.0, 1);
    let set = ConstrainedBilinear::region();
    let rng = &mut stream(1, "turns", 0);
    let played = play(
        &game,
        &method,
        &set,
        &[1.0, 0.0],
        &settings,
        rng,
        &mut Unseen,
    );
    near(&played.expect("valid").z, &[1.0, 0.1], 1e-12);
}

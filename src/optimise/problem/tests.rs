use ndarray::array;

use super::*;
use crate::optimise::{Curved, StochasticOracle, hessian};
use crate::rng::stream;

/// Gradient and Hessian by central differences, at a few points; nothing is below f*, and f* is reached where it is said.
fn agree(name: &str, problem: &(impl Known + Curved)) {
    let p = problem.dimension();
    for turn in 0..4 {
        let x: Vec<f64> = (0..p)
            .map(|i| 1.7 * (1.0 + i as f64 * 2.3 + f64::from(turn)).sin())
            .collect();
        let mut g = vec![0.0; p];
        let value = problem.value_and_gradient(&x, &mut g).expect("valid");
        assert!(
            value >= problem.minimum(),
            "{name}: {value} below the minimum"
        );
        let second = hessian(problem, &x).expect("valid");
        for i in 0..p {
            let (h, mut low, mut high) = (1e-5, x.clone(), x.clone());
            (low[i], high[i]) = (x[i] - h, x[i] + h);
            let (mut below, mut above) = (g.clone(), g.clone());
            let down = problem.value_and_gradient(&low, &mut below).expect("valid");
            let up = problem
                .value_and_gradient(&high, &mut above)
                .expect("valid");
            let slope = (up - down) / (2.0 * h);
            assert!((slope - g[i]).abs() < 1e-8, "{name}: {slope} {}", g[i]);
            for j in 0..p {
                let bend = (above[j] - below[j]) / (2.0 * h);
                assert!((bend - second[[i, j]]).abs() < 1e-8, "{name}: {bend}");
            }
        }
        if problem.smoothness().is_finite() {
            let most = crate::linalg::spectral_radius(&second).expect("valid");
            assert!(
                most <= problem.smoothness() * (1.0 + 1e-9),
                "{name}: {most}"
            );
        }
    }
    if let Some(best) = problem.minimiser() {
        let mut g = vec![1.0; p];
        let value = problem.value_and_gradient(&best, &mut g).expect("valid");
        assert!((value - problem.minimum()).abs() < 1e-12, "{name}: {value}");
        assert!(g.iter().all(|g| g.abs() < 1e-12), "{name}: {g:?}");
    }
}

#[test]
fn derivatives_and_constants() {
    let bowl = Quadratic::new(vec![0.0, 0.5, 3.0], vec![1.0, -1.0, 0.25]);
    agree("quadratic", &bowl.expect("valid"));
    agree("worst case", &WorstCase::new(7, 3.0).expect("valid"));
    let x = array![[1.0, 2.0, -0.5], [0.0, 1.0, 1.0]];
    let soft = Logistic::new(x.clone(), vec![0.2, 0.7]).expect("valid");
    agree("logistic", &soft);
    assert!(soft.minimiser().is_some());
    let sure = Logistic::new(x, vec![0.0, 1.0]).expect("valid");
    agree("separable", &sure);
    assert!(sure.minimiser().is_none() && sure.minimum() == 0.0);
    agree("saddle", &Saddle);
    agree("double well", &DoubleWell);
    for power in [0.1, 1.0, 4.0] {
        agree("shelf", &Shelf::new(3, power).expect("valid"));
    }
}

/// L is attained: the chain's by its Hessian, the logistic one's at 0.
#[test]
fn smoothness_is_attained() {
    let chain = WorstCase::new(6, 2.0).expect("valid");
    let most = crate::linalg::spectral_radius(&hessian(&chain, &[0.0; 6]).expect("valid"));
    assert!((most.expect("valid") - chain.smoothness()).abs() < 1e-12);
    let best = chain.minimiser().expect("attained");
    let squares: f64 = best.iter().map(|x| x * x).sum();
    assert!((squares - chain.squared_distance()).abs() < 1e-12);
    let soft = Logistic::new(array![[1.0, 2.0], [0.5, -1.0]], vec![0.5, 0.1]).expect("valid");
    let most = crate::linalg::spectral_radius(&hessian(&soft, &[0.0; 2]).expect("valid"));
    assert!((most.expect("valid") - soft.smoothness()).abs() < 1e-12);
}

#[test]
fn the_trap_has_its_mean() {
    let rng = &mut stream(1, "trap", 0);
    let mut g = [0.0];
    let mut cycle = AdamTrap::new(3.0, Order::Cycle).expect("valid");
    let slopes: Vec<f64> = (0..6)
        .map(|_| cycle.draw(&[1.0], &mut g, rng).expect("valid"))
        .collect();
    assert_eq!(slopes, [3.0, -1.0, -1.0, 3.0, -1.0, -1.0]);
    let mut random = AdamTrap::new(5.0, Order::Random { delta: 0.5 }).expect("valid");
    let values: Vec<f64> = (0..20_000)
        .map(|_| random.draw(&[1.0], &mut g, rng).expect("valid"))
        .collect();
    let mean = crate::stats::Estimate::from_values(&values).expect("valid");
    assert!(mean.distance(0.5) < 5.0, "{mean}");
    assert!(AdamTrap::new(2.0, Order::Cycle).is_err());
    assert!(AdamTrap::new(3.0, Order::Random { delta: 3.0 }).is_err());
}

#[test]
fn bad_input_is_an_error() {
    assert!(Quadratic::around_zero(vec![]).is_err());
    assert!(Quadratic::around_zero(vec![-1.0]).is_err());
    assert!(Quadratic::new(vec![1.0], vec![0.0, 0.0]).is_err());
    assert!(WorstCase::new(0, 1.0).is_err() && WorstCase::new(1, f64::NAN).is_err());
    assert!(Shelf::new(1, 5.0).is_err());
    let rows = array![[1.0, 0.0], [2.0, 0.0]];
    assert!(Logistic::new(rows.clone(), vec![0.5, 0.5]).is_err());
    assert!(Logistic::new(rows, vec![0.5]).is_err());
}

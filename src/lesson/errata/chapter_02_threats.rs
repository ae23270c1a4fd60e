//! Errors of the CMSC 828W slides on adversarial examples.

use ndarray::{Array2, array};

use super::Erratum;
use crate::attack::{
    Backward, NormBall, Objective, Quantised, QuerySettings, coordinate_search, fgsm,
};
use crate::data::Dataset;
use crate::data::synthetic::{random_signs, uniform_cube};
use crate::error::Result;
use crate::experiment::Claim;
use crate::model::mlp::Layer;
use crate::model::{Activation, Differentiable, Loss, Mlp};
use crate::optimise::Norm;
use crate::rng::stream;
use crate::stats::mean;

pub(super) const ERRATA: &[Erratum] = &[
    Erratum {
        id: "same_to_a_human",
        chapter: 2,
        slide: "CMSC 828W, \"What is an adversarial example?\": x' is one for x if f(x) ≠ f(x') and f_human(x) = f_human(x). The second is true of \
                every pair; x' belongs on its right.",
        claims: same_to_a_human,
    },
    Erratum {
        id: "untargeted_class",
        chapter: 2,
        slide: "CMSC 828W, \"Untargeted: c* is not given\". The class c* is what an untargeted attack leads away from; not given is the target t.",
        claims: untargeted_class,
    },
    Erratum {
        id: "outer_minimum",
        chapter: 2,
        slide: "CMSC 828W, \"Adversarial Training\": \"Inner max = attack problem (PGD)\", \"Outer max = gradient descent\". The outer problem is a \
                minimum, as the formula above it says.",
        claims: outer_minimum,
    },
    Erratum {
        id: "false_signs",
        chapter: 2,
        slide: "CMSC 828W, \"False assumptions: One step attack > iterative attack, Black-box attack > white-box attack, …\": a black box that does better \
                than the model's own gradient is no assumption that is false. It happens, and is a sign of a hidden gradient.",
        claims: false_signs,
    },
];

/// A linear model of one output.
fn linear(weights: Array2<f64>) -> Mlp {
    Mlp {
        layers: vec![Layer {
            weights,
            bias: None,
            multiplier: 1.0,
        }],
        activation: Activation::Relu,
    }
}

/// Pictures of two classes that a person, who knows the class, tells apart; a model that is right on all.
fn same_to_a_human(seed: u64) -> Result<[Claim; 2]> {
    let rng = &mut stream(seed, "erratum: human", 0);
    let signs = random_signs(40, rng)?;
    let human: Vec<f64> = signs.iter().copied().collect();
    let pairs = (0..40).flat_map(|i| (0..40).map(move |j| (i, j)));
    // Where the model's answers differ, as the definition asks first.
    let differ: Vec<(usize, usize)> = pairs.filter(|(i, j)| human[*i] != human[*j]).collect();
    let same = |of: &dyn Fn(usize, usize) -> bool| {
        mean(differ.iter().map(|(i, j)| f64::from(u8::from(of(*i, *j)))))
    };
    let measured = same(&|i, j| human[i] == human[j]);
    let claim = |text: &str, share| Claim::equals(text, share, measured, 0.0);
    Ok([
        claim(
            "a model that is always right: pairs it tells apart that a person takes for the same, by f_human(x) = f_human(x)",
            same(&|i, _| {
                let (one, other) = (human[i], human[i]);
                one == other
            }),
        ),
        claim(
            "a model that is always right tells no pair apart that a person takes for the same, f_human(x) = f_human(x')",
            0.0,
        ),
    ])
}

/// One FGSM step on a linear model lowers the margin by ε‖w‖₁, if it knows the class; else by nothing, on average.
fn untargeted_class(seed: u64) -> Result<[Claim; 2]> {
    let (epsilon, d) = (0.1, 20);
    let rng = &mut stream(seed, "erratum: untargeted", 0);
    let net = linear(random_signs(d, rng)?.reversed_axes());
    let (x, y) = (uniform_cube(1, d, rng)?, array![[1.0]]);
    let victim = net.checked()?;
    let ball = NormBall::unbounded(Norm::LInf, epsilon);
    let objective = Objective::Loss(Loss::Logistic);
    // By how much the margin of the true class falls when the attack is told a class.
    let fall = |told: f64| -> Result<f64> {
        let slopes =
            crate::attack::Victim::ascent(&victim, &x, &array![[told]], objective)?.gradient;
        let z = &x + &slopes.mapv(|g: f64| epsilon * g.signum());
        Ok((net.forward(&x)? - net.forward(&z)?)[[0, 0]])
    };
    let attacked = fgsm(&victim, &x, &y, &ball, objective)?;
    let measured = (net.forward(&x)? - net.forward(&attacked.inputs)?)[[0, 0]];
    let rounding = 1e-12 * d as f64;
    let claim = |text: &str, predicted| Claim::equals(text, predicted, measured, rounding);
    Ok([
        claim(
            "fall of a linear model's margin by an untargeted step to which c* is not given: the mean over both classes",
            0.5 * (fall(1.0)? + fall(-1.0)?),
        ),
        claim(
            "fall of a linear model's margin by an untargeted step to which c* is given: ε‖w‖₁",
            epsilon * d as f64,
        ),
    ])
}

/// The loss at margins m − ε‖w‖₁ of a linear model, by descent from w = 0.
fn outer_minimum(seed: u64) -> Result<[Claim; 2]> {
    let (epsilon, d, n) = (0.02, 5, 60);
    let rng = &mut stream(seed, "erratum: outer", 0);
    let x = uniform_cube(n, d, rng)? - 0.5;
    let y = x.column(0).mapv(f64::signum).insert_axis(ndarray::Axis(1));
    let data = Dataset::new(x, y)?;
    let mut w = ndarray::Array1::<f64>::zeros(d);
    let margins = |w: &ndarray::Array1<f64>| {
        let attacked = epsilon * w.iter().map(|w| w.abs()).sum::<f64>();
        data.x.dot(w) * data.y.column(0) - attacked
    };
    for _ in 0..200 {
        // Each example weighs 1/(1 + e^m); the sign of 0 is taken as 0.
        let weigh = margins(&w).mapv(|m| 1.0 / (1.0 + m.exp()));
        let towards = data.x.t().dot(&(&weigh * &data.y.column(0)));
        let sign = w.mapv(|w| if w == 0.0 { 0.0 } else { w.signum() });
        w += &((towards - sign * (epsilon * weigh.sum())) * (0.5 / n as f64));
    }
    let loss = mean(margins(&w).iter().map(|m| (-m).exp().ln_1p()));
    let start = 2_f64.ln();
    Ok([
        Claim::at_least(
            "a linear model, loss under attack: the outer problem is a maximum, gradient descent ends no lower than ln 2, where it begins",
            start,
            loss,
            0.0,
        ),
        Claim::less_than(
            "a linear model, loss under attack: the outer problem is a minimum, gradient descent ends below ln 2, where it begins",
            start,
            loss,
            0.0,
        ),
    ])
}

/// A linear model behind a rounding of its pixels: its gradient is 0, its scores tell everything.
fn false_signs(seed: u64) -> Result<[Claim; 2]> {
    let (epsilon, d, n) = (0.2, 16, 50);
    let rng = &mut stream(seed, "erratum: signs", 0);
    // Weights that sum to 0, and y = 1 for all that have a small positive score.
    let mut weights = random_signs(d, rng)?.reversed_axes();
    weights[[0, 0]] = 1.0;
    let net = linear(weights);
    let x = uniform_cube(n, d, rng)?;
    let y = net.forward(&x)?.mapv(f64::signum);
    let defended = Quantised {
        inner: net.checked()?,
        levels: 11,
        backward: Backward::Exact,
    };
    let objective = Objective::Margin;
    let plain = fgsm(
        &defended,
        &x,
        &y,
        &NormBall::new(Norm::LInf, epsilon),
        objective,
    )?;
    let how = QuerySettings {
        epsilon,
        queries: 2 * d + 1,
        ..QuerySettings::default()
    };
    let scores = |rows: &[usize], z: &ndarray::ArrayRef2<f64>| {
        let outputs = crate::attack::Victim::outputs(&defended, z)?;
        Ok(objective
            .of_outputs(&outputs, &y.select(ndarray::Axis(0), rows))?
            .0)
    };
    let asked = coordinate_search(&x, scores, &how, rng)?;
    let share =
        |values: &mut dyn Iterator<Item = bool>| mean(values.map(|v| f64::from(u8::from(v))));
    let white = share(&mut plain.fooled.iter().copied());
    let black = share(&mut asked.values.iter().map(|v| *v >= 0.0));
    let more = black - white;
    Ok([
        Claim::at_most(
            "a black box that asks for scores fools no more pictures than the model's own gradient, which its rounding hides: difference of \
             the shares",
            0.0,
            more,
            0.0,
        ),
        Claim::greater_than(
            "a black box that asks for scores fools more pictures than the model's own gradient, which its rounding hides: difference of the \
             shares",
            0.0,
            more,
            0.0,
        ),
    ])
}

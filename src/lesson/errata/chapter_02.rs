//! Errors of the slides that chapter 2 corrects.

use ndarray::{Array2, array};

use super::Erratum;
use crate::attack::{Objective, Victim};
use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::experiment::Claim;
use crate::model::{Differentiable, Loss, Mlp, MlpSettings};
use crate::rng::stream;

pub(super) const ERRATA: &[Erratum] = &[
    Erratum {
        id: "targeted_sign",
        chapter: 2,
        slide: "Mathematics of deep learning (Scaman), \"Iterative Target Class Method (Kurakin et al., 2016)\": x + ε sign(∇L(θ, x, y_att)), described as \
            gradient descent on the loss with swapped labels. Descent has a minus; a small step with the plus makes the target less likely.",
        claims: targeted_sign,
    },
    Erratum {
        id: "saliency_by_input",
        chapter: 2,
        slide: "Adversarial machine learning (EE-556), \"Application: Adversarial training for better interpretability\": the saliency map is \"∇_x h_x(a)\", where x \
            are the parameters. A map has one number a pixel: it is ∇_a h_x(a), the gradient by the input.",
        claims: saliency_by_input,
    },
];

/// A small network and an input.
fn network(seed: u64) -> Result<(Mlp, Array2<f64>)> {
    let rng = &mut stream(seed, "erratum", 0);
    let net = Mlp::new(&MlpSettings::of_sizes(&[6, 8, 3]), rng)?;
    Ok((net, gaussian(1, 6, rng)?))
}

/// One small signed step along the gradient of the target's loss.
fn targeted_sign(seed: u64) -> Result<[Claim; 2]> {
    let (net, x) = network(seed)?;
    let victim = net.checked()?;
    let target = array![[0.0, 0.0, 1.0]];
    let loss = |x: &Array2<f64>| victim.ascent(x, &target, Objective::Loss(Loss::CrossEntropy));
    let here = loss(&x)?;
    let step = here.gradient.mapv(f64::signum) * 1e-6;
    let change = |x: &Array2<f64>| -> Result<f64> { Ok(loss(x)?.values[0] - here.values[0]) };
    let claim = |text, change| Claim::less_than(text, 0.0, change, 0.0);
    Ok([
        claim(
            "a step x + α sign ∇L(y_att), α = 10⁻⁶, lowers the loss of the target: change",
            change(&(&x + &step))?,
        ),
        claim(
            "a step x − α sign ∇L(y_att) lowers it: change",
            change(&(&x - &step))?,
        ),
    ])
}

/// How many numbers a map has.
fn saliency_by_input(seed: u64) -> Result<[Claim; 2]> {
    let (net, x) = network(seed)?;
    let victim = net.checked()?;
    let vjp = victim.vjp(&victim.trace(&x)?, &array![[1.0, 0.0, 0.0]])?;
    let claim = |text, numbers: usize| Claim::equals(text, x.len() as f64, numbers as f64, 0.0);
    Ok([
        claim(
            "6 pixels, 8 hidden units: the gradient by the parameters has a number for each pixel; numbers",
            vjp.parameters.len(),
        ),
        claim(
            "the gradient by the input has a number for each pixel; numbers",
            vjp.inputs.len(),
        ),
    ])
}

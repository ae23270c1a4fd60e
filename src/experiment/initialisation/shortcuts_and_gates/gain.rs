//! Xavier's weights times a gain: what a layer does to the mean square.

use super::settings::ShortcutsAndGates;
use super::shortcuts::LEVEL;
use crate::data::synthetic::unit_sphere;
use crate::error::Result;
use crate::experiment::{Claim, Context};
use crate::measure::propagation::measure;
use crate::model::{Activation, Init, MlpSettings};
use crate::rng::stream;
use crate::stats::Estimate;

/// Hidden layers of a network.
const LAYERS: usize = 6;

/// One gain and one activation.
pub(super) struct Gain {
    pub activation: Activation,
    pub gain: f64,
    /// What a layer multiplies the mean square by, over layers and draws.
    pub factor: Estimate,
}

impl Gain {
    /// c² for linear, c²/2 for ReLU layers with as many outputs as inputs.
    pub(super) fn predicted(&self) -> f64 {
        let share = match self.activation {
            Activation::Relu => 0.5,
            _ => 1.0,
        };
        share * self.gain * self.gain
    }
}

impl ShortcutsAndGates {
    pub(super) fn gains(&self, seed: u64, context: &Context) -> Result<Vec<Gain>> {
        let both = [Activation::Linear, Activation::Relu];
        let places = both
            .iter()
            .flat_map(|&one| self.gain.iter().map(move |&gain| (one, gain)));
        context.each("gains", places.zip(0..), |((activation, gain), index)| {
            let mut sizes = vec![self.width; LAYERS + 1];
            sizes.push(1);
            let settings = MlpSettings {
                sizes,
                activation,
                biases: false,
                // U[−r, r] with r = √(6c²/(d + d')).
                init: Init::XAVIER_UNIFORM.with_gain(gain),
            };
            let x = unit_sphere(1, self.width, &mut stream(seed, "input of a gain", index))?;
            let seed = seed.wrapping_mul(64).wrapping_add(index);
            let drawn = measure(&settings, &x.row(0), self.draws, seed)?.draws;
            // A layer without an active unit says nothing of the next: 0/0.
            let steps = drawn
                .iter()
                .flat_map(|draw| draw.forward[..LAYERS].windows(2));
            let factors = steps.filter(|z| z[0] > 0.0).map(|z| z[1] / z[0]);
            let factor = Estimate::from_values(&factors.collect::<Vec<f64>>())?;
            Ok(Gain {
                activation,
                gain,
                factor,
            })
        })
    }
}

/// Given a layer's input, the mean of its factor is c² or c²/2 whatever came before.
pub(super) fn claims(gains: &[Gain]) -> Result<Vec<Claim>> {
    let distances = gains.iter().map(|one| one.factor.distance(one.predicted()));
    let mut claims = vec![Claim::all_within(
        "Xavier's U[−r, r] with r = √(6c²/(d + d')), d = d': a layer multiplies the mean square by c² \
         if linear, by c²/2 if ReLU",
        distances,
        LEVEL,
        None,
    )?];
    let near = |c: f64| gains.iter().filter(move |one| (one.gain - c).abs() < 1e-9);
    for (c, activation, rival, meaning) in [
        (1.0, Activation::Relu, 1.0, "the linear factor"),
        (
            std::f64::consts::SQRT_2,
            Activation::Relu,
            2.0,
            "the linear factor",
        ),
        (
            std::f64::consts::SQRT_2,
            Activation::Linear,
            1.0,
            "He's factor for ReLU",
        ),
    ] {
        for one in near(c).filter(|one| one.activation == activation) {
            let text = format!("c = {c:.4}, {activation}: factor of a layer");
            let claim = Claim::mean_equals(&text, one.predicted(), one.factor, 0.0, LEVEL)?;
            claims.push(claim.against(rival, meaning));
        }
    }
    Ok(claims)
}

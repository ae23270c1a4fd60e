//! Other methods as members of the template: the bias of their steps, beside −αV.

use super::settings::Chosen;
use crate::error::Result;
use crate::experiment::{Claim, Draft};
use crate::game::method::robbins_monro::implied_bias;
use crate::game::method::{Eg, Ogda, Ppm, Rfbs};
use crate::optimise::Field;
use crate::real::norm;
use crate::rng::stream;
use crate::stats::{exact_power_law, largest};

/// Steps α at which a bias is measured.
const STEPS: [f64; 4] = [0.04, 0.02, 0.01, 0.005];

/// ‖U‖ of EG, OGDA, PPM and RFBS at the game's start, reached by a step −αV.
fn sizes(game: Chosen, alpha: f64) -> Result<[f64; 4]> {
    let (z, mut v) = (game.start(), [0.0; 2]);
    game.at(&z, &mut v)?;
    let before = [z[0] + alpha * v[0], z[1] + alpha * v[1]];
    let rng = &mut stream(0, "no noise", 0);
    let biases = [
        implied_bias(&game, &Eg::new(alpha), alpha, &before, &z, rng)?,
        implied_bias(&game, &Ogda::new(alpha), alpha, &before, &z, rng)?,
        implied_bias(&game, &Ppm::new(alpha), alpha, &before, &z, rng)?,
        implied_bias(&game, &Rfbs::new(alpha), alpha, &before, &z, rng)?,
    ];
    Ok(biases.map(|bias| norm([&bias[..]])))
}

pub(super) fn claims(found: Draft, game: Chosen) -> Result<Draft> {
    let sizes = STEPS.map(|alpha| sizes(game, alpha));
    let sizes = sizes.into_iter().collect::<Result<Vec<_>>>()?;
    let slope = |method: usize| {
        let own: Vec<f64> = sizes.iter().map(|all| all[method]).collect();
        Ok(exact_power_law(&STEPS, &own)?.exponent)
    };
    let slopes = (0..4).map(slope).collect::<Result<Vec<f64>>>()?;
    let apart = largest(slopes.iter().map(|s| (s - 1.0).abs()));
    Ok(found
        .claim(Claim::at_most(
            "EG, OGDA, PPM and RFBS take the steps −α(V + U) with a bias ‖U‖ of order α, which falls with the steps: exponents, largest \
             distance from 1",
            // Nearer to 1 than to 0 and to 2.
            0.5,
            apart,
            0.0,
        ))
        .against(1.0, "a bias that stays, or one of order α²")
        .measure("bias_exponents", slopes))
}

//! Numbers and claims.

use super::figure::figure;
use super::matrix::Matrix;
use super::networks::Networks;
use super::queries::Asked;
use super::settings::TransferAttack;
use crate::error::Result;
use crate::experiment::{Claim, Findings};
use crate::stats::{Estimate, least, mean};

/// How often chance alone may make a claim about means fail.
const LEVEL: f64 = 1e-3;

/// Fewer images than this leave standard errors as large as what is told.
const FEW: usize = 40;

/// With a clean accuracy below this classifiers have hardly learned.
const LEARNED: f64 = 0.5;

pub(super) fn findings(
    settings: &TransferAttack,
    networks: &Networks,
    matrix: &Matrix,
    asked: &Asked,
) -> Result<Findings> {
    let count = networks.nets.len();
    let images = networks.test.len();
    let own = |image: usize| mean((0..count).map(|i| matrix.fooled[i][i][image]));
    let others = |image: usize| {
        let pairs = (0..count).flat_map(|i| (0..count).map(move |j| (i, j)));
        mean(
            pairs
                .filter(|(i, j)| i != j)
                .map(|(i, j)| matrix.fooled[i][j][image]),
        )
    };
    let chance = |image: usize| mean(matrix.by_chance.iter().map(|one| one[image]));
    let estimate = |of: &dyn Fn(usize) -> f64| Estimate::of(0..images, of);
    let lost = estimate(&|i| own(i) - others(i))?;
    let kept = estimate(&|i| others(i) - chance(i))?;
    let rounding = 4.0 * f64::EPSILON;
    let mut found = Findings::of(&matrix.pairs)
        .measure("transfer_over_chance", kept.mean)
        .measure("own_over_transfer", lost.mean);
    let clean = matrix
        .pairs
        .iter()
        .filter(|p| p.made_on == "clean")
        .map(|p| p.accuracy);
    let clean = mean(clean);
    let [own_fooled, by_transfer, by_chance] =
        [estimate(&own)?, estimate(&others)?, estimate(&chance)?].map(|share| share.mean);
    let blind = if images < FEW {
        Some("too few images: set test to 40 or more")
    } else if clean < LEARNED {
        Some("the classifiers have hardly learned: set a larger n, more epochs or a larger width")
    } else {
        None
    };
    // What a transfer can add to coins lies between them and the victim's own gradient.
    let no_room = blind.or(if by_chance > 0.5 {
        Some("random signs alone fool half of the images: set a smaller epsilon")
    } else if own_fooled - by_chance < 0.3 {
        Some("the victim's own gradients fool few images more than random signs: set another epsilon")
    } else {
        None
    });
    let no_rest = blind
        .or((by_transfer > 0.9)
            .then_some("transfers fool nearly all images: set a smaller epsilon"));
    found = found
        .claim(
            Claim::positive(
                "made on a substitute, inputs fool others (trend): share of images fooled by a transfer less that by random signs of \
                 the same ε; means over all pairs",
                kept,
                LEVEL,
            )?
            .headline(),
        )
        .trend(networks.mnist)
        .not_measured_if(no_room.is_some(), no_room.unwrap_or_default())
        .claim(Claim::positive(
            "the victim's own gradients fool it more often (trend): share of images fooled less that by a transfer; means over all \
             pairs",
            lost,
            LEVEL,
        )?)
        .trend(networks.mnist)
        .not_measured_if(no_rest.is_some(), no_rest.unwrap_or_default());
    found = found
        .claim(Claim::at_most(
            "no pixel of any attack goes farther than ε; largest way over ε",
            1.0,
            matrix.spent.0 / settings.epsilon,
            // x ± ε is rounded once, and so is the difference.
            rounding / settings.epsilon,
        ))
        .bound()
        .claim(Claim::at_most(
            "no pixel leaves [0, 1]: largest way out",
            0.0,
            matrix.spent.1,
            0.0,
        ))
        .bound()
        .measure("share_fooled_own", own_fooled)
        .measure("share_fooled_transfer", by_transfer)
        .measure("share_fooled_random", by_chance);
    if let Some(linear) = &asked.linear {
        // d additions, in units of scores whose rises are ε‖w‖₁ at most.
        let rounding = 1e-10 * crate::stats::larger(1.0, linear.without_range);
        found = found
            .claim(
                Claim::at_most(
                    "black box, linear: once each pixel was tried up and down, the score of the rival over the true class is its exact maximum \
                     over the ball and [0, 1]; largest difference",
                    0.0,
                    linear.apart,
                    rounding,
                )
                .against(linear.without_range, "ε‖w‖₁, as if pixels had no range")
                .headline(),
            )
            .claim(Claim::at_most(
                "black box, linear: 2d + 1 queries at most find that maximum; most that were used",
                (2 * linear.pixels + 1) as f64,
                linear.queries as f64,
                0.0,
            ))
            .bound();
    }
    for (name, accuracy) in settings.substitute.iter().zip(&asked.accuracy) {
        found = found.measure(by_queries(name), accuracy.clone());
    }
    let pairs = settings.substitute.iter().zip(&asked.accuracy);
    let rises = pairs.flat_map(|(_, a)| {
        a.windows(2)
            .map(|two| two[0] - two[1])
            .collect::<Vec<f64>>()
    });
    if settings.queries.len() > 1 {
        found = found
            .claim(Claim::at_least(
                "more queries never help the victim: least fall of its accuracy from one budget to the next",
                0.0,
                least(rises),
                0.0,
            ))
            .identity();
    }
    // Of the images that the box is asked about.
    let last = asked
        .until
        .iter()
        .map(|until| until.len() - until.iter().flatten().count());
    let box_accuracy = mean(
        last.zip(&asked.until)
            .map(|(right, until)| right as f64 / until.len() as f64),
    );
    Ok(found
        .measure("clean_accuracy", clean)
        .measure("black_box_accuracy", box_accuracy)
        .figure(figure(settings, matrix, asked)))
}

fn by_queries(name: &str) -> &'static str {
    match name {
        "linear" => "accuracy_by_queries_linear",
        "narrow" => "accuracy_by_queries_narrow",
        "wide" => "accuracy_by_queries_wide",
        "deep" => "accuracy_by_queries_deep",
        _ => "accuracy_by_queries_other_data",
    }
}

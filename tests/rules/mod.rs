//! What a row of a table of claims must satisfy, wherever it is shown: in an experiment, a cell or a correction.

use dltheory::experiment::{Claim, Nature, Relation};

/// Tables show some rows and fold the others, so none may lean on the one above it.
pub(crate) fn leans(text: &str) -> bool {
    let first = [
        "and", "so", "but", "which", "that", "there", "while", "then", "it", "its", "this",
        "these", "they", "by the",
    ];
    let begins = |word: &&str| {
        text.strip_prefix(*word)
            .is_some_and(|rest| rest.starts_with(' '))
    };
    first.iter().any(begins) || text.contains("likewise") || text.contains("just so")
}

/// Whether a row can tell anything: one that would hold whatever comes out does not. A wide tolerance names the rival that it
/// excludes; the limit of a one-sided row is its prediction, since one written as a tolerance about 0 reads as broken when it
/// is kept, and what noise adds to it is less than the prediction.
pub(crate) fn tells(
    relation: Relation,
    nature: Nature,
    predicted: f64,
    tolerance: f64,
    rival: bool,
) -> bool {
    let predicted = predicted.abs();
    match (nature, relation) {
        // Some are in single precision.
        (Nature::Identity, _) => tolerance <= 1e-4 * predicted.max(1.0),
        (_, Relation::Equal) => tolerance <= 0.3 * predicted || rival,
        _ => tolerance <= (0.3 * predicted).max(1e-6) || (rival && tolerance < predicted),
    }
}

/// [`tells`] of a claim.
pub(crate) fn tells_something(claim: &Claim) -> bool {
    let rival = claim.rival().is_some();
    tells(
        claim.relation(),
        claim.nature(),
        claim.predicted(),
        claim.tolerance(),
        rival,
    )
}

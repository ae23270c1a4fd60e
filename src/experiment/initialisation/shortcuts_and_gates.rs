//! Shortcuts, gates, dropout: three changes of the architecture, each with its exact law; and the gain of Xavier's weights.

mod dropout;
mod figure;
mod gain;
mod gates;
mod settings;
mod shortcuts;

use crate::error::Result;
use crate::experiment::{About, Claim, Context, Findings, Study};
use figure::figure;
pub use settings::ShortcutsAndGates;
use shortcuts::{Shortcuts, State, all_states};

impl Study for ShortcutsAndGates {
    const ABOUT: About = About {
        id: "shortcuts_and_gates",
        title: "Shortcuts, gates and dropout",
        what: "Follows signals and gradients through residual networks: a branch that keeps the mean square doubles it a \
               block, one of He's variance triples it, and branches scaled by 1/√L end near e, at every width. Compares the \
               gradient along a gated cell with the product of its forget gates, and what the gate's bias does. Compares \
               least squares under dropout with its mean, a ridge penalty, and with descent under fresh masks. Tries the \
               gain c of Xavier's uniform weights: a layer multiplies by c² or, with ReLU, by c²/2.",
        slide: "Scaman, Stability and robustness: \"Architecture changes\" (gates in RNNs, residuals in CNNs, dropout), \"Xavier \
                initialization\"; after He, Zhang, Ren & Sun 2016, arXiv:1512.03385",
        columns: State::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let shortcuts = self.shortcuts(seed, context)?;
        let gains = self.gains(seed, context)?;
        let biases = self.biases(seed, context)?;
        let differences = self.differences(seed, context)?;
        let dropout = self.dropout(seed, context)?;
        let [added, he, scaled @ ..] = &shortcuts[..] else {
            unreachable!("two networks are added as they are, and one or more scaled");
        };
        let mut found = Findings::of(shortcuts.iter().flat_map(|one| &one.states))
            .claim(added.block(1.0, "a plain network of He's")?)
            .headline()
            .measured_as("factor_kept")
            .claim(he.block(2.0, "a branch that keeps")?)
            .headline()
            .measured_as("factor_he");
        for one in scaled {
            found = found.claim(approaches_e(one)?);
        }
        let most = &scaled[scaled.len() - 1];
        found = found
            .headline()
            .measured_as("most_scaled_end")
            .claim(added.end(
                &format!("branch keeps: E‖x‖² after {} blocks is 2^{0}", self.depth),
                1.0,
                "a plain network of He's",
            )?)
            .measured_as("added_end")
            .claim(all_states(&shortcuts, "forward", |s| s.forward)?)
            .claim(all_states(&shortcuts, "backward", |s| s.backward)?)
            .claims(gain::claims(&gains)?)
            .claims(gates::claims(&biases, &differences)?)
            .claims(dropout::claims(&dropout)?)
            .measure(
                "most_scaled_predicted",
                most.states[most.settings.blocks].predicted,
            );
        Ok(found.figure(figure(&shortcuts, &gains, &biases, &dropout)))
    }
}

fn approaches_e(one: &Shortcuts) -> Result<Claim> {
    let blocks = one.settings.blocks;
    let text = format!(
        "{}: E‖x‖² after {blocks} blocks is (1 + 1/{blocks})^{blocks}, below e",
        one.name
    );
    one.end(&text, 1.0, "no growth")
}

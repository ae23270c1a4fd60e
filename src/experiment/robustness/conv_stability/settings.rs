//! What can be set.

use crate::error::{Error, Result};
use crate::experiment::settings;

settings! {
    /// Settings of `conv_stability`.
    pub struct ConvStability {
        /// Layers of weights L, even: a convolution, blocks of two, a linear layer.
        depths: Vec<usize> = vec![4, 6, 8, 10], quick vec![4, 10], in 4..=20, increasing;
        /// Channels of every hidden layer.
        channels: Vec<usize> = vec![8, 16, 32], quick vec![8, 16], in 1..=256, increasing;
        /// The factor α of a residual network's branches.
        branch: f64 = 1.0, in 0.1..=2.0;
        /// Networks drawn for each kind, depth and number of channels.
        draws: usize = 400, in 20..=100_000;
        /// Of these, networks whose P/ε is also measured by sampled steps.
        stepped: usize = 30, quick 20, in 2..=10_000;
        /// Also train networks and measure them again?
        trained: bool = true;
        /// Networks trained for each kind, of the least and largest depth and number of channels.
        trained_draws: usize = 3, quick 2, in 2..=100;
        /// Digits they are trained on.
        n: usize = 16, quick 8, in 4..=1000;
        /// Steps of full-batch descent.
        steps: usize = 25, quick 10, in 1..=10_000;
        /// The two digits told apart, as −1 and +1.
        digits: Vec<usize> = vec![3, 7], in 0..=255, len 2;
    }
}

impl ConvStability {
    /// Checks what limits alone do not say.
    pub(super) fn check(&self) -> Result<()> {
        if let Some(odd) = self.depths.iter().find(|depth| *depth % 2 == 1) {
            let expected = "even numbers: a block of a residual network has two layers";
            return Err(Error::domain("depths", expected, odd));
        }
        if self.stepped > self.draws {
            let expected = format!("at most draws, {}", self.draws);
            return Err(Error::domain("stepped", expected, self.stepped));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_named() {
        let error = |settings: ConvStability| settings.check().expect_err("refused").to_string();
        let odd = ConvStability {
            depths: vec![4, 7],
            ..ConvStability::default()
        };
        assert!(error(odd).starts_with("depths is 7, expected even numbers"));
        let many = ConvStability {
            stepped: 700,
            ..ConvStability::default()
        };
        assert!(error(many).starts_with("stepped is 700, expected at most draws, 400"));
        assert!(ConvStability::default().check().is_ok() && ConvStability::quick().check().is_ok());
    }
}

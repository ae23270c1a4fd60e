//! What can be set, and the grid of hyper-parameters.

use crate::error::{Error, Result};
use crate::experiment::settings;

settings! {
    /// Settings of `complexity_correlation`.
    pub struct ComplexityCorrelation {
        /// How many networks are trained: a multiple of the number of combinations of the varied hyper-parameters. A
        /// multiple k trains each combination k times, from other initial weights and in another order of the examples.
        networks: usize = 144, quick 64, in 2..=20_000;
        /// The hyper-parameters that are varied. The others keep the first value of their list.
        hyper: Vec<&'static str> = vec!["width", "depth", "learning_rate", "batch", "weight_decay"],
            in ["width", "depth", "learning_rate", "batch", "weight_decay"], len 1..=5;
        /// Units of each hidden layer.
        widths: Vec<usize> = vec![32, 128], quick vec![16, 64], in 1..=1024, len 1..=6;
        /// Hidden layers.
        depths: Vec<usize> = vec![1, 2, 3], quick vec![1, 2], in 1..=8, len 1..=6;
        /// Learning rates of SGD with momentum 0.9.
        learning_rates: Vec<f64> = vec![0.02, 0.06], in 1e-6..=10.0, len 1..=6;
        /// Examples a step.
        batches: Vec<usize> = vec![32, 128], in 1..=10_000, len 1..=6;
        /// Weight decay λ: training adds (λ/2)‖weights‖² to the loss.
        weight_decays: Vec<f64> = vec![0.0, 3e-4], in 0.0..=1.0, len 1..=6;
        /// Training images, the same for all networks.
        n: usize = 1000, quick 300, in 20..=50_000;
        /// Test images, the same for all networks.
        test: usize = 4000, quick 1000, in 50..=50_000;
        /// Training stops where the mean cross-entropy of the training images is at most this.
        target: f64 = 0.01, in 1e-4..=1.0;
        /// Epochs after which training stops anyway; such a network is counted and left out.
        epochs: usize = 400, in 1..=10_000;
    }
}

/// The hyper-parameters in the order of a [`Run`]'s values.
pub(super) const HYPER: [&str; 5] = ["width", "depth", "learning_rate", "batch", "weight_decay"];

/// One network to be trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Run {
    /// Its number.
    pub index: usize,
    /// Which repeat of the grid it belongs to.
    pub repeat: usize,
    /// Its hyper-parameters, in the order of [`HYPER`].
    pub hyper: [f64; 5],
}

/// Every combination of the varied hyper-parameters, a number of times.
pub(super) struct Grid {
    /// The values of every hyper-parameter, in the order of [`HYPER`]; one for those not varied.
    levels: [Vec<f64>; 5],
    /// How often every combination is trained.
    pub repeats: usize,
}

impl Grid {
    /// # Errors
    /// A hyper-parameter is named twice, has one value only, or a value twice; the number of
    /// networks is no multiple of the number of combinations.
    pub(super) fn new(settings: &ComplexityCorrelation) -> Result<Self> {
        let whole = |list: &[usize]| list.iter().map(|&v| v as f64).collect::<Vec<f64>>();
        let mut levels = [
            whole(&settings.widths),
            whole(&settings.depths),
            settings.learning_rates.clone(),
            whole(&settings.batches),
            settings.weight_decays.clone(),
        ];
        for (name, levels) in HYPER.iter().zip(&mut levels) {
            let listed = settings.hyper.iter().filter(|h| *h == name).count();
            let refuse = |expected: &str, got: String| {
                Err(Error::domain(
                    &format!("hyper-parameter {name}"),
                    expected,
                    got,
                ))
            };
            match listed {
                0 => levels.truncate(1),
                1 if levels.len() < 2 => {
                    return refuse("two or more values, to be varied", format!("{levels:?}"));
                }
                1 => {
                    let mut sorted = levels.clone();
                    sorted.sort_by(f64::total_cmp);
                    if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
                        return refuse("different values", format!("{levels:?}"));
                    }
                }
                _ => return refuse("named once in `hyper`", format!("named {listed} times")),
            }
        }
        let points: usize = levels.iter().map(Vec::len).product();
        if !settings.networks.is_multiple_of(points) {
            let expected = format!("a multiple of the {points} combinations of hyper-parameters");
            return Err(Error::domain(
                "setting `networks`",
                expected,
                settings.networks,
            ));
        }
        Ok(Self {
            levels,
            repeats: settings.networks / points,
        })
    }

    /// Run number `index`: the repeats one after the other, each with every combination.
    pub(super) fn run(&self, index: usize) -> Run {
        let points: usize = self.levels.iter().map(Vec::len).product();
        let mut rest = index % points;
        let hyper = std::array::from_fn(|column| {
            let levels = &self.levels[column];
            let value = levels[rest % levels.len()];
            rest /= levels.len();
            value
        });
        Run {
            index,
            repeat: index / points,
            hyper,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_comes_once_a_repeat() {
        let settings = ComplexityCorrelation::default();
        let grid = Grid::new(&settings).expect("valid");
        assert_eq!(grid.repeats, 3);
        let mut seen: Vec<String> = (0..48)
            .map(|i| format!("{:?}", grid.run(i).hyper))
            .collect();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), 48);
        assert_eq!(grid.run(1).hyper, grid.run(49).hyper);
        assert_eq!((grid.run(47).repeat, grid.run(48).repeat), (0, 1));
    }

    #[test]
    fn hyper_parameters_not_varied_keep_their_first_value() {
        let settings = ComplexityCorrelation {
            networks: 6,
            hyper: vec!["depth"],
            ..Default::default()
        };
        let grid = Grid::new(&settings).expect("valid");
        assert_eq!(grid.run(4).hyper, [32.0, 2.0, 0.02, 32.0, 0.0]);
        assert_eq!(grid.repeats, 2);
    }

    #[test]
    fn settings_that_do_not_fit_are_refused() {
        let refusal = |change: &dyn Fn(&mut ComplexityCorrelation)| {
            let mut settings = ComplexityCorrelation::default();
            change(&mut settings);
            Grid::new(&settings).err().expect("refused").to_string()
        };
        assert!(refusal(&|s| s.networks = 100).contains("48 combinations"));
        assert!(refusal(&|s| s.hyper = vec!["width", "width"]).contains("named 2 times"));
        assert!(refusal(&|s| s.widths = vec![32]).contains("hyper-parameter width is [32.0]"));
        assert!(refusal(&|s| s.depths = vec![1, 2, 1]).contains("different values"));
    }
}

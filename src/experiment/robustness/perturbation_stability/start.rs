//! Networks before training, beside what is known of them.

use ndarray::s;

use super::settings::PerturbationStability;
use crate::data::synthetic::orthonormal_rows;
use crate::data::{Dataset, train_test_split, two_classes};
use crate::error::{Error, Result};
use crate::experiment::Context;
use crate::measure::lipschitz::local_lipschitz;
use crate::measure::robustness::{
    InitialGradient, LazyScheme, StabilityBound, ball_constant, initial_gradient,
    lazy_stability_bound, perturbation_stability,
};
use crate::model::{Init, Mlp, MlpSettings};
use crate::rng::stream;
use crate::stats::{Estimate, larger};

/// The steps sampled around each input.
const DIRECTIONS: usize = 32;

/// One initialisation, depth and width before training.
pub(super) struct Start {
    pub init: &'static str,
    pub depth: usize,
    pub width: usize,
    /// P/ε by sampled steps, over networks.
    pub stability: Estimate,
    /// ‖∇h‖², over networks.
    pub square: Estimate,
    /// c_p E‖∇h‖, exact.
    pub predicted: f64,
    pub exact: InitialGradient,
    pub bound: StabilityBound,
}

/// The row of the slide's table for an initialisation.
fn scheme(init: &str) -> LazyScheme {
    match init {
        "lecun" => LazyScheme::LeCun,
        "he" => LazyScheme::He,
        _ => LazyScheme::Ntk,
    }
}

impl PerturbationStability {
    /// n digits in p orthonormal directions, each of norm 1, with targets ±1, `(n, 1)`; and whether they are MNIST's.
    pub(super) fn digits(&self, context: &Context, seed: u64) -> Result<(Dataset, bool)> {
        let class = |digit: usize| {
            u8::try_from(digit).map_err(|_| Error::domain("class", "0 to 255", digit))
        };
        let images = context.data.load()?;
        let all = two_classes(&images, class(self.digits[0])?, class(self.digits[1])?)?;
        let rng = &mut stream(seed, "stability digits", 0);
        let rows = train_test_split(all.len(), self.n, 0, rng)?.train;
        let some = all.select(&rows)?;
        let turned = orthonormal_rows(self.input_dim, some.x.ncols(), rng)?;
        let mut x = some.x.dot(&turned.t());
        for mut row in x.rows_mut() {
            let norm = row.dot(&row).sqrt();
            row /= larger(norm, f64::MIN_POSITIVE);
        }
        Ok((Dataset::new(x, some.y)?, images.is_mnist()))
    }

    fn sizes(&self, depth: usize, width: usize) -> Vec<usize> {
        let mut sizes = vec![width; depth + 1];
        (sizes[0], sizes[depth]) = (self.input_dim, 1);
        sizes
    }

    pub(super) fn net(&self, (init, depth, width): (&str, usize, usize)) -> MlpSettings {
        let init = match init {
            "lecun" => Init::LECUN,
            "he" => Init::HE,
            "ntk" => Init::NTK,
            _ => Init::normal((width as f64).powf(-self.non_lazy_power)),
        };
        MlpSettings {
            biases: false,
            init,
            ..MlpSettings::of_sizes(&self.sizes(depth, width))
        }
    }

    /// Draws networks, each measured at one digit.
    pub(super) fn start(
        &self,
        (init, depth, width): (&'static str, usize, usize),
        data: &Dataset,
        seed: u64,
    ) -> Result<Start> {
        let settings = self.net((init, depth, width));
        let label = format!("start {init} {depth} {width}");
        let (mut moved, mut squares) = (Vec::new(), Vec::new());
        for index in 0..self.draws {
            let rng = &mut stream(seed, &label, index as u64);
            let net = Mlp::new(&settings, rng)?;
            let row = index % data.len();
            let x = data.x.slice(s![row..=row, ..]);
            moved.push(perturbation_stability(&net, &x, DIRECTIONS, rng)?.mean);
            squares.push(local_lipschitz(&net, &x)?[0].powi(2));
        }
        let exact = initial_gradient(&settings.init, &settings.sizes)?;
        Ok(Start {
            init,
            depth,
            width,
            stability: Estimate::from_values(&moved)?,
            square: Estimate::from_values(&squares)?,
            predicted: ball_constant(self.input_dim)? * exact.mean,
            exact,
            bound: lazy_stability_bound(scheme(init), depth, width, self.input_dim)?,
        })
    }

    /// The exact P/ε at the start and the slide's bound for it.
    pub(super) fn formulas(&self, place: (&str, usize, usize)) -> Result<(f64, f64)> {
        let ((init, depth, width), settings) = (place, self.net(place));
        let exact = initial_gradient(&settings.init, &settings.sizes)?;
        let bound = lazy_stability_bound(scheme(init), depth, width, self.input_dim)?;
        Ok((ball_constant(self.input_dim)? * exact.mean, bound.value))
    }
}

//! Waves in the units of a network.

use ndarray::{Array1, ArrayView2};

use crate::data::ModularTable;
use crate::error::{Result, check_finite};
use crate::fit::{PairDescent, pair_descent};
use crate::model::{Activation, PairNetwork};
use crate::optimise::{Adam, Optimiser};
use crate::plot::{Figure, Panel};
use crate::rng::stream;
use crate::stats::larger;

/// p.
const MODULUS: usize = 23;
/// Frequencies K = (p − 1)/2.
const WAVES: usize = (MODULUS - 1) / 2;
/// Bars of a histogram.
const BINS: usize = 20;

/// The share of the largest wave in every column of U, W and V of a network, as `share` finds it in a column `(p,)`: before
/// and after the network has learned to add modulo 23. The line is the exact density of the first: columns of independent
/// normal numbers.
///
/// # Errors
/// A share that is not finite.
pub fn shares_of_waves(share: impl Fn(&Array1<f64>) -> f64) -> Result<Figure> {
    let rng = &mut stream(1, "redraw: waves", 0);
    let table = ModularTable::draw(MODULUS, 0.6, rng)?;
    let start = PairNetwork::<f32>::draw((MODULUS, 128), Activation::Quadratic, 0.5, rng)?;
    let settings = PairDescent {
        rule: Optimiser::Adam(Adam {
            beta2: 0.98,
            weight_decay: 1.0,
            ..Adam::default()
        }),
        rate: 0.01,
        steps: 500,
        record_every: 500,
    };
    let end = pair_descent(&start, &table, &settings)?.net;
    let of = |net: &PairNetwork<f32>| -> Result<Vec<f64>> {
        let of_part = |part: &ArrayView2<'_, f32>| -> Vec<f64> {
            let columns = part.columns().into_iter();
            columns.map(|u| share(&u.mapv(f64::from))).collect()
        };
        let shares = net.parts().iter().flat_map(of_part).collect::<Vec<f64>>();
        check_finite("your shares", &shares)?;
        Ok(shares)
    };
    let x: Vec<f64> = (0..=200).map(|i| f64::from(i) / 200.0).collect();
    let exact: Vec<f64> = x.iter().map(|x| density(*x)).collect();
    let panel = |title| Panel::new("share of a column's largest wave", "density").title(title);
    Ok(Figure::new("Waves in the units, by your function")
        .panel(
            panel("before training")
                .histogram("yours", &of(&start)?, BINS)
                .line("chance, exact", &x, &exact),
        )
        .panel(panel("after it").histogram("yours", &of(&end)?, BINS)))
}

/// The density of the share of the largest of K waves in normal numbers: it is above x with the probability
/// Σ_j (−1)^(j−1) (K over j) (1 − jx)^(K−1), over all j ≥ 1 with jx < 1.
///
/// # Reference
/// Fisher 1929, "Tests of significance in harmonic analysis", doi:10.1098/rspa.1929.0151.
fn density(x: f64) -> f64 {
    let (mut sum, mut choices) = (0.0, -1.0);
    for j in 1..=WAVES {
        choices *= -((WAVES + 1 - j) as f64) / j as f64;
        let rest = larger(1.0 - j as f64 * x, 0.0);
        sum += choices * (j * (WAVES - 1)) as f64 * rest.powi(WAVES as i32 - 2);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{largest_wave, largest_wave_by_chance};
    use crate::plot::Layer;

    /// Its integral is 1, and its mean is the one known from spacings.
    #[test]
    fn the_density_has_the_known_mean() {
        let steps = 20_000;
        let at = |i: usize| (i as f64 + 0.5) / steps as f64;
        let integral = |f: &dyn Fn(f64) -> f64| {
            (0..steps).map(|i| f(at(i)) * density(at(i))).sum::<f64>() / steps as f64
        };
        let mean = largest_wave_by_chance(MODULUS).expect("odd");
        assert!((integral(&|_| 1.0) - 1.0).abs() < 1e-6);
        assert!((integral(&|x| x) - mean).abs() < 1e-6);
        // No share is below 1/K.
        assert!(density(0.9 / WAVES as f64).abs() < 1e-9);
    }

    #[test]
    fn the_units_become_waves() {
        let share = |u: &Array1<f64>| largest_wave(u).expect("odd").share;
        let figure = shares_of_waves(share).expect("drawn");
        let mean = |panel: usize| {
            let Layer::Histogram(bars) = &figure.panels[panel].layers[0] else {
                panic!("a histogram");
            };
            let bar = |(edges, height): (&[f64], &f64)| {
                0.5 * (edges[1] * edges[1] - edges[0] * edges[0]) * height
            };
            bars.edges
                .windows(2)
                .zip(&bars.heights)
                .map(bar)
                .sum::<f64>()
        };
        let chance = largest_wave_by_chance(MODULUS).expect("odd");
        assert!((mean(0) - chance).abs() < 0.05, "{}", mean(0));
        assert!(mean(1) > 0.8, "{}", mean(1));
        assert!(shares_of_waves(|_| f64::NAN).is_err());
    }
}

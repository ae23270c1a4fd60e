//! How many points are ε apart in a cube, and how many ReLU units it takes to tell them apart.

use ndarray::{Array1, Array2, array};
use rand::seq::IndexedRandom;

use crate::data::synthetic::{random_signs, uniform_cube};
use crate::error::Result;
use crate::experiment::{About, Claim, Context, Draw, Findings, Study, row, settings};
use crate::fit::memorising_network;
use crate::measure::least_relu_units;
use crate::model::mlp::Layer;
use crate::model::{Activation, Mlp};
use crate::plot::{Figure, Panel};
use crate::stats::{larger, largest, least};

/// The most points that are counted.
const COUNTED: usize = 1 << 18;

/// Pairs of points that one unit tells apart.
const PAIRS: u64 = 50;

settings! {
    /// Settings of `separated_sets`.
    pub struct SeparatedSets {
        /// The dimensions p of the cube [0, 1]^p.
        dims: Vec<usize> = vec![1, 2, 3, 4], in 1..=10, len 1..=10;
        /// Grids of at most this many points are also fitted.
        fitted: usize = 1000, quick 400, in 2..=4000;
    }
}

row! {
    /// The grid with one gap in one dimension.
    struct Grid {
        /// p
        dimension: usize;
        /// ε: no two points are nearer in the largest difference of a coordinate
        gap: f64;
        /// (1/ε + 1)^p: no set of points that far apart is larger
        points: usize;
        /// by counting, the fewest hidden units with which every labelling of the points might be possible
        counted: usize;
        /// hidden units of the network that is written down for random labels; empty where there are too many points
        used: Option<usize>;
        /// share of the labels that it gives
        right: Option<f64>;
    }
}

impl Study for SeparatedSets {
    const ABOUT: About = About {
        id: "separated_sets",
        title: "Points ε apart and the units that tell them apart",
        what: "The points of a grid of gap ε in [0, 1]^p are (1/ε + 1)^p. For some labels of theirs a two-layer ReLU network needs nearly as many \
               units, but for a logarithm: by counting sign patterns. As many units as points are enough for any labels: such a \
               network is written down. Two points take one unit, however near they are.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Why robust generalization is difficult?\", curse of \
                dimensionality; after Li, Jin, Zhong, Hopcroft & Wang 2022, arXiv:2205.13863",
        columns: Grid::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let places: Vec<(usize, usize)> = self.dims.iter().flat_map(|&p| gaps(p)).collect();
        let grids = context.sweep("grids", &places, 1, seed, |&place, draw| {
            self.grid(place, &draw)
        })?;
        let grids: Vec<Grid> = grids.into_iter().flatten().collect();
        let pairs = context.draws("pairs", PAIRS as usize, seed, |draw| pair(&draw))?;
        Ok(self.findings(&grids, largest(pairs)))
    }
}

/// (p, 1/ε) for 1/ε = 1, 2, 4, … as long as the grid is not too large.
fn gaps(p: usize) -> Vec<(usize, usize)> {
    let doubling = (0..).map(|k| 1_usize << k);
    let fine = |m: &usize| (m + 1).checked_pow(p as u32).is_some_and(|n| n <= COUNTED);
    doubling.take_while(fine).map(|m| (p, m)).collect()
}

/// A network of one hidden unit with the value −1 at `a` and 1 at `b`, two rows that differ: max(0, w·(x − a)) − 1 with w = 2(b − a)/‖b − a‖².
fn one_unit(a: &Array1<f64>, b: &Array1<f64>) -> Mlp {
    let way = b - a;
    let w = &way * (2.0 / way.dot(&way));
    let layer = |weights, bias| Layer {
        weights,
        bias: Some(bias),
        multiplier: 1.0,
    };
    let offset = -w.dot(a);
    Mlp {
        layers: vec![
            layer(w.insert_axis(ndarray::Axis(0)), array![offset]),
            layer(array![[1.0]], array![-1.0]),
        ],
        activation: Activation::Relu,
    }
}

/// How far one unit is from −1 and 1 at two points, the second ε from the first along a coordinate, with p and ε drawn.
fn pair(draw: &Draw) -> Result<f64> {
    let rng = &mut draw.rng("pair");
    let p = *[1, 2, 4, 10].choose(rng).expect("there are four");
    let gap = *[0.5, 0.1, 0.01].choose(rng).expect("there are three");
    let a = uniform_cube(1, p, rng)?.row(0).to_owned() * (1.0 - gap);
    let mut b = a.clone();
    b[0] += gap;
    let x = Array2::from_shape_fn((2, p), |(i, k)| if i == 0 { a[k] } else { b[k] });
    let values = one_unit(&a, &b).forward(&x)?;
    Ok(larger(
        (values[[0, 0]] + 1.0).abs(),
        (values[[1, 0]] - 1.0).abs(),
    ))
}

impl SeparatedSets {
    fn grid(&self, (p, gaps): (usize, usize), draw: &Draw) -> Result<Grid> {
        let points = (gaps + 1).pow(p as u32);
        let right = match points <= self.fitted {
            true => Some(fit(p, gaps, points, draw)?),
            false => None,
        };
        Ok(Grid {
            dimension: p,
            gap: 1.0 / gaps as f64,
            points,
            counted: least_relu_units(points, p)?,
            used: right.map(|(used, _)| used),
            right: right.map(|(_, share)| share),
        })
    }

    fn findings(&self, grids: &[Grid], farthest: f64) -> Findings {
        let fitted = || grids.iter().filter(|g| g.right.is_some());
        let used = fitted().filter_map(|g| Some(g.used? as f64 / g.points as f64));
        let counted = grids.iter().map(|g| g.counted as f64 / g.points as f64);
        let highest = self.dims.iter().copied().max().unwrap_or(1);
        let own: Vec<&Grid> = grids.iter().filter(|g| g.dimension == highest).collect();
        let growth = match own.as_slice() {
            [.., coarse, fine] if coarse.counted > 0 => {
                let ratio = |of: fn(&Grid) -> usize| (of(fine) as f64 / of(coarse) as f64).ln();
                Some((ratio(|g| g.counted) / ratio(|g| g.points), coarse.points))
            }
            _ => None,
        };
        let dims = highest as f64;
        let found = Findings::of(grids)
            .measure("dimension", highest)
            .measure("points_finest", own.last().map_or(0, |g| g.points))
            .measure("counted_finest", own.last().map_or(0, |g| g.counted))
            .claim(Claim::equals(
                "as many units as points give any labels: share of random labels that the written network \
                 gives, least over grids",
                1.0,
                least(fitted().filter_map(|g| g.right)),
                0.0,
            ))
            .claim(Claim::equals(
                "the written network has as many units as points: units over points, largest over grids",
                1.0,
                largest(used),
                0.0,
            ))
            .identity()
            .claim(Claim::at_most(
                "by counting, some labels need so many units: share of the points, largest over grids",
                1.0,
                largest(counted),
                0.0,
            ))
            .bound()
            .claim(Claim::at_most(
                "two points take one unit, whatever ε and p: farthest from −1 and 1",
                0.0,
                farthest,
                1e-10,
            ))
            .identity();
        let (power, coarse) = growth.unwrap_or((f64::NAN, 2));
        found
            .claim(
                Claim::equals(
                    "the count grows like the number of points N ≈ ε^(−p), but for 1/ln N: power of N between the two \
                     finest grids of the highest dimension",
                    1.0,
                    power,
                    2.0 / (coarse as f64).ln(),
                )
                .against((dims - 1.0) / dims, "the growth of one dimension fewer")
                .not_measured_if(growth.is_none(), "fewer than two grids in that dimension"),
            )
            .measured_as("power_of_points")
            .figure(self.figure(grids))
    }

    fn figure(&self, grids: &[Grid]) -> Figure {
        let mut panel = Panel::new("1/ε", "number")
            .title("points of the grid (lines) and units by counting (marks)")
            .log_x()
            .log_y();
        let mut dims = self.dims.clone();
        dims.sort_unstable();
        dims.dedup();
        for (color, p) in dims.into_iter().take(5).enumerate() {
            let own = || grids.iter().filter(move |g| g.dimension == p);
            let fine = |g: &Grid| 1.0 / g.gap;
            panel = panel
                .line_of(&format!("p = {p}"), own(), fine, |g| g.points as f64)
                .color(color)
                .points_of("", own().filter(|g| g.counted > 0), fine, |g| {
                    g.counted as f64
                })
                .color(color);
        }
        Figure::new(Self::ABOUT.title).panel(panel)
    }
}

/// The units of the network written down for random labels of the grid, and the share of them that it gives.
fn fit(p: usize, gaps: usize, points: usize, draw: &Draw) -> Result<(usize, f64)> {
    let coordinate = |i: usize, k: usize| i / (gaps + 1).pow(k as u32) % (gaps + 1);
    let x = Array2::from_shape_fn((points, p), |(i, k)| coordinate(i, k) as f64 / gaps as f64);
    let y = random_signs(points, &mut draw.rng("labels"))?;
    let net = memorising_network(&x, &y, &mut draw.rng("direction"))?;
    let values = net.forward(&x)?;
    let right = values.iter().zip(&y).filter(|(h, y)| *h * *y > 0.0);
    Ok((
        net.layers[0].weights.nrows(),
        right.count() as f64 / points as f64,
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grids_end_before_they_are_too_large() {
        assert_eq!(gaps(10), [(10, 1), (10, 2)]);
        assert_eq!(gaps(1).len(), 18);
    }
}

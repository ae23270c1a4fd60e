//! Hyperplanes on all labellings of points; a network on all labellings of more.

use ndarray::{Array2, Axis, concatenate};

use super::settings::{Point, VcDimension};
use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::experiment::{Claim, Context, Draft};
use crate::fit::{memorising_network, separable};
use crate::measure::{all_labellings, ln_cover_count, radon_labelling, separable_labellings};
use crate::plot::{LegendPosition, Panel};
use crate::rng::{Rng, stream};
use crate::stats::{largest, mean};

/// Points of the network, each with a unit, and their dimension.
const NETWORK: (usize, usize) = (8, 3);

/// Hyperplanes in d dimensions on n points.
pub(super) struct Labelled {
    offset: bool,
    d: usize,
    n: usize,
    /// Labellings separated, by set of points.
    counts: Vec<usize>,
    /// C(n, d), or C(n, d + 1) with an offset.
    cover: f64,
    /// Sets whose Radon labelling was separated, where there is one point more than numbers.
    radon: usize,
}

/// What was found.
pub(super) struct Shattered {
    labelled: Vec<Labelled>,
    /// The share of all labellings that the networks have right on every point.
    network: f64,
}

impl VcDimension {
    pub(super) fn shattered(&self, seed: u64, context: &Context) -> Result<Shattered> {
        let places = self.dims.iter().flat_map(|&d| {
            let sizes = move |offset| (1..=d + self.beyond).map(move |n| (offset, d, n));
            sizes(false).chain(sizes(true))
        });
        let labelled = context.each("numbers of points", places, |(offset, d, n)| {
            self.labelled(offset, d, n, seed)
        })?;
        Ok(Shattered {
            labelled,
            network: network(&mut stream(seed, "network", 0))?,
        })
    }

    fn labelled(&self, offset: bool, d: usize, n: usize, seed: u64) -> Result<Labelled> {
        let numbers = d + usize::from(offset);
        let (mut counts, mut radon) = (Vec::new(), 0);
        for set in 0..self.sets {
            let rng = &mut stream(seed, &format!("points {offset} {d} {n}"), set as u64);
            let x = gaussian(n, d, rng)?;
            let x = if offset { with_ones(&x) } else { x };
            counts.push(separable_labellings(&x)?);
            if n == numbers + 1 {
                radon += usize::from(separable(&x, &radon_labelling(&x)?)?);
            }
        }
        let cover = ln_cover_count(n, numbers)?.exp();
        Ok(Labelled {
            offset,
            d,
            n,
            counts,
            cover,
            radon,
        })
    }
}

fn with_ones(x: &Array2<f64>) -> Array2<f64> {
    let ones = Array2::ones((x.nrows(), 1));
    concatenate(Axis(1), &[x.view(), ones.view()]).expect("as many rows")
}

/// The share of all labellings of points that a network written down for each of them has.
fn network(rng: &mut Rng) -> Result<f64> {
    let (n, d) = NETWORK;
    let x = gaussian(n, d, rng)?;
    let mut right = Vec::new();
    for signs in all_labellings(n)? {
        let outputs = memorising_network(&x, &signs, rng)?.forward(&x)?;
        let all = (&outputs * &signs).iter().all(|agrees| *agrees > 0.0);
        right.push(f64::from(u8::from(all)));
    }
    Ok(mean(right))
}

impl Labelled {
    /// The series, and by how much the dimension exceeds d.
    fn series(&self) -> (&'static str, usize) {
        if self.offset {
            ("offset", 1)
        } else {
            ("origin", 0)
        }
    }

    /// 2ⁿ.
    fn all(&self) -> f64 {
        (self.n as f64).exp2()
    }

    fn share(&self) -> f64 {
        mean(self.counts.iter().map(|count| *count as f64)) / self.all()
    }

    pub(super) fn point(&self) -> Point {
        Point {
            series: self.series().0,
            d: Some(self.d),
            n: self.n,
            measured: Some(self.share()),
            predicted: Some(self.cover / self.all()),
            bound: None,
        }
    }

    fn largest_difference(&self) -> f64 {
        largest(
            self.counts
                .iter()
                .map(|count| (*count as f64 - self.cover.round()).abs()),
        )
    }
}

impl Shattered {
    pub(super) fn points(&self) -> impl Iterator<Item = Point> {
        self.labelled.iter().map(Labelled::point)
    }

    fn of(&self, offset: bool) -> impl Iterator<Item = &Labelled> {
        self.labelled.iter().filter(move |one| one.offset == offset)
    }

    /// The farthest that the most points shattered are from d + `more`, over dimensions.
    fn dimension_off_by(&self, offset: bool, more: usize) -> f64 {
        largest(self.of(offset).map(|place| {
            let same = self.of(offset).filter(|one| one.d == place.d);
            let shattered = same.filter(|one| one.share() == 1.0).map(|one| one.n);
            shattered.max().unwrap_or(0).abs_diff(place.d + more) as f64
        }))
    }

    pub(super) fn claims(&self, found: Draft) -> Result<Draft> {
        let difference = |offset| largest(self.of(offset).map(Labelled::largest_difference));
        let radon: usize = self.labelled.iter().map(|one| one.radon).sum();
        let (n, d) = NETWORK;
        let hyperplanes = (ln_cover_count(n, d + 1)? - n as f64 * std::f64::consts::LN_2).exp();
        Ok(found
            .claim(Claim::equals(
                "hyperplanes through the origin, all labellings tried: C(n, d) are separated, of every set of n points: largest \
                 difference",
                0.0,
                difference(false),
                0.0,
            ))
            .identity()
            .claim(Claim::equals(
                "hyperplanes with an offset, all labellings tried: C(n, d + 1) are separated: largest difference",
                0.0,
                difference(true),
                0.0,
            ))
            .identity()
            .claim(Claim::equals(
                "the VC dimension of hyperplanes through the origin is d: the most points of which all labellings are separated, farthest from d",
                0.0,
                self.dimension_off_by(false, 0),
                0.0,
            ))
            .against(1.0, "d + 1")
            .claim(Claim::equals(
                "the VC dimension of hyperplanes with an offset is d + 1: the most points of which all labellings are separated, farthest from d + 1",
                0.0,
                self.dimension_off_by(true, 1),
                0.0,
            ))
            .against(1.0, "d")
            .headline()
            .claim(Claim::equals(
                "one point more has a labelling that none separates, read off a linear dependence: how many were separated",
                0.0,
                radon as f64,
                0.0,
            ))
            .identity()
            .claim(Claim::equals(
                &format!(
                    "networks of {n} ReLU units, written down, have all {} labellings of {n} points in R^{d}: share",
                    1 << n
                ),
                1.0,
                self.network,
                0.0,
            ))
            .against(hyperplanes, "the share of hyperplanes with an offset"))
    }

    pub(super) fn panel(&self) -> Panel {
        let mut panel = Panel::new("points n", "share of all 2ⁿ labellings")
            .title("Hyperplanes with an offset: all tried")
            .y_range(0.0, 1.05)
            .legend(LegendPosition::Below);
        let mut dims: Vec<usize> = self.labelled.iter().map(|one| one.d).collect();
        dims.dedup();
        for (color, &d) in dims.iter().enumerate() {
            let own = || self.of(true).filter(move |one| one.d == d);
            panel = panel
                .line_of("", own(), |one| one.n as f64, |one| one.cover / one.all())
                .color(color)
                .points_of(
                    &format!("d = {d}"),
                    own(),
                    |one| one.n as f64,
                    Labelled::share,
                )
                .color(color);
        }
        panel
    }
}

//! What each threat does to the test pictures, by its size.

use ndarray::{Array1, Array2, ArrayRef1, ArrayRef2};
use rand::RngExt;

use super::cells::Cell;
use super::settings::OtherThreats;
use super::victims::{Model, RANGE, Victims};
use crate::attack::{
    Motion, carry_within_range, free_pixels, transport_distance, worst_candidates, worst_carrying,
    worst_patch,
};
use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::experiment::Context;
use crate::rng::{Rng, stream};

/// Steps in which grey is carried; after each the slopes are asked again.
const STEPS: usize = 4;

/// Pictures of which W₁ is computed, the first ones.
const MEASURED: usize = 8;

/// Every threat of `kind`, each size, both models.
pub(super) fn cells(
    settings: &OtherThreats,
    victims: &Victims,
    seed: u64,
    context: &Context,
) -> Result<Vec<Cell>> {
    let whole = |list: &[usize]| list.iter().map(|v| *v as f64).collect();
    let mut jobs = Vec::new();
    for kind in ["transport", "rotation", "patch", "pixels"] {
        if !settings.kind.contains(&kind) {
            continue;
        }
        let sizes: Vec<f64> = match kind {
            "transport" => settings.budgets.clone(),
            "rotation" => settings.degrees.clone(),
            "patch" => whole(&settings.sides),
            _ => whole(&settings.free),
        };
        for model in [Model::Linear, Model::Network] {
            jobs.extend(sizes.iter().map(|size| (kind, model, *size)));
        }
    }
    let jobs: Vec<(usize, (&'static str, Model, f64))> = jobs.into_iter().enumerate().collect();
    context.each("threats", jobs, |(index, job)| {
        let rng = &mut stream(seed, "threats: at random", index as u64);
        let attack = Attack {
            settings,
            victims,
            model: job.1,
            size: job.2,
        };
        match job.0 {
            "transport" => attack.transport(rng),
            "rotation" => attack.rotation(rng),
            "patch" => attack.patch(rng),
            _ => attack.pixels(rng),
        }
    })
}

/// One job.
struct Attack<'a> {
    settings: &'a OtherThreats,
    victims: &'a Victims,
    model: Model,
    size: f64,
}

impl Attack<'_> {
    /// What all kinds have in common.
    fn cell(
        &self,
        kind: &'static str,
        inputs: Array2<f64>,
        at_random: &Array2<f64>,
    ) -> Result<Cell> {
        let of = |z: &Array2<f64>| self.victims.objective(self.model, z);
        Ok(Cell {
            kind,
            model: self.model,
            size: self.size,
            values: of(&inputs)?,
            random: of(at_random)?,
            clean: of(&self.victims.test.x)?,
            inputs,
            promised: None,
            second: None,
            transport: Vec::new(),
        })
    }

    /// `change` of every picture with its slopes: the changed pictures, and the gains they promise.
    fn each(
        &self,
        slopes: &ArrayRef2<f64>,
        x: &ArrayRef2<f64>,
        change: impl Fn(&ArrayRef1<f64>, &ArrayRef1<f64>) -> Result<(Array1<f64>, f64)>,
    ) -> Result<(Array2<f64>, Array1<f64>)> {
        let (mut inputs, mut gains) = (x.to_owned(), Array1::zeros(x.nrows()));
        for (row, gain) in gains.iter_mut().enumerate() {
            let (z, rise) = change(&slopes.row(row), &x.row(row))?;
            inputs.row_mut(row).assign(&z);
            *gain = rise;
        }
        Ok((inputs, gains))
    }

    /// Slopes that mean nothing: a change of the same size without aim.
    fn aimless(&self, rng: &mut Rng) -> Result<Array2<f64>> {
        let (n, d) = self.victims.test.x.dim();
        gaussian(n, d, rng)
    }

    fn pixels(&self, rng: &mut Rng) -> Result<Cell> {
        let x = &self.victims.test.x;
        let k = self.size as usize;
        let change = |g: &ArrayRef1<f64>, x: &ArrayRef1<f64>| {
            let worst = free_pixels(g, x, k, RANGE)?;
            Ok((worst.inputs, worst.gain))
        };
        let slopes = self.victims.slopes(self.model, x)?;
        let (inputs, promised) = self.each(&slopes, x, change)?;
        let (at_random, _) = self.each(&self.aimless(rng)?, x, change)?;
        // The rival: the k steepest slopes, whatever room their pixels have.
        let steepest = self.each(&slopes, x, |g, x| {
            let mut order: Vec<usize> = (0..x.len()).collect();
            order.sort_by(|a, b| g[*b].abs().total_cmp(&g[*a].abs()));
            order.truncate(k);
            let gain = order.iter().map(|i| {
                if g[*i] > 0.0 {
                    g[*i] * (1.0 - x[*i])
                } else {
                    -g[*i] * x[*i]
                }
            });
            Ok((x.to_owned(), gain.sum()))
        })?;
        let mut cell = self.cell("pixels", inputs, &at_random)?;
        cell.promised = Some(promised);
        cell.second = Some(steepest.1);
        Ok(cell)
    }

    fn patch(&self, rng: &mut Rng) -> Result<Cell> {
        let (x, shape, side) = (
            &self.victims.test.x,
            self.victims.picture(),
            self.size as usize,
        );
        let slopes = self.victims.slopes(self.model, x)?;
        let change = |g: &ArrayRef1<f64>, x: &ArrayRef1<f64>| {
            let worst = worst_patch(g, x, shape, side, RANGE)?;
            Ok((worst.inputs, worst.gain))
        };
        let (by_gain, promised) = self.each(&slopes, x, change)?;
        // Every place, filled as the slopes say, and asked of the model itself.
        let (height, width, _) = shape;
        let places = (
            (height + 1).saturating_sub(side),
            (width + 1).saturating_sub(side),
        );
        let covers = |place: usize, i: usize| {
            let (top, left) = (place / places.1, place % places.1);
            (top..top + side).contains(&(i / width)) && (left..left + side).contains(&(i % width))
        };
        let filled = |place: usize, slopes: &Array2<f64>| {
            let mut z = x.clone();
            for ((row, i), v) in z.indexed_iter_mut() {
                if covers(place, i) {
                    *v = if slopes[[row, i]] > 0.0 {
                        RANGE.1
                    } else {
                        RANGE.0
                    };
                }
            }
            z
        };
        let objective = |z: &ArrayRef2<f64>| self.victims.objective(self.model, z);
        let tried = worst_candidates(
            x,
            places.0 * places.1,
            |place| Ok(filled(place, &slopes)),
            objective,
        )?;
        let place = rng.random_range(0..places.0 * places.1);
        let at_random = filled(place, &self.aimless(rng)?);
        let linear = self.model == Model::Linear;
        let mut cell = self.cell(
            "patch",
            if linear { by_gain } else { tried.inputs },
            &at_random,
        )?;
        cell.promised = linear.then_some(promised);
        cell.second = Some(&tried.values - &cell.clean);
        Ok(cell)
    }

    fn rotation(&self, rng: &mut Rng) -> Result<Cell> {
        let x = &self.victims.test.x;
        // Of every angle up to this one, so that a larger size never finds less.
        let angles = self.settings.degrees.iter().filter(|a| **a <= self.size);
        let angles = angles
            .filter(|a| **a > 0.0)
            .flat_map(|a| [*a, -*a])
            .chain([0.0]);
        let still = Motion::grid(0.0, 1, self.settings.shift)?;
        let motions =
            angles.flat_map(|degrees| still.iter().map(move |m| Motion { degrees, ..*m }));
        let motions: Vec<Motion> = motions.collect();
        let shape = self.victims.picture();
        let changed = |i: usize| motions[i].of(x, shape, 0.0);
        let objective = |z: &ArrayRef2<f64>| self.victims.objective(self.model, z);
        let worst = worst_candidates(x, motions.len(), changed, objective)?;
        let mut at_random = x.clone();
        for (row, mut to) in at_random.rows_mut().into_iter().enumerate() {
            let one = x.select(ndarray::Axis(0), &[row]);
            let motion = motions[rng.random_range(0..motions.len())];
            to.assign(&motion.of(&one, shape, 0.0)?.row(0));
        }
        self.cell("rotation", worst.inputs, &at_random)
    }

    fn transport(&self, rng: &mut Rng) -> Result<Cell> {
        let (x, shape) = (&self.victims.test.x, self.victims.shape);
        let step = self.size / STEPS as f64;
        let carry = |g: &ArrayRef1<f64>, x: &ArrayRef1<f64>| match x.sum() > 0.0 {
            true => {
                let carried = carry_within_range(g, x, shape, step, RANGE)?;
                Ok((carried.inputs, carried.gain))
            }
            // A black picture has nothing to carry.
            false => Ok((x.to_owned(), 0.0)),
        };
        let (mut inputs, mut at_random) = (x.clone(), x.clone());
        let mut promised = Array1::zeros(x.nrows());
        for _ in 0..STEPS {
            let (z, gains) =
                self.each(&self.victims.slopes(self.model, &inputs)?, &inputs, carry)?;
            inputs = z;
            promised += &gains;
            at_random = self.each(&self.aimless(rng)?, &at_random, carry)?.0;
        }
        let mut cell = self.cell("transport", inputs, &at_random)?;
        cell.promised = (self.model == Model::Linear).then_some(promised);
        // What no picture of the same mass within the budget exceeds.
        if self.model == Model::Linear {
            let slopes = self.victims.slopes(self.model, x)?;
            let bound = self.each(&slopes, x, |g, x| match x.sum() > 0.0 {
                true => Ok((x.to_owned(), worst_carrying(g, x, shape, self.size)?.gain)),
                false => Ok((x.to_owned(), 0.0)),
            })?;
            cell.second = Some(bound.1);
            for row in (0..x.nrows())
                .filter(|row| x.row(*row).sum() > 0.0)
                .take(MEASURED)
            {
                let distance =
                    transport_distance(&x.row(row), &cell.inputs.row(row), shape)?.distance;
                cell.transport.push(distance / self.size);
            }
        }
        Ok(cell)
    }
}

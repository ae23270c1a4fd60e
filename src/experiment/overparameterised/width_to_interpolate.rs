//! How wide a network must be to fit n random labels: by training, by its last layer alone, and on paper.

mod figure;
mod search;

use crate::error::{Error, Result};
use crate::experiment::{About, Claim, Context, Draft, Findings, Study};
use crate::stats::{Estimate, exact_power_law, largest, least, median};
pub use search::WidthToInterpolate;
use search::{EXACT, Found, Point};

/// The chance that one claim fails although theory is right.
const LEVEL: f64 = 1e-3;

/// An exponent may be this far from 1: half of the way to the 3/2 of the table's sharpest row.
const NEARER: f64 = 0.25;

impl Study for WidthToInterpolate {
    const ABOUT: About = About {
        id: "width_to_interpolate",
        title: "The smallest network that fits n random labels",
        what: "Looks for the smallest width at which a ReLU network fits n random signs: with all layers trained by full-batch Adam, \
               and with the last layer alone, by least squares. A width is not a count: the last layer needs the width n in \
               every dimension, all layers a number of parameters near n, so a smaller width where inputs are long. Beside them \
               the 2n + d numbers of a network that is written down, and the exponents of the slides' table.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Overparametrization is an active area of research\"; CMSC \
                828W: \"DL Generalization\", 2n + d parameters; after Zhang et al. 2017, arXiv:1611.03530",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        for (what, list) in [
            ("the numbers of examples", &self.n),
            ("the dimensions", &self.dims),
        ] {
            if list.windows(2).any(|pair| pair[0] >= pair[1]) {
                let got = format!("{list:?}");
                return Err(Error::domain(what, "from small to large", got));
            }
        }
        if self.train.len() == 2 && self.train[0] == self.train[1] {
            return Err(Error::domain("train", "each once", self.train.join(",")));
        }
        let mut places = Vec::new();
        for &trained in &self.train {
            for &dim in &self.dims {
                places.extend(self.n.iter().map(|&n| (trained, dim, n)));
            }
        }
        let found = context.paired(
            "searches",
            &places,
            self.draws,
            seed,
            |&(trained, dim, n), draw| self.search(trained, dim, n, draw),
        )?;
        let points = places
            .iter()
            .zip(&found)
            .map(|(&(trained, dim, n), found)| Point::new(trained, dim, n, found));
        let points = points.collect::<Result<Vec<Point>>>()?;
        let cells: Vec<Cell> = places.into_iter().zip(found).collect();
        self.findings(&cells, &points)
    }
}

/// A place and what its draws gave.
type Cell = ((&'static str, usize, usize), Vec<Found>);

impl WidthToInterpolate {
    fn findings(&self, cells: &[Cell], points: &[Point]) -> Result<Findings> {
        let written = cells
            .iter()
            .flat_map(|(_, found)| found)
            .map(|f| f.memorised);
        let mut found = Findings::of(points).claim(Claim::at_most(
            "a network of 2n + d numbers, written down, fits every data set; largest mean squared error, up to rounding",
            0.0,
            largest(written),
            EXACT,
        ).against(1.0, "nothing fitted: signs")).measured_as("memorised_error");
        if self.train.contains(&"all") {
            found = self.all_layers(found, cells)?;
        }
        if self.train.contains(&"last_layer") {
            found = self.last_layer(found, cells)?;
        }
        Ok(found.figure(self.figure(Self::ABOUT.title, points)))
    }

    fn of<'a>(cells: &'a [Cell], trained: &'a str) -> impl Iterator<Item = &'a Cell> {
        cells.iter().filter(move |cell| cell.0.0 == trained)
    }

    fn all_layers(&self, found: Draft, cells: &[Cell]) -> Result<Draft> {
        let own: Vec<&Cell> = Self::of(cells, "all").collect();
        let none = own
            .iter()
            .any(|(_, found)| found.iter().any(|f| f.parameters.is_none()));
        let reason = "no width tried fits: set more steps or a larger most";
        let count =
            |cell: &Cell, draw: usize| cell.1[draw].parameters.map_or(f64::NAN, |p| p as f64);
        let last = self.n[self.n.len() - 1];
        let at_last: Vec<&Cell> = own
            .iter()
            .copied()
            .filter(|cell| cell.0.2 == last)
            .collect();
        let per_example = at_last
            .iter()
            .flat_map(|cell| (0..self.draws).map(|draw| count(cell, draw) / last as f64));
        let per_example: Vec<f64> = per_example.collect();
        let mut exponents = Vec::new();
        let n: Vec<f64> = self.n.iter().map(|&n| n as f64).collect();
        for &dim in &self.dims {
            for draw in 0..self.draws {
                let counts = own
                    .iter()
                    .filter(|cell| cell.0.1 == dim)
                    .map(|cell| count(cell, draw));
                exponents.push(match none {
                    true => f64::NAN,
                    false => exact_power_law(&n, &counts.collect::<Vec<f64>>())?.exponent,
                });
            }
        }
        let slope = crate::stats::mean(exponents);
        let mut found = found
            .claim(Claim::at_most(
                "all layers: exponent by n of the parameters at the smallest width, mean over draws and dimensions: near 1 or \
                 below, where widths are still a few units",
                1.0,
                slope,
                NEARER,
            ).against(1.5, "n^(3/2), the table's sharpest row for all layers").headline())
            .measured_as("parameters_slope")
            .not_measured_if(none, reason)
            .claim(Claim::less_than(
                "all layers, largest n: the parameters per example that half of the draws do with, beside √n of n^(3/2)",
                (last as f64).sqrt(),
                // A draw in some hundred is stuck in poor minima at all but large widths: the median does not mind.
                if none { f64::NAN } else { median(&per_example)? },
                0.0,
            ))
            .measured_as("parameters_per_example")
            .not_measured_if(none, reason)
            .measure_or(
                "most_parameters_per_example",
                (!none).then(|| largest(&per_example)),
                reason,
            )
            .measure_or(
                "least_parameters_per_example",
                (!none).then(|| least(&per_example)),
                reason,
            );
        if let [first, .., second] = &at_last[..] {
            let width =
                |cell: &Cell, draw: usize| cell.1[draw].width.map_or(f64::NAN, |m| m as f64);
            let gains: Vec<f64> = (0..self.draws)
                .map(|draw| (width(first, draw) / width(second, draw)).ln())
                .collect();
            let gain = crate::stats::mean(gains);
            // Equal counts: (d + 2)m + 1 numbers with one hidden layer.
            let equal = ((second.0.1 + 2) as f64 / (first.0.1 + 2) as f64).ln();
            found = found
                .claim(Claim::at_least(
                    "width is not the count: longer inputs need fewer units; mean ln of the width at the smallest d over that at the \
                     largest, beside half of what equal counts at one hidden layer would give",
                    equal / 2.0,
                    gain,
                    0.0,
                ).against(0.0, "the same width in every dimension"))
                .measured_as("log_width_ratio")
                .not_measured_if(none, reason)
                .not_measured_if(
                    self.depth > 1 || last < 32,
                    "with fewer than 32 examples widths are a unit or two, and equal counts are those of one hidden layer",
                );
        }
        Ok(found)
    }

    fn last_layer(&self, found: Draft, cells: &[Cell]) -> Result<Draft> {
        let own: Vec<&Cell> = Self::of(cells, "last_layer").collect();
        let searches = || {
            own.iter()
                .flat_map(|(place, found)| found.iter().map(move |f| (place.2 as f64, f)))
        };
        let none = searches().any(|(_, f)| f.width.is_none());
        // A draw in thousands has a unit that sees no example, or an example that no unit sees: the median does not mind.
        let off = own.iter().map(|(place, found)| {
            let widths = found.iter().map(|f| f.width.map_or(f64::NAN, |m| m as f64));
            Ok((median(&widths.collect::<Vec<f64>>())? / place.2 as f64 - 1.0).abs())
        });
        let off = match none {
            true => f64::NAN,
            false => largest(off.collect::<Result<Vec<f64>>>()?),
        };
        let fewest = least(searches().map(|(n, f)| f.width.map_or(f64::NAN, |m| m as f64 / n)));
        let gains = searches()
            .filter_map(|(_, f)| f.steps)
            .filter(|s| s[0].is_finite())
            .map(|s| (s[0] / s[1]).ln());
        let gains: Vec<f64> = gains.collect();
        let few = gains.len() < 2;
        let gain = match few {
            true => Estimate {
                mean: f64::NAN,
                se: f64::NAN,
                draws: 2,
            },
            false => Estimate::from_values(&gains)?,
        };
        Ok(found
            .claim(Claim::at_most(
                "last layer alone, by least squares: the smallest width is n itself, in every dimension; largest |m/n − 1|, m the median over draws",
                0.0,
                off,
                0.0,
            ).against(1.0, "2n"))
            .measured_as("last_layer_off")
            .not_measured_if(self.depth > 1, "behind two hidden layers or more features may be off together, and a few more are needed")
            .not_measured_if(none, "no width tried fits: set a larger most")
            .claim(Claim::at_least(
                "last layer alone: no draw fits with fewer features than examples: n random signs are no combination of fewer features; least m/n",
                1.0,
                fewest,
                0.0,
            ))
            .bound()
            .not_measured_if(none, "no width tried fits: set a larger most")
            .claim(Claim::positive(
                "descent on the last layer needs more steps at m = n than at m = 4n: mean of the ln of their ratio",
                gain,
                LEVEL,
            )?)
            .measured_as("log_steps_ratio")
            .not_measured_if(few, "at m = n descent takes more than 10¹⁵ steps"))
    }
}

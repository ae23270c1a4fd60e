//! Bounds from counted labellings, along the number of examples.

use super::settings::{Point, VcDimension};
use crate::error::{Error, Result};
use crate::experiment::{Claim, Draft};
use crate::measure::SignClass;
use crate::plot::{LegendPosition, Panel};

/// The bound of one class.
struct Curve {
    series: &'static str,
    class: SignClass,
    /// n, and the bound.
    points: Vec<(usize, f64)>,
    at_digits: f64,
    first_useful: usize,
}

/// Of hyperplanes with an offset, and of networks.
pub(super) struct Bounds {
    digits: usize,
    hyperplane: Curve,
    network: Curve,
    /// No fewer points than the network shatters.
    network_dimension: usize,
}

impl VcDimension {
    pub(super) fn bounds(&self) -> Result<Bounds> {
        let (dim, width) = (self.inputs, self.width);
        let curve = |series, class: SignClass| {
            // Four a decade.
            let sizes = (8..=30).map(|quarter| 10.0_f64.powf(0.25 * f64::from(quarter)) as usize);
            let points = sizes.map(|n| Ok((n, class.gap_bound(n, self.delta)?)));
            Ok::<_, Error>(Curve {
                series,
                class,
                points: points.collect::<Result<_>>()?,
                at_digits: class.gap_bound(self.digits, self.delta)?,
                first_useful: class.first_useful(self.delta)?,
            })
        };
        let network = SignClass::TwoLayer { dim, width };
        Ok(Bounds {
            digits: self.digits,
            hyperplane: curve("hyperplane", SignClass::Hyperplanes { dim: dim + 1 })?,
            network: curve("network", network)?,
            network_dimension: network.vc_bound()?,
        })
    }
}

impl Bounds {
    fn curves(&self) -> [&Curve; 2] {
        [&self.hyperplane, &self.network]
    }

    pub(super) fn points(&self) -> impl Iterator<Item = Point> {
        self.curves().into_iter().flat_map(|curve| {
            curve.points.iter().map(|&(n, bound)| Point {
                series: curve.series,
                d: None,
                n,
                measured: None,
                predicted: None,
                bound: Some(bound),
            })
        })
    }

    /// What is claimed holds at the usual sizes; others are measured.
    pub(super) fn claims(&self, found: Draft) -> Draft {
        let weights = self.network.class.parameters();
        let usual = self.digits == 60_000 && weights == 128 * 786 + 1;
        let found = found
            .measure("hyperplane_bound_at_digits", self.hyperplane.at_digits)
            .measure("network_bound_at_digits", self.network.at_digits)
            .measure("hyperplane_first_useful", self.hyperplane.first_useful)
            .measure("network_first_useful", self.network.first_useful)
            .measure("network_weights", weights)
            .measure("network_dimension_bound", self.network_dimension);
        if !usual {
            return found;
        }
        found
            .claim(Claim::less_than(
                "hyperplanes in 784 dimensions, 60,000 digits: the bound on the gap says something",
                1.0,
                self.hyperplane.at_digits,
                0.0,
            ))
            .claim(Claim::at_least(
                "a network of 128 hidden units: it is vacuous, at least 1",
                1.0,
                self.network.at_digits,
                0.0,
            ))
            .claim(Claim::greater_than(
                "a network of 128 hidden units: the bound is vacuous up to more examples than weights: the first n at which it says anything",
                weights as f64,
                self.network.first_useful as f64,
                0.0,
            ))
            .headline()
    }

    pub(super) fn panel(&self) -> Panel {
        let mut panel = Panel::new("examples n", "bound on test error − training error")
            .title("Bounds from counted labellings")
            .log_x()
            .y_range(0.0, 1.6)
            .legend(LegendPosition::Below);
        let names = [
            format!(
                "hyperplanes, {} weights",
                self.hyperplane.class.parameters()
            ),
            format!(
                "two-layer networks, {} weights",
                self.network.class.parameters()
            ),
        ];
        for (name, curve) in names.iter().zip(self.curves()) {
            panel = panel.line_of(name, &curve.points, |at| at.0 as f64, |at| at.1);
        }
        panel
            .horizontal(1.0, "says nothing above")
            .vertical(self.digits as f64, "digits")
    }
}

//! A kernel along a path of inputs, and what features make of it.

use ndarray::{Array2, s};

use crate::error::Result;
use crate::model::{FeatureKind, RandomFeatures};
use crate::plot::Panel;
use crate::rng::{Rng, stream};

/// Steps of the path.
const STEPS: u32 = 60;

pub(super) struct Profile {
    kind: FeatureKind,
    /// The distance or the angle to the first input.
    at: Vec<f64>,
    limit: Vec<f64>,
    /// One draw of this many columns.
    drawn: Vec<(usize, Vec<f64>)>,
}

impl Profile {
    /// The kernel between e_1 and inputs farther and farther away, along a line or around a circle.
    pub(super) fn new(
        kind: FeatureKind,
        dim: usize,
        reach: f64,
        seed: u64,
        draw: impl Fn(usize, &mut Rng) -> Result<RandomFeatures>,
    ) -> Result<Self> {
        let at = (0..=STEPS).map(|i| reach * f64::from(i) / f64::from(STEPS));
        let at: Vec<f64> = at.collect();
        let mut path = Array2::zeros((at.len(), dim));
        for (mut row, &at) in path.rows_mut().into_iter().zip(&at) {
            (row[0], row[1]) = match kind {
                FeatureKind::Fourier => (1.0, at),
                FeatureKind::Relu => (at.cos(), at.sin()),
            };
        }
        let from = path.slice(s![..1, ..]).to_owned();
        let (mut limit, mut drawn) = (Vec::new(), Vec::new());
        for (index, width) in (0..).zip([32, 1024]) {
            let features = draw(width, &mut stream(seed, "profile", index))?;
            limit = features.limit_kernel(&from, &path)?.row(0).to_vec();
            let scale = features.scale(width).powi(2);
            let products = features.apply(&from)?.dot(&features.apply(&path)?.t()) * scale;
            drawn.push((width, products.row(0).to_vec()));
        }
        Ok(Self {
            kind,
            at,
            limit,
            drawn,
        })
    }

    pub(super) fn panel(&self) -> Panel {
        let (label, title) = match self.kind {
            FeatureKind::Fourier => ("distance ‖x − x'‖", "Gaussian kernel"),
            FeatureKind::Relu => ("angle between x and x'", "ReLU kernel, order 1"),
        };
        let panel = Panel::new(label, "φ(x)·φ(x')").title(title);
        let panel = panel.line("kernel", &self.at, &self.limit).color(6);
        let drawn = self.drawn.iter().zip([1, 0]);
        drawn.fold(panel, |panel, ((width, values), color)| {
            panel
                .line(&format!("{width} columns"), &self.at, values)
                .color(color)
                .dashed()
        })
    }
}

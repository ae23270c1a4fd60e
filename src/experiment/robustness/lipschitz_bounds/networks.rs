//! Small networks with all their bounds, and larger ones by depth.

use ndarray::s;

use super::norms::Steps;
use crate::data::synthetic::gaussian;
use crate::error::Result;
use crate::experiment::{Context, Draw, row, settings};
use crate::measure::lipschitz::{
    SearchSettings, certified_lipschitz, exact_lipschitz, gaussian_spectral_norm, lipschitz_search,
    local_lipschitz, product_growth, product_lipschitz,
};
use crate::measure::robustness::{InitialGradient, initial_gradient};
use crate::model::{Init, Mlp, MlpSettings};
use crate::optimise::Norm;
use crate::stats::{Estimate, larger, largest};

/// How many of the random inputs are tried for steps in other norms.
const FEWER: usize = 1000;

/// Standard deviation of the biases of the small networks, so that no hyperplane goes through the origin.
const BIAS: f64 = 0.5;

settings! {
    /// Settings of `lipschitz_bounds`.
    pub struct LipschitzBounds {
        /// Layers of the small networks, whose linear regions are all visited.
        depth: Vec<usize> = vec![2, 3, 4], quick vec![2, 3], in 1..=6;
        /// Hidden units a layer of the small networks.
        width: usize = 6, quick 5, in 1..=12;
        /// Their inputs.
        input_dim: usize = 2, in 1..=5;
        /// Small networks drawn for each depth.
        nets: usize = 24, quick 16, in 1..=1000;
        /// Random inputs at which the slope is looked up, besides the search.
        samples: usize = 20_000, quick 4_000, in 1..=1_000_000;
        /// Inputs and hidden units of the larger networks, by which the growth with depth is measured.
        large_width: usize = 64, in 20..=512;
        /// Layers of the deepest larger network.
        large_depth: usize = 10, quick 6, in 3..=20;
        /// Larger networks drawn for each depth.
        large_nets: usize = 40, in 2..=1000;
    }
}

row! {
    /// One network.
    #[derive(Default)]
    pub(super) struct Net {
        /// small (all regions visited) or large
        kind: &'static str;
        /// layers of weights L
        depth: usize, unit "layers";
        /// hidden units a layer
        width: usize, unit "units";
        /// number of the draw
        net: usize;
        /// largest slope found: by search (small), at one input (large)
        lower: f64;
        /// the Lipschitz constant; empty where it is out of reach
        exact: Option<f64>;
        /// upper bound from blocks of layers
        certified: f64;
        /// upper bound from single layers: the product of their norms
        product: f64;
        /// linear regions; empty where not counted
        regions: Option<usize>;
    } beside {
        /// The largest slope at random inputs, of a small network, as what follows.
        sampled: f64;
        /// Cells too thin to decide.
        undecided: usize;
        /// On-off patterns of the first hidden layer; none with a single layer.
        first_layer: usize;
        /// For steps in ℓ1 and in ℓ∞.
        steps: Vec<Steps>;
    }
}

/// The larger networks of one depth.
pub(super) struct Growth {
    pub depth: f64,
    pub product: Estimate,
    pub certified: Estimate,
    /// ‖∇h‖ at one input.
    pub local: Estimate,
    /// The product of the expected norms: layers are independent.
    pub predicted_product: f64,
    /// The law of ‖∇h‖: exact moments.
    pub gradient: InitialGradient,
}

/// Everything a run computed.
pub(super) struct Results {
    pub small: Vec<Net>,
    pub large: Vec<Net>,
    /// By depth.
    pub growth: Vec<Growth>,
}

impl Net {
    /// The exact constant of a small network.
    pub(super) fn constant(&self) -> f64 {
        self.exact.unwrap_or(f64::NAN)
    }

    /// The largest slope found in a small network.
    pub(super) fn found(&self) -> f64 {
        larger(self.lower, self.sampled)
    }
}

impl Growth {
    fn of(depth: usize, width: usize, nets: &[Net]) -> Result<Self> {
        let each = |of: fn(&Net) -> f64| Estimate::of(nets, of);
        let mut sizes = vec![width; depth + 1];
        sizes[depth] = 1;
        let scale = (2.0 / width as f64).sqrt();
        let last = scale * gaussian_spectral_norm(1, width)?;
        Ok(Self {
            depth: depth as f64,
            product: each(|n| n.product)?,
            certified: each(|n| n.certified)?,
            local: each(|n| n.lower)?,
            predicted_product: product_growth(width, 2.0)?.powi(depth as i32 - 1) * last,
            gradient: initial_gradient(&Init::HE, &sizes)?,
        })
    }
}

impl LipschitzBounds {
    pub(super) fn results(&self, seed: u64, context: &Context) -> Result<Results> {
        let depths: Vec<usize> = (2..=self.large_depth).collect();
        let small = context.sweep(
            "small networks",
            &self.depth,
            self.nets,
            seed,
            |&depth, draw| self.small(depth, draw),
        )?;
        let large = context.sweep(
            "larger networks",
            &depths,
            self.large_nets,
            seed,
            |&depth, draw| self.large(depth, draw),
        )?;
        let growth = depths.iter().zip(&large);
        let growth = growth.map(|(&depth, nets)| Growth::of(depth, self.large_width, nets));
        Ok(Results {
            growth: growth.collect::<Result<_>>()?,
            small: small.into_iter().flatten().collect(),
            large: large.into_iter().flatten().collect(),
        })
    }

    fn small(&self, depth: usize, draw: Draw) -> Result<Net> {
        let mut sizes = vec![self.width; depth + 1];
        (sizes[0], sizes[depth]) = (self.input_dim, 1);
        let settings = MlpSettings {
            init: Init {
                bias_std: BIAS,
                ..Init::HE
            },
            ..MlpSettings::of_sizes(&sizes)
        };
        let net = Mlp::new(&settings, &mut draw.rng("small net"))?;
        let rng = &mut draw.rng("search");
        let found = lipschitz_search(&net, &SearchSettings::default(), rng)?;
        let points = gaussian(self.samples, self.input_dim, rng)? * 4.0;
        let slopes = local_lipschitz(&net, &points)?;
        let exact = exact_lipschitz(&net, 1_000_000)?;
        let few = points.slice(s![..self.samples.min(FEWER), ..]);
        let steps = [Norm::L1, Norm::LInf].map(|norm| {
            let rng = &mut draw.rng("search in another norm");
            Steps::of(&net, norm, exact.constant, &few, rng)
        });
        Ok(Net {
            kind: "small",
            depth,
            width: self.width,
            net: draw.index as usize % self.nets,
            lower: found.constant,
            exact: Some(exact.constant),
            certified: certified_lipschitz(&net)?,
            product: product_lipschitz(&net)?,
            regions: Some(exact.regions),
            sampled: largest(&slopes),
            undecided: exact.undecided,
            first_layer: exact.first_layer_regions,
            steps: steps.into_iter().collect::<Result<_>>()?,
        })
    }

    fn large(&self, depth: usize, draw: Draw) -> Result<Net> {
        let mut sizes = vec![self.large_width; depth + 1];
        sizes[depth] = 1;
        let settings = MlpSettings {
            biases: false,
            ..MlpSettings::of_sizes(&sizes)
        };
        let net = Mlp::new(&settings, &mut draw.rng("large net"))?;
        let x = gaussian(1, self.large_width, &mut draw.rng("large input"))?;
        Ok(Net {
            kind: "large",
            depth,
            width: self.large_width,
            net: draw.index as usize % self.large_nets,
            lower: local_lipschitz(&net, &x)?[0],
            certified: certified_lipschitz(&net)?,
            product: product_lipschitz(&net)?,
            ..Net::default()
        })
    }
}

//! The Lipschitz constant of small networks between its bounds, and how the product of norms grows with depth.

mod findings;

use rayon::prelude::*;

use crate::data::synthetic::gaussian;
use crate::engine;
use crate::error::Result;
use crate::experiment::{About, Column, Context, Findings, Study, settings};
use crate::measure::lipschitz::{
    SearchSettings, certified_lipschitz, exact_lipschitz, lipschitz_search, local_lipschitz,
    product_lipschitz,
};
use crate::model::{Init, Mlp, MlpSettings};
use crate::rng::stream;
use crate::stats::largest;
use findings::{Results, findings};

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

/// The bounds of one small network.
struct Small {
    depth: usize,
    sampled: f64,
    lower: f64,
    exact: f64,
    certified: f64,
    product: f64,
    regions: usize,
    /// Cells too thin to decide.
    undecided: usize,
    /// On-off patterns of the first hidden layer; none with a single layer.
    first_layer: usize,
}

/// One larger network.
struct Large {
    depth: usize,
    /// ‖∇h‖ at one input.
    local: f64,
    certified: f64,
    product: f64,
}

impl Study for LipschitzBounds {
    const ABOUT: About = About {
        id: "lipschitz_bounds",
        title: "The Lipschitz constant between its bounds",
        what: "Draws small ReLU networks and finds their Lipschitz constant exactly, by visiting every linear region. Beside it \
               stand a lower bound by search and two upper bounds: the product of the layers' norms, and a certified bound that lets \
               neighbouring layers cancel. For larger networks at He initialisation the product grows by a factor of about \
               2√2 a layer, while the gradient does not grow at all.",
        slide: "Stability and robustness (Scaman): \"Robustness of neural networks\", Lipschitz continuity; certified bound after \
                Combettes & Pesquet 2020, arXiv:1903.01014",
        columns: &[
            Column::new("kind", "", "small (all regions visited) or large"),
            Column::new("depth", "layers", "layers of weights L"),
            Column::new("width", "units", "hidden units a layer"),
            Column::new("net", "", "number of the draw"),
            Column::new(
                "lower",
                "",
                "largest slope found: by search (small), at one input (large)",
            ),
            Column::new(
                "exact",
                "",
                "the Lipschitz constant; empty where it is out of reach",
            ),
            Column::new("certified", "", "upper bound from blocks of layers"),
            Column::new(
                "product",
                "",
                "upper bound from single layers: the product of their norms",
            ),
            Column::new("regions", "", "linear regions; empty where not counted"),
        ],
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let large_depths: Vec<usize> = (2..=self.large_depth).collect();
        let jobs = self.depth.len() * self.nets + large_depths.len() * self.large_nets;
        context.progress.start(jobs, "networks");
        let _single = engine::single_thread();
        let small = (0..self.depth.len() * self.nets).into_par_iter().map(|i| {
            let done = self.small(self.depth[i / self.nets], i as u64, seed);
            context.progress.step();
            done
        });
        let small = small.collect::<Result<Vec<Small>>>()?;
        let large = (0..large_depths.len() * self.large_nets)
            .into_par_iter()
            .map(|i| {
                let done = self.large(large_depths[i / self.large_nets], i as u64, seed);
                context.progress.step();
                done
            });
        findings(&Results {
            settings: self,
            small,
            large: large.collect::<Result<Vec<Large>>>()?,
            large_depths,
        })
    }
}

impl LipschitzBounds {
    fn small(&self, depth: usize, index: u64, seed: u64) -> Result<Small> {
        let mut sizes = vec![self.width; depth + 1];
        (sizes[0], sizes[depth]) = (self.input_dim, 1);
        let settings = MlpSettings {
            init: Init {
                bias_std: BIAS,
                ..Init::HE
            },
            ..MlpSettings::of_sizes(&sizes)
        };
        let net = Mlp::new(&settings, &mut stream(seed, "small net", index))?;
        let rng = &mut stream(seed, "search", index);
        let found = lipschitz_search(&net, &SearchSettings::default(), rng)?;
        let points = gaussian(self.samples, self.input_dim, rng)? * 4.0;
        let slopes = local_lipschitz(&net, &points)?;
        let exact = exact_lipschitz(&net, 1_000_000)?;
        Ok(Small {
            depth,
            sampled: largest(&slopes),
            lower: found.constant,
            exact: exact.constant,
            certified: certified_lipschitz(&net)?,
            product: product_lipschitz(&net)?,
            regions: exact.regions,
            undecided: exact.undecided,
            first_layer: exact.first_layer_regions,
        })
    }

    fn large(&self, depth: usize, index: u64, seed: u64) -> Result<Large> {
        let mut sizes = vec![self.large_width; depth + 1];
        sizes[depth] = 1;
        let settings = MlpSettings {
            biases: false,
            ..MlpSettings::of_sizes(&sizes)
        };
        let net = Mlp::new(&settings, &mut stream(seed, "large net", index))?;
        let x = gaussian(1, self.large_width, &mut stream(seed, "large input", index))?;
        Ok(Large {
            depth,
            local: local_lipschitz(&net, &x)?[0],
            certified: certified_lipschitz(&net)?,
            product: product_lipschitz(&net)?,
        })
    }
}

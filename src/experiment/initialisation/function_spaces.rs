//! Which functions a network reaches with the features it starts from, and which only if they move.

mod figure;
mod network;
mod neuron;
mod norms;
mod settings;

use crate::error::Result;
use crate::experiment::{About, Context, Findings, Study};
use figure::figure;
use neuron::Point;
pub use settings::FunctionSpaces;

impl Study for FunctionSpaces {
    const ABOUT: About = About {
        id: "function_spaces",
        title: "Function spaces: fixed features and features that move",
        what: "Measures the norm (1/m)Σ|a_i|‖w_i‖₁ of trained two-layer networks by their width: bounded under the mean-field \
               scaling, growing like √m under the lazy one, though both fit. Then lets N random neurons be one more \
               neuron on a sphere in d dimensions: exactly, without inputs, beside the eigenvalues of their kernel and beside \
               what any N fixed functions must leave. Between d and d² neurons the risk stands where degree 1 is learned and \
               degree 2 is not; a network whose first layer is trained goes below.",
        slide: "Zhu et al., Robustness in deep learning: \"Why function space theory is needed?\"; Neural networks: the good, the \
                bad, the ugly (ICASSP 2023): \"Function space: from kernel methods to neural networks\", \"Conclusions: Function \
                spaces vs models\"; after Ghorbani, Mei, Misiakiewicz & Montanari 2019, arXiv:1904.12191, and Yehudai & Shamir \
                2019, arXiv:1904.00687",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        let regimes = self.regimes(seed, context)?;
        let curve = self.curve(seed, context)?;
        let networks = self.networks(seed, context)?;
        Ok(Findings::of(&curve.points)
            .measure("above_degree_1", curve.above(1))
            .measure(
                "risk",
                curve
                    .points
                    .iter()
                    .map(|p| p.risk.mean)
                    .collect::<Vec<f64>>(),
            )
            .measure(
                "predicted_risk",
                curve
                    .points
                    .iter()
                    .map(|p| p.predicted)
                    .collect::<Vec<f64>>(),
            )
            .measure("nearest_to_bound", curve.nearest_to_bound())
            .measure("dimension", self.dim)
            .measure("neurons", self.neurons)
            .measure("trained_risk", networks.trained.mean)
            .measure("frozen_risk", networks.frozen.mean)
            .claims(norms::claims(&regimes)?)
            .claims(neuron::claims(&curve, self.dim)?)
            .claims(network::claims(&networks, &curve))
            .figure(figure(&regimes, &curve, &networks)?))
    }
}

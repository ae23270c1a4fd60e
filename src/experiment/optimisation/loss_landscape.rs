//! Poor minima with few parameters; with many, minimisers on a curved set beside which the loss is convex nowhere.

mod figure;
mod network;
mod neuron;
mod settings;

use figure::figure;
use network::{ALONG, AtMinimum, FITTED, Point, RADII};
use neuron::{BRACKET, Neuron, W};
pub use settings::LossLandscape;

use crate::error::{Error, Result};
use crate::experiment::{About, Claim, Context, Findings, Study};
use crate::stats::{exact_power_law, largest, least};

/// How far above what counts as zero the least positive eigenvalue must be.
const CLEAR: f64 = 10.0;

impl Study for LossLandscape {
    const ABOUT: About = About {
        id: "loss_landscape",
        title: "Loss landscapes with few and with many parameters",
        what: "Squared loss of smooth units. With fewer parameters than labels there can be poor local minima, shown for one neuron by \
               the signs of its slope. With more, a tanh network is made to fit n random labels up to rounding: there the Hessian is (2/n)JᵀJ, with n \
               positive eigenvalues and all others 0. Yet at every distance from such a point the Hessian has negative eigenvalues, in \
               proportion to the distance, and the set of minimisers is curved: straight ways between them leave it.",
        slide: "Foundations of deep learning (CMSC 828W): \"DL Optimization\"; after Liu, Zhu & Belkin 2020, arXiv:2003.00307, and \
                Cooper 2018, arXiv:1804.10200",
        columns: Point::COLUMNS,
    };

    fn compute(&self, seed: u64, context: &Context) -> Result<Findings> {
        if self.width < self.least_width() {
            let expected = format!(
                "at least {}, so that the network has more parameters than the n = {} labels",
                self.least_width(),
                self.n
            );
            return Err(Error::domain("setting `width`", expected, self.width));
        }
        let found = context.draws("networks", self.networks, seed, |draw| {
            self.at_minimum(draw)
        })?;
        self.findings(&Neuron::new(self.n), found)
    }
}

impl LossLandscape {
    fn findings(&self, neuron: &Neuron, networks: Vec<AtMinimum>) -> Result<Findings> {
        let poor = neuron.poor();
        let slopes = (-neuron.slope(BRACKET.0), neuron.slope(BRACKET.1));
        let (n, p) = (self.n, self.parameters());
        let count = |of: fn(&AtMinimum) -> usize| networks.iter().map(of).collect::<Vec<usize>>();
        let furthest = |counts: &[usize], from: usize| {
            let off = counts.iter().copied().max_by_key(|c| c.abs_diff(from));
            off.map_or(f64::NAN, |c| c as f64)
        };
        let positive = count(|m| m.inertia.positive);
        let zero = count(|m| m.inertia.zero);
        let residual = largest(networks.iter().map(|m| m.residual));
        // Stuck away from a minimiser there is nothing to measure.
        let stuck = residual.is_nan() || residual > FITTED;
        let why =
            "Gauss–Newton steps came to no minimiser from 20 starts: more spare parameters help";
        // Eigenvalues below rounding are not told from 0, whatever the rank.
        let blurred = networks.iter().any(|m| m.clear.is_nan() || m.clear < CLEAR);
        let unclear = stuck || blurred;
        let count_why = if stuck {
            why
        } else {
            "some tangent kernel is singular up to rounding"
        };
        let fewest = networks.iter().flat_map(|m| &m.negative).min().copied();
        let worst = networks.iter().map(|m| m.ratio).max_by(|a, b| {
            let off = |r: &(f64, f64)| (r.0 - 1.0).abs() / r.1;
            off(a).total_cmp(&off(b))
        });
        let (ratio, room) = worst.unwrap_or((f64::NAN, f64::NAN));
        let exponents = networks
            .iter()
            .map(|m| Ok(exact_power_law(&ALONG, &m.halfway)?.exponent));
        let exponents = exponents.collect::<Result<Vec<f64>>>()?;
        let exponent = exponents
            .iter()
            .copied()
            .max_by(|a, b| (a - 4.0).abs().total_cmp(&(b - 4.0).abs()));
        let ridge = least(networks.iter().map(|m| m.segment.0));
        let ends = largest(networks.iter().map(|m| m.segment.1));
        let gap = largest(networks.iter().map(|m| m.kernel_gap));
        let lanczos = largest(networks.iter().map(|m| m.lanczos));
        let points: Vec<Point> = networks.into_iter().flat_map(|m| m.points).collect();
        let drawn = figure(Self::ABOUT.title, neuron, &points, n);
        Ok(Findings::of(&points)
            .measure("poor_minimum", poor)
            .measure("loss_where_all_but_one_fit", neuron.loss(W))
            .measure("largest_residual", residual)
            .claim(Claim::greater_than(
                "one neuron: its loss has a local minimum for w between −1 and 0, as its slope changes sign there: the lesser of \
                 −L'(−1) and L'(0)",
                0.0,
                least([slopes.0, slopes.1]),
                0.0,
            ))
            .claim(Claim::at_least(
                "one neuron: the value of its poor minimum is at least what the labels of all examples but one leave, while w = 15 fits those",
                neuron.floor(),
                neuron.loss(poor),
                0.0,
            ))
            .bound()
            .against(neuron.loss(W), "the loss at w = 15")
            .measured_as("poor_loss")
            .claim(Claim::greater_than(
                "one neuron: at its poor minimum the loss is locally convex: second derivative",
                0.0,
                neuron.curvature(poor),
                0.0,
            ))
            .claim(Claim::equals(
                &format!("{p} parameters, n = {n} labels, all fitted: positive eigenvalues of the Hessian, in the network furthest from n"),
                n as f64,
                furthest(&positive, n),
                0.0,
            ))
            .against(p as f64, "a minimum that is a point")
            .not_measured_if(unclear, count_why)
            .headline()
            .claim(Claim::equals(
                "where all labels are fitted: p − n eigenvalues of the Hessian are 0 up to rounding: zeros, in the network furthest from it",
                (p - n) as f64,
                furthest(&zero, p - n),
                0.0,
            ))
            .against(0.0, "a minimum that is a point")
            .not_measured_if(unclear, count_why)
            .claim(Claim::at_most(
                "where all labels are fitted: the positive eigenvalues of the Hessian are 2/n times those of the tangent kernel: largest distance, over the largest of them",
                // The rounding of two products and two spectra of this size, and what the residual leaves.
                0.0,
                gap,
                100.0 * p as f64 * f64::EPSILON + 1e3 * residual,
            ))
            .identity()
            .not_measured_if(stuck, why)
            .claim(Claim::at_least(
                &format!(
                    "at every distance tried from a minimiser that fits all labels, {:e} to {:e}, the Hessian has a negative eigenvalue: fewest",
                    RADII[RADII.len() - 1],
                    RADII[0]
                ),
                1.0,
                fewest.map_or(f64::NAN, |f| f as f64),
                0.0,
            ))
            .against(0.0, "convex near the minimum")
            .not_measured_if(stuck, why)
            .headline()
            .measured_as("fewest_negative")
            .claim(Claim::at_most(
                "Lanczos' method, by 60 products with the Hessian and never the matrix, finds the same largest eigenvalue, and no \
                 smaller least one: farthest beyond its residual, over the largest",
                0.0,
                lanczos,
                10.0 * p as f64 * f64::EPSILON,
            ))
            .identity()
            .not_measured_if(stuck, why)
            .claim(Claim::equals(
                "at a small distance ρ from a minimiser the least eigenvalue of the Hessian is cρ, c the least one of (2/n) Σ (Jv)_i ∇²f_i on \
                 the null space of J: its share of cρ at the smallest distance, in the network furthest from it",
                1.0,
                ratio,
                room,
            ))
            .against(0.0, "no negative curvature")
            .not_measured_if(unclear, count_why)
            .measured_as("ratio_to_c_rho")
            .claim(Claim::greater_than(
                "straight from one minimiser to another the loss is not 0: its largest value on the way, in the network where it is \
                 least, against the loss at the ends",
                ends,
                ridge,
                0.0,
            ))
            .against(ends, "a convex set of minimisers")
            .not_measured_if(stuck, why)
            .measured_as("ridge")
            .claim(Claim::equals(
                "halfway to a minimiser 2ε away along the set the loss grows as ε⁴: exponent, in the network furthest from it",
                4.0,
                exponent.unwrap_or(f64::NAN),
                0.5,
            ))
            .against(2.0, "as beside a minimum that is a point")
            .not_measured_if(stuck, why)
            .measured_as("exponent_halfway")
            .figure(drawn))
    }
}

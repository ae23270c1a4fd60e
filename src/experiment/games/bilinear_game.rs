//! The simplest game, xy: which methods spiral in, and by what factor a step.

mod figure;
mod findings;
mod order;
mod settings;
mod steps;

pub use settings::BilinearGame;
use settings::Point;
use steps::{METHODS, factor, measured, path};

use crate::error::Result;
use crate::experiment::{About, Context, Findings, Study};

/// Steps at which factors are measured, besides the one that is set.
const ALPHAS: [f64; 6] = [0.1, 0.3, 0.7, 0.9, 1.1, 1.3];

impl Study for BilinearGame {
    const ABOUT: About = About {
        id: "bilinear_game",
        title: "Six methods on minₓ maxᵧ xy",
        what: "Plays xy by descent–ascent, the proximal point method, extragradient, optimistic descent–ascent and reflected splitting. \
               A step multiplies z by a complex number, whose modulus is measured and compared with its closed form; of a method that \
               remembers a point it is found from the recurrence of the path. Extragradient and optimistic steps come as near to a proximal \
               step as α³; their limits are found by bisection. The slide's literal extragradient is another method.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"Basic algorithms for minimax\"; after Mokhtari, Ozdaglar & \
                Pattathil 2020, arXiv:1901.08511",
        columns: Point::COLUMNS,
    };

    fn compute(&self, _seed: u64, _context: &Context) -> Result<Findings> {
        let mut factors = Vec::new();
        for alpha in [self.alpha].into_iter().chain(ALPHAS) {
            for method in METHODS {
                factors.push(Point {
                    quantity: "factor",
                    method,
                    alpha,
                    predicted: factor(method, alpha),
                    measured: measured(method, &path(method, alpha, self.steps)?),
                });
            }
        }
        let order = order::order()?;
        let rows = factors.iter().chain(&order.distances).chain(&order.moduli);
        let found = self.claims(Findings::of(rows), &factors, &order)?;
        let figure = self.figure(Self::ABOUT.title, &factors, &order)?;
        Ok(found.motion(self.motion()?).figure(figure))
    }
}

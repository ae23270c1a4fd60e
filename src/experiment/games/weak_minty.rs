//! How far a field may point away from the solution, and which steps bear it.

mod constants;
mod escape;
mod figure;
mod linear;
mod settings;
mod turns;

use settings::Point;
pub use settings::WeakMinty;

use crate::error::Result;
use crate::experiment::{About, Context, Findings, Study};

impl Study for WeakMinty {
    const ABOUT: About = About {
        id: "weak_minty",
        title: "The weak Minty inequality, and the steps it allows",
        what: "On a quadratic game where ⟨V(z), z − z*⟩ = ρ‖V(z)‖² the factor of EG+ is measured over (ρ, α): with γ = 1/L it converges \
               exactly where α < 1 + 2ρL. L and ρ of games with cycles are bracketed over a region, from points and from cells. On the \
               forsaken game, whose ρ lies below −1/2L, EG+ circles at every α; CurvatureEG+ and a longer γ find the solution. On xy the \
               longest γ of players at once and in turns is measured beside its law.",
        slide: "Neural networks: the good, the bad, the ugly (ICASSP 2023): \"When do the algorithms converge?\", \"Solving stochastic weak \
                MVIs without increasing batch size\"; after Pethick, Latafat, Patrinos, Fercoq & Cevher 2022, arXiv:2302.09831",
        columns: Point::COLUMNS,
    };

    fn compute(&self, _seed: u64, _context: &Context) -> Result<Findings> {
        let linear = self.linear()?;
        let land = constants::landscape()?;
        let escapes = self.escapes(land.forsaken_lipschitz())?;
        let turns = turns::measure()?;
        let figure = self.figure(Self::ABOUT.title, &linear, &escapes, &land, &turns)?;
        let turned = turns.iter().flat_map(|t| t.points());
        let rest: Vec<Point> = land.points().chain(turned).collect();
        let found = Findings::of(linear.points.iter().chain(&rest));
        let found = self.linear_claims(found, &linear);
        let found = self.escape_claims(land.claims(found), &escapes, &land);
        let motion = figure::motion(Self::ABOUT.title, &escapes, &land);
        Ok(turns::claims(found, &turns).motion(motion).figure(figure))
    }
}

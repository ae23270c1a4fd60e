//! The games and the methods by name.

use ndarray::Array2;

use super::settings::LimitCycles;
use crate::error::Result;
use crate::game::arena::{AlmostBilinear, Forsaken, GlobalForsaken, Polar};
use crate::game::{EgPlus, Followed, Game, Gda, Method, StochasticField};
use crate::optimise::{Field, Prox};

/// One of the games.
#[derive(Clone, Copy)]
pub(super) enum Chosen {
    AlmostBilinear(AlmostBilinear),
    Forsaken(Forsaken),
    GlobalForsaken(GlobalForsaken),
    Polar(Polar),
}

/// The same question to whichever it is.
macro_rules! ask {
    ($chosen:expr, $game:ident => $question:expr) => {
        match $chosen {
            Chosen::AlmostBilinear($game) => $question,
            Chosen::Forsaken($game) => $question,
            Chosen::GlobalForsaken($game) => $question,
            Chosen::Polar($game) => $question,
        }
    };
}

impl Field for Chosen {
    fn dimension(&self) -> usize {
        2
    }

    #[inline]
    fn at(&self, z: &[f64], v: &mut [f64]) -> Result<()> {
        ask!(self, game => game.at(z, v))
    }
}

impl Game for Chosen {
    fn payoff(&self, z: &[f64]) -> f64 {
        ask!(self, game => game.payoff(z))
    }

    fn jacobian(&self, z: &[f64]) -> Result<Array2<f64>> {
        ask!(self, game => game.jacobian(z))
    }
}

/// ∇½‖V‖² = JᵀV: what both players would follow if they agreed to make V small.
pub(super) struct Agreed<G>(pub(super) G);

impl<G: Game> Field for Agreed<G> {
    fn dimension(&self) -> usize {
        self.0.dimension()
    }

    fn at(&self, z: &[f64], v: &mut [f64]) -> Result<()> {
        self.0.at(z, v)?;
        let j = self.0.jacobian(z)?;
        let old = v.to_vec();
        for (v, column) in v.iter_mut().zip(j.columns()) {
            *v = column.iter().zip(&old).map(|(j, v)| j * v).sum();
        }
        Ok(())
    }
}

/// One of the methods, by a step α.
#[derive(Clone, Copy)]
pub(super) enum Player {
    Gda(Gda),
    EgPlus(EgPlus),
}

/// What it remembers.
pub(super) enum Memory<S> {
    Gda(<Gda as Method>::Memory<S>),
    EgPlus(<EgPlus as Method>::Memory<S>),
}

impl Method for Player {
    type Memory<S> = Memory<S>;

    fn check(&self) -> Result<()> {
        match self {
            Self::Gda(method) => method.check(),
            Self::EgPlus(method) => method.check(),
        }
    }

    fn begin<F: StochasticField>(&self, field: &F, z: &[f64]) -> Result<Memory<F::Sample>> {
        Ok(match self {
            Self::Gda(method) => Memory::Gda(method.begin(field, z)?),
            Self::EgPlus(method) => Memory::EgPlus(method.begin(field, z)?),
        })
    }

    #[inline]
    fn step<F: StochasticField>(
        &self,
        field: &F,
        prox: &impl Prox,
        k: usize,
        z: &mut [f64],
        memory: &mut Memory<F::Sample>,
        rng: &mut impl rand::Rng,
    ) -> Result<()> {
        match (self, memory) {
            (Self::Gda(method), Memory::Gda(memory)) => method.step(field, prox, k, z, memory, rng),
            (Self::EgPlus(method), Memory::EgPlus(memory)) => {
                method.step(field, prox, k, z, memory, rng)
            }
            _ => unreachable!("a method has its own memory"),
        }
    }
}

impl LimitCycles {
    /// The game.
    pub(super) fn chosen(&self) -> Chosen {
        match self.game {
            "almost_bilinear" => Chosen::AlmostBilinear(AlmostBilinear::default()),
            "global_forsaken" => Chosen::GlobalForsaken(GlobalForsaken),
            "polar" => Chosen::Polar(Polar::default()),
            _ => Chosen::Forsaken(Forsaken {
                offset: self.offset,
            }),
        }
    }

    /// How far the method looks ahead, in steps: its expansion is z + αf + cα²f′f.
    fn ahead(&self) -> f64 {
        match self.method {
            "gda" => 0.0,
            "eg" => 1.0,
            _ => 2.0,
        }
    }

    /// The method with steps α.
    pub(super) fn player(&self, alpha: f64) -> Player {
        match self.method {
            "gda" => Player::Gda(Gda::together(alpha)),
            _ => Player::EgPlus(EgPlus::new(self.ahead() * alpha, 1.0 / self.ahead())),
        }
    }

    /// The field its iterates follow, up to α²; for α = 0 the game's own.
    pub(super) fn followed(&self, alpha: f64) -> Followed<Chosen> {
        Followed {
            game: self.chosen(),
            lead: alpha * (self.ahead() - 0.5),
        }
    }
}

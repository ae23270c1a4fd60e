//! All networks of a run.

use super::by_epoch::{Followed, Moment, moments};
use super::settings::PerturbationStability;
use super::start::Start;
use super::training::Trained;
use crate::error::{Error, Result};
use crate::experiment::{Context, row};
use crate::stats::{Estimate, median};

row! {
    /// One initialisation, depth and width, before training or after.
    pub(super) struct Entry {
        /// lecun, he, ntk; small for the non-lazy start m^(−c)
        init: &'static str;
        /// layers of weights L
        depth: usize, unit "layers";
        /// hidden units a layer m
        width: usize, unit "units";
        /// P/ε, mean over networks
        measured: Estimate, unit "output per input", and se "its standard error";
        /// exact value at initialisation; empty after training
        predicted: Option<f64>, unit "output per input";
        /// initial; trained, from the usual starts; trained_small, from weights of size m^(−c)
        stage: &'static str;
        /// the tutorial's upper bound without its unnamed constant; empty where none
        bound: Option<f64>, unit "output per input";
        /// its limit for infinite width
        plateau: Option<f64>, unit "output per input";
        /// lazy ratio Σ‖ΔW‖/Σ‖W‖ of the training; empty before it
        kappa: Option<f64>;
        /// mean squared training error; empty before training
        train_loss: Option<f64>, unit "label²";
    }
}

/// One initialisation, depth and width after training.
pub(super) struct End {
    pub init: &'static str,
    pub depth: usize,
    pub width: usize,
    pub runs: Vec<Trained>,
    pub stability: Estimate,
    /// Medians over runs.
    pub kappa: f64,
    pub loss: f64,
    /// The tutorial's bound, of the lazy regime or of the non-lazy one.
    pub bound: f64,
    /// Along the training; empty where it is not followed.
    pub path: Vec<Moment>,
}

/// Everything a run computed.
pub(super) struct Results {
    /// Whether trends known from MNIST may be claimed.
    pub mnist: bool,
    /// By initialisation, depth, width.
    pub starts: Vec<Start>,
    /// Likewise, then the non-lazy ones by width; empty without training.
    pub ends: Vec<End>,
}

impl Start {
    fn row(&self) -> Entry {
        Entry {
            init: self.init,
            depth: self.depth,
            width: self.width,
            measured: self.stability,
            predicted: Some(self.predicted),
            stage: "initial",
            bound: Some(self.bound.value),
            plateau: Some(self.bound.plateau),
            kappa: None,
            train_loss: None,
        }
    }
}

impl End {
    fn row(&self) -> Entry {
        Entry {
            init: self.init,
            depth: self.depth,
            width: self.width,
            measured: self.stability,
            predicted: None,
            stage: match self.init {
                "small" => "trained_small",
                _ => "trained",
            },
            bound: Some(self.bound),
            plateau: None,
            kappa: Some(self.kappa),
            train_loss: Some(self.loss),
        }
    }
}

impl Results {
    /// The rows of the table.
    pub(super) fn rows(&self) -> impl Iterator<Item = Entry> {
        let starts = self.starts.iter().map(Start::row);
        starts.chain(self.ends.iter().map(End::row))
    }

    pub(super) fn starts_of(&self, init: &str) -> impl Iterator<Item = &Start> {
        self.starts.iter().filter(move |s| s.init == init)
    }

    /// The two starts followed along their training.
    pub(super) fn followed(&self, settings: &PerturbationStability) -> Option<Followed<'_>> {
        let followed = |init: &str| self.ends_of(init).find(|e| !e.path.is_empty());
        let (lazy, small) = (followed(settings.lazy_start()?)?, followed("small")?);
        Some(Followed {
            lazy: &lazy.path,
            lazy_end: lazy.kappa,
            small: &small.path,
            small_end: small.kappa,
            epochs: settings.epochs,
        })
    }

    pub(super) fn ends_of(&self, init: &str) -> impl Iterator<Item = &End> {
        self.ends.iter().filter(move |e| e.init == init)
    }
}

impl PerturbationStability {
    pub(super) fn results(&self, seed: u64, context: &Context) -> Result<Results> {
        if self.init.is_empty() {
            return Err(Error::domain(
                "init",
                "at least one initialisation",
                "empty",
            ));
        }
        let (data, mnist) = self.digits(context, seed)?;
        let widths = |init, depth| self.widths.iter().map(move |&width| (init, depth, width));
        let inits = self.init.iter();
        let mut cells: Vec<(&'static str, usize, usize)> = inits
            .flat_map(|&init| {
                self.depths
                    .iter()
                    .flat_map(move |&depth| widths(init, depth))
            })
            .collect();
        let starts = context.each("starts", cells.clone(), |cell| {
            self.start(cell, &data, seed)
        })?;
        match self.trained {
            true => cells.extend(widths("small", 2)),
            false => cells.clear(),
        }
        let runs = context.sweep(
            "trained networks",
            &cells,
            self.trained_draws,
            seed,
            |&cell, one| self.train(cell, &data, one),
        )?;
        // The lazy ones stand as the starts do; the non-lazy ones have a bound of their own.
        let bounds = starts.iter().map(|start| Some(start.bound.value));
        let ends = cells
            .iter()
            .zip(runs)
            .zip(bounds.chain(std::iter::repeat(None)));
        let ends = ends.map(|((&(init, depth, width), runs), bound)| {
            let each = |of: fn(&Trained) -> f64| runs.iter().map(of).collect::<Vec<f64>>();
            let paths: Vec<_> = runs.iter().map(|run| run.path.as_slice()).collect();
            Ok(End {
                init,
                depth,
                width,
                stability: Estimate::from_values(&each(|run| run.stability))?,
                kappa: median(&each(|run| run.kappa))?,
                loss: median(&each(|run| run.loss))?,
                bound: bound.unwrap_or_else(|| self.non_lazy_bound(width)),
                path: moments(&paths)?,
                runs,
            })
        });
        Ok(Results {
            mnist,
            ends: ends.collect::<Result<_>>()?,
            starts,
        })
    }

    /// n/m^{c + 1.5}, the bound of the tutorial for trained non-lazy networks without constants and logarithms.
    fn non_lazy_bound(&self, width: usize) -> f64 {
        self.n as f64 / (width as f64).powf(self.non_lazy_power + 1.5)
    }

    /// The initialisations, neighbours that are the same as one.
    pub(super) fn inits(&self) -> Vec<&'static str> {
        let mut inits = self.init.clone();
        inits.dedup();
        inits
    }
}

/// How an initialisation is written in prose.
pub(super) fn title(init: &str) -> &'static str {
    match init {
        "lecun" => "LeCun",
        "he" => "He",
        "ntk" => "NTK",
        _ => "non-lazy",
    }
}

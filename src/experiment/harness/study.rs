//! What an experiment is, and how it is run.

use std::time::Instant;

use super::{Column, Findings, Limits, Progress, Provenance, Report, SettingSpec, Settings, Value};
use crate::data::Source;
use crate::{Error, Result};

/// What a reader should know of an experiment before it runs.
#[derive(Debug, Clone, Copy)]
pub struct About {
    /// Its name on the command line, of its file and of what it writes.
    pub id: &'static str,
    /// One line.
    pub title: &'static str,
    /// One paragraph: what it computes.
    pub what: &'static str,
    /// The source document and the title of its slide.
    pub slide: &'static str,
    /// The columns of its table: `COLUMNS` of its [`Row`](super::Row).
    pub columns: &'static [Column],
}

/// What a run may use besides its settings and its seed.
#[derive(Debug)]
pub struct Context {
    /// Where digits and pictures come from.
    pub data: Source,
    /// Where to tell how far it is.
    pub progress: Progress,
}

impl Default for Context {
    /// The data that `DLTHEORY_DATA` names or the built-in sample; progress in notebooks.
    fn default() -> Self {
        Self {
            data: Source::from_env(),
            progress: Progress::default(),
        }
    }
}

/// An experiment: settings that can be computed with.
pub trait Study: Settings {
    /// What a reader should know of it.
    const ABOUT: About;

    /// Whether it computes with the images of [`Context::data`]; then it has a [`fitted`](Self::fitted).
    const READS_IMAGES: bool = false;

    /// Computes. The settings have been checked one by one; a combination that cannot work is this
    /// function's to refuse. All random numbers come from `seed` through
    /// [`rng::stream`](crate::rng::stream), one stream a draw ([`Context::draws`]), so that the
    /// number of threads does not matter.
    ///
    /// # Errors
    /// Settings that do not fit together, data that cannot be read, a computation that fails.
    fn compute(&self, seed: u64, context: &Context) -> Result<Findings>;

    /// These settings with sizes that the data have. A setting that was left at its default or its quick value gives
    /// way, one that was set to another is kept. The settings themselves where no data are used.
    ///
    /// # Errors
    /// Data that cannot be read; sizes that were set and do not fit.
    fn fitted(&self, _data: &Source) -> Result<Self> {
        Ok(self.clone())
    }
}

/// Checks the settings, fits them to the data, computes, and takes the time.
///
/// # Errors
/// A setting out of range, data that cannot be read, a computation that fails.
pub fn run<S: Study>(settings: &S, seed: u64, context: &Context) -> Result<Report> {
    settings.validate()?;
    let started = Instant::now();
    let asked = settings;
    let settings = &asked.fitted(&context.data)?;
    let findings = settings.compute(seed, context);
    context.progress.finish();
    let Findings {
        measured,
        claims,
        table,
        figure,
        motion,
    } = findings?;
    let data = match S::READS_IMAGES {
        true => Some(context.data.identity()?),
        false => None,
    };
    Ok(Report {
        experiment: S::ABOUT.id.to_owned(),
        provenance: Provenance::here(data),
        seed,
        settings: settings.to_json(),
        gave_way: gave_way(asked, settings),
        seconds: started.elapsed().as_secs_f64(),
        measured,
        claims,
        table,
        figure,
        motion,
    })
}

/// "n is 98, not 150, to fit the data", for each setting that gave way.
fn gave_way<S: Settings>(asked: &S, used: &S) -> Vec<String> {
    let specs = S::specs();
    let pairs = asked.values().into_iter().zip(used.values());
    specs
        .iter()
        .zip(pairs)
        .filter(|(_, (asked, used))| asked != used)
        .map(|(spec, (asked, used))| {
            format!("{} is {used}, not {asked}, to fit the data", spec.name)
        })
        .collect()
}

/// Asks for as much as each setting allows, and is told what fits.
fn room<S: Study>(data: &Source) -> Result<Option<String>> {
    let mut largest = S::default();
    for spec in S::specs() {
        if let Limits::Whole(_, most) = spec.limits {
            largest.put(spec.name, Value::Whole(most));
        }
    }
    match largest.fitted(data) {
        Ok(_) => Ok(None),
        Err(Error::Domain { what, expected, .. }) => Ok(Some(format!("{what}: {expected}"))),
        Err(error) => Err(error),
    }
}

/// A run as asked for in text: what to set, and where from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// The seed of all random numbers.
    pub seed: u64,
    /// Start from the quick settings, not from the defaults.
    pub quick: bool,
    /// Settings by name, in order: of two for one name the last wins.
    pub set: Vec<(String, String)>,
}

impl Plan {
    fn settings<S: Settings>(&self) -> Result<S> {
        let mut settings = if self.quick { S::quick() } else { S::default() };
        for (name, text) in &self.set {
            settings.set(name, text)?;
        }
        settings.validate()?;
        Ok(settings)
    }
}

/// An experiment whatever its settings: an entry of the registry.
#[derive(Debug, Clone, Copy)]
pub struct Experiment {
    /// What a reader should know of it.
    pub about: About,
    /// Whether it computes with images: those of [`Context::data`].
    pub reads_images: bool,
    /// What is known of each setting.
    pub specs: fn() -> Vec<SettingSpec>,
    /// What the data allow of its sizes together, in words, where that is less than what each setting allows alone.
    pub room: fn(&Source) -> Result<Option<String>>,
    /// Checks a plan without running it.
    pub check: fn(&Plan) -> Result<()>,
    /// Runs a plan.
    pub run: fn(&Plan, &Context) -> Result<Report>,
}

impl Experiment {
    /// The entry of `S`.
    #[must_use]
    pub const fn of<S: Study>() -> Self {
        Self {
            about: S::ABOUT,
            reads_images: S::READS_IMAGES,
            specs: S::specs,
            room: room::<S>,
            check: |plan| plan.settings::<S>().map(drop),
            run: |plan, context| run(&plan.settings::<S>()?, plan.seed, context),
        }
    }
}

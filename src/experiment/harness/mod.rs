//! What every experiment stands on: settings, rows, claims, reports, and how a run is made. Nothing here knows an experiment.

mod claim;
mod claims;
mod declare;
#[cfg(test)]
pub mod demo;
mod draws;
mod files;
mod findings;
mod limits;
mod measured;
mod progress;
mod provenance;
mod report;
mod row;
mod settings;
pub(crate) mod sizes;
mod spec;
mod study;
mod table;
mod value;

pub(crate) use declare::settings;
#[cfg(test)]
pub(crate) use demo::Coin;
pub(crate) use row::{joined, row};

pub(crate) use claim::once_in;
pub use claim::{Claim, Nature, Relation, Rival, Verdict};
pub use claims::Claims;
pub use draws::Draw;
pub use files::Written;
pub use findings::{Draft, Findings};
pub use limits::{Limits, LimitsOf, NoLimits};
pub use measured::{Measured, Quantity};
pub use progress::Progress;
pub use provenance::Provenance;
pub use report::Report;
pub use row::{Field, Row};
pub use settings::Settings;
pub use spec::SettingSpec;
pub use study::{About, Context, Experiment, Plan, Study, run};
pub use table::{Cell, Column, Table};
pub use value::{Count, Kind, Value};

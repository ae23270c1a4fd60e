//! Grades notebooks.
//!
//! A submission goes through four steps: its exercise cells are found ([`cells`]), read for what
//! may not stand in them, compiled together (`compile`), and each solution is called in
//! a confined process of its own while this process draws the inputs and judges the answers
//! (`judge`, `confined`, `process`). So a student's code can do no more than give answers.
//!
//! [`class`] does this for many; [`report`] writes what came out; [`release`] makes the students'
//! version of the repository; [`verify`] proves with the [`answers`] that the exercises are fair,
//! [`mutants`] that their checks judge;
//! [`autograder`] packs all of it for Gradescope.

mod against;
pub mod answers;
pub mod autograder;
pub mod cells;
pub mod class;
mod compile;
mod confined;
mod diagnostics;
mod fnv;
pub mod hand_in;
mod handed_in;
mod judge;
mod memory;
pub mod mutants;
mod names;
mod notebook_file;
mod own_numbers;
mod process;
pub mod release;
pub mod report;
mod result;
mod roster;
mod scheme;
mod scratch;
mod seal;
mod settings;
pub mod similar;
mod submission;
mod toolchain;
pub mod verify;
mod watch;
mod whose;

pub use against::Earlier;
pub use handed_in::{Class, HandedIn, LeftOut, Student, find};
pub use judge::Grader;
pub use notebook_file::Notebook;
pub use result::{CheckResult, ExerciseResult, Grade, SCHEMA};
pub use roster::Roster;
pub use scheme::Scheme;
pub use settings::GradeSettings;
pub use submission::Submission;
pub use toolchain::Toolchain;
pub(crate) use toolchain::write_whole;

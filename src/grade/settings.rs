//! What a submission may use.

use std::path::PathBuf;

/// Limits of grading. They count what a solution uses, never how long the clock ran: a busy
/// machine changes no score.
#[derive(Clone, Debug)]
pub struct GradeSettings {
    /// Processor time of one process of an exercise, s.
    pub cpu_seconds: u64,
    /// How long all processes of an exercise, or the compiler, may sleep while we wait for them, s. One
    /// sleeps when it has no thread that computes, reads from a disk, or waits for a processor
    /// that others use. What computes ends by its processor time, however long that takes.
    pub idle_seconds: u64,
    /// After so many calls that ran out of time the remaining checks of an exercise are lost. All
    /// its processes together have one time `cpu_seconds` more than that.
    pub timeouts: u32,
    /// Address space of such a process, bytes.
    pub memory: u64,
    /// Processor time of one run of the compiler, s.
    pub build_seconds: u64,
    /// Address space of the compiler, bytes.
    pub build_memory: u64,
    /// Seed of all inputs; none: made from `grading.csv` and the hidden checks.
    pub seed: Option<u64>,
    /// The table of points; none: the repository's `src/exercise/grading.csv`.
    pub grading: Option<PathBuf>,
    /// The chapters and exercises that were set; none: those that the table names, or all.
    pub chapters: Vec<String>,
    /// Where each submission gets a folder of its own, removed at the end: a folder that is there,
    /// where programs may be run. It changes no score.
    pub scratch: PathBuf,
}

impl Default for GradeSettings {
    fn default() -> Self {
        Self {
            cpu_seconds: 10,
            idle_seconds: 20,
            timeouts: 2,
            memory: 4 << 30,
            build_seconds: 30,
            build_memory: 6 << 30,
            seed: None,
            grading: None,
            chapters: Vec::new(),
            scratch: std::env::temp_dir(),
        }
    }
}

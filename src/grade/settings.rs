//! What a submission may use.

/// Limits of grading. Processor time decides, so that a busy machine changes no score; the wall
/// clock only ends what sleeps.
#[derive(Clone, Debug)]
pub struct GradeSettings {
    /// Processor time of one process of an exercise, s.
    pub cpu_seconds: u64,
    /// After so many calls that ran out of time the remaining checks of an exercise are lost.
    pub timeouts: u32,
    /// Address space of such a process, bytes.
    pub memory: u64,
    /// Output such a process may print, bytes.
    pub output: usize,
    /// Processor time of one run of the compiler, s.
    pub build_seconds: u64,
    /// Address space of the compiler, bytes.
    pub build_memory: u64,
    /// The wall clock's limits are this many times those of the processor.
    pub wall_factor: u64,
    /// Seed of all inputs; none: made from `grading.csv` and the hidden checks.
    pub seed: Option<u64>,
}

impl Default for GradeSettings {
    fn default() -> Self {
        Self {
            cpu_seconds: 10,
            timeouts: 2,
            memory: 4 << 30,
            output: 64 << 10,
            build_seconds: 30,
            build_memory: 6 << 30,
            wall_factor: 4,
            seed: None,
        }
    }
}

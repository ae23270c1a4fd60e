//! What a run needs of the machine: said in a sentence before it starts, since what comes after a thread or
//! memory that cannot be had is a panic or, in OpenBLAS, waiting for ever.

use crate::engine;
use crate::{Error, Result};

/// Address space that the program itself wants, in bytes: measured with the quick experiments.
const PROGRAM: u64 = 400 << 20;

/// Starts the threads that draws are shared out to, one a core unless `threads` says how many, and
/// sees to it that they have room to multiply in. Once in a process.
pub(super) fn prepare(threads: Option<u16>) -> Result<()> {
    let threads = threads.map_or(0, usize::from);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    pool.build_global().map_err(|error| {
        Error::Machine(format!(
            "the threads cannot be started ({error}): fewer may do, as in --threads 1; see also ulimit -u and -v"
        ))
    })?;
    check_memory(rayon::current_num_threads())
}

/// Does a limit on the address space leave enough for `threads` that multiply?
#[cfg(unix)]
fn check_memory(threads: usize) -> Result<()> {
    use rustix::process::{Resource, getrlimit};
    let needed = PROGRAM + engine::address_space(threads);
    match getrlimit(Resource::As).current {
        Some(limit) if limit < needed => Err(Error::Machine(format!(
            "ulimit -v leaves {} kB of address space, expected at least {} kB: OpenBLAS takes 128 MB for each thread; \
             fewer may do, as in --threads 1, or DLTHEORY_ENGINE=faer",
            limit >> 10,
            needed >> 10,
        ))),
        _ => Ok(()),
    }
}

#[cfg(not(unix))]
fn check_memory(_threads: usize) -> Result<()> {
    Ok(())
}

//! How many threads a product uses; a factorisation uses one.
//!
//! Independent draws run on our own threads; each then wants one thread, or the cores are shared
//! out twice. The threads are rayon's. OpenBLAS's own are switched off for good at the first call:
//! they wait for each other in a loop, which is slow on a busy machine, they round by their number,
//! and changing that number beside a running call crashes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// How many guards live now, and the thread count to restore after the last.
static GUARDS: Mutex<(usize, usize)> = Mutex::new((0, 0));

/// The number of threads; 0 until someone asks.
static THREADS: AtomicUsize = AtomicUsize::new(0);

/// Keeps linear algebra on one thread while it lives; the last guard to go restores the former
/// number.
///
/// ```
/// let before = dltheory_engine::threads();
/// {
///     let _single = dltheory_engine::single_thread();
///     assert_eq!(dltheory_engine::threads(), 1);
/// }
/// assert_eq!(dltheory_engine::threads(), before);
/// ```
#[must_use = "linear algebra is single-threaded only while the guard lives"]
pub struct SingleThread(());

/// Puts linear algebra on one thread until the returned guard is dropped.
pub fn single_thread() -> SingleThread {
    let mut guards = GUARDS.lock().unwrap_or_else(PoisonError::into_inner);
    if guards.0 == 0 {
        guards.1 = threads();
        set_threads(1);
    }
    guards.0 += 1;
    SingleThread(())
}

impl Drop for SingleThread {
    fn drop(&mut self) {
        let mut guards = GUARDS.lock().unwrap_or_else(PoisonError::into_inner);
        guards.0 -= 1;
        if guards.0 == 0 {
            set_threads(guards.1);
        }
    }
}

/// The number of threads linear algebra uses now; one per core at first, or what OpenBLAS's own
/// variables say (`OPENBLAS_NUM_THREADS`).
#[must_use]
pub fn threads() -> usize {
    let first = at_first();
    match THREADS.load(Ordering::Relaxed) {
        0 => first,
        threads => threads,
    }
}

/// Sets the number of threads, at least 1. Prefer [`single_thread`], which restores it.
pub fn set_threads(threads: usize) {
    at_first();
    THREADS.store(threads.max(1), Ordering::Relaxed);
}

/// The number of threads that was found, once; from then on OpenBLAS has none of its own.
pub(crate) fn at_first() -> usize {
    static FIRST: OnceLock<usize> = OnceLock::new();
    *FIRST.get_or_init(|| {
        #[cfg(feature = "openblas")]
        return crate::openblas::take_threads();
        #[cfg(not(feature = "openblas"))]
        std::thread::available_parallelism().map_or(1, Into::into)
    })
}

/// The address space in bytes that `threads` threads take to multiply, beside the matrices: OpenBLAS's
/// buffers, one for each of its own threads from the start and one for each thread that calls it.
#[must_use]
pub fn address_space(threads: usize) -> u64 {
    #[cfg(feature = "openblas")]
    {
        use crate::{Engine, Work};
        let calls = |work| Engine::best(work) == Engine::OpenBlas;
        let callers = match Work::ALL.into_iter().any(calls) {
            true => threads,
            false => 0,
        };
        (at_first() - 1 + callers) as u64 * crate::openblas::BUFFER
    }
    #[cfg(not(feature = "openblas"))]
    {
        let _ = threads;
        0
    }
}

/// Ends the process at once with `code`, even where OpenBLAS would wait for ever for memory. What was printed
/// to a buffer must have been written out.
pub fn leave(code: u8) -> ! {
    #[cfg(feature = "openblas")]
    crate::openblas::leave(code);
    #[cfg(not(feature = "openblas"))]
    std::process::exit(code.into())
}

//! How many threads BLAS uses: the one place that calls OpenBLAS by hand.
//!
//! Independent draws run on our own threads; each then wants one BLAS thread, or the cores are
//! shared out twice. One thread also makes the rounding of every product the same, whatever the
//! machine's number of cores. OpenBLAS offers no safe call for this, and its environment variable
//! is read only once, before `main`, so two C functions are declared here.
#![allow(unsafe_code)]

use std::ffi::c_int;
use std::sync::{Mutex, PoisonError};

unsafe extern "C" {
    fn openblas_set_num_threads(threads: c_int);
    fn openblas_get_num_threads() -> c_int;
}

/// How many guards live now, and the thread count to restore after the last.
static GUARDS: Mutex<(usize, usize)> = Mutex::new((0, 0));

/// Keeps BLAS on one thread while it lives; the last guard to go restores the former number.
///
/// ```
/// let before = dltheory::blas::threads();
/// {
///     let _single = dltheory::blas::single_thread();
///     assert_eq!(dltheory::blas::threads(), 1);
/// }
/// assert_eq!(dltheory::blas::threads(), before);
/// ```
#[must_use = "BLAS is single-threaded only while the guard lives"]
pub struct SingleThread(());

/// Puts BLAS on one thread until the returned guard is dropped.
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

/// The number of threads BLAS uses now.
#[must_use]
pub fn threads() -> usize {
    // SAFETY: takes nothing, reads one integer that OpenBLAS set when it was loaded.
    let threads = unsafe { openblas_get_num_threads() };
    usize::try_from(threads).unwrap_or(1).max(1)
}

/// Sets the number of BLAS threads, at least 1. Prefer [`single_thread`], which restores it.
pub fn set_threads(threads: usize) {
    let threads = c_int::try_from(threads.max(1)).unwrap_or(c_int::MAX);
    // SAFETY: takes a positive integer by value; OpenBLAS caps it and guards its own pool.
    unsafe { openblas_set_num_threads(threads) }
}

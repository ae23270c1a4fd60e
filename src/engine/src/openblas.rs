//! OpenBLAS's own functions: how many threads it uses, what it is, which kernel it chose.
//!
//! It offers no safe call for these, and its environment variables are read only once, before
//! `main`; so C functions are declared here.
#![allow(unsafe_code)]

use std::ffi::{CStr, c_char, c_int};

unsafe extern "C" {
    fn openblas_set_num_threads(threads: c_int);
    fn openblas_get_num_threads() -> c_int;
    fn openblas_get_corename() -> *const c_char;
    fn openblas_get_config() -> *const c_char;
    /// The C library's own.
    fn _exit(code: c_int) -> !;
}

/// Leaves it one thread; returns how many it had.
pub(crate) fn take_threads() -> usize {
    // SAFETY: takes nothing, reads one integer that OpenBLAS set when it was loaded.
    let threads = unsafe { openblas_get_num_threads() };
    // SAFETY: a smaller number only leaves threads of its pool idle, whatever else runs.
    unsafe { openblas_set_num_threads(1) };
    usize::try_from(threads).unwrap_or(1).max(1)
}

/// The address space that each of its threads, and each thread that calls it, takes: as seen of Debian's 0.3.21.
pub(crate) const BUFFER: u64 = 128 << 20;

/// Ends the process without OpenBLAS's own ending, which waits for its threads; those wait for ever
/// for memory that a limit withholds.
pub(crate) fn leave(code: u8) -> ! {
    // SAFETY: takes a number, and nothing of this process is used afterwards.
    unsafe { _exit(code.into()) }
}

/// The kernel it chose when it was loaded: `Haswell`, `Zen`, `Prescott`, …
pub(crate) fn kernel() -> String {
    // SAFETY: takes nothing, returns a string of static lifetime that ends in zero.
    text(unsafe { openblas_get_corename() })
}

/// Its version: `0.3.21`.
pub(crate) fn version() -> String {
    // SAFETY: as above. "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH …"
    let config = text(unsafe { openblas_get_config() });
    let version = config.split_whitespace().nth(1);
    version.unwrap_or("of unknown version").to_owned()
}

fn text(string: *const c_char) -> String {
    if string.is_null() {
        return String::new();
    }
    // SAFETY: not null, and OpenBLAS's strings end in zero and are never freed.
    let string = unsafe { CStr::from_ptr(string) };
    string.to_string_lossy().into_owned()
}

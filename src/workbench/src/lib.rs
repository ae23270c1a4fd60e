//! The workbench of the exercises: what a solution may use, and how it is called.
//!
//! A graded solution is compiled against this crate under the name `dltheory`. So it has the
//! same [`prelude`] as in the notebook as far as exercises need it (arrays, random numbers, a few
//! decompositions), and none of the library's own solutions: they are not in the program.
//!
//! A solution is called through a [`Call`]: arguments and result travel as [`Value`]s, within a
//! notebook or between two processes. [`call`] has one function an exercise, made from the list
//! of signatures in `signatures.rs`.

#[cfg(feature = "worker")]
pub mod confine;
pub mod linalg;
pub mod prelude;
pub mod rng;
mod signatures;
mod value;
#[cfg(feature = "worker")]
pub mod worker;

pub use signatures::call;
#[doc(hidden)]
pub use signatures::{Pass, decode};
pub use value::{FromValue, Value};

/// A solution, ready to be called: arguments in, result out. An `Err` is a sentence about
/// arguments that do not fit the signature; a panic of the solution passes through.
pub type Call = Box<dyn Fn(&[Value]) -> Result<Value, String> + Send + Sync>;

/// The message of a panic, as `catch_unwind` returns it.
#[must_use]
pub fn panic_message(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("without a message")
}

//! `check::NAME(NAME)` in a notebook: the visible checks of an exercise, at once, as a table.
//!
//! ```
//! use dltheory::prelude::*;
//! fn min_norm(_x: &Array2<f64>, _y: &Array1<f64>) -> Array1<f64> {
//!     todo!()
//! }
//! let report = check::min_norm(min_norm);
//! assert!(!report.started());
//! ```

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use ndarray::{Array1, Array2};

use super::{Caller, CheckReport, Trouble, find};
#[allow(unused_imports)] // a signature may take a generator
use crate::rng::Rng;
use dltheory_workbench::{Call, Value, panic_message};

/// Seed of the inputs in notebooks. The grader uses another one too.
pub(crate) const SEED: u64 = 0;

/// A solution in this process.
struct Here(Call);

impl Caller for Here {
    fn call(&mut self, arguments: &[Value]) -> Result<Value, Trouble> {
        match quietly(|| (self.0)(arguments)) {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(sentence)) => Err(Trouble::Panicked(sentence)),
            Err(panic) => Err(told(panic_message(panic.as_ref()))),
        }
    }
}

/// Whether a panic says that something is still to be written.
pub(crate) fn unfinished(message: &str) -> bool {
    let words = ["not yet implemented", "not implemented"];
    words.iter().any(|words| message.starts_with(words))
}

/// What a panic's message means: `todo!()` and `unimplemented!()` are no mistakes.
pub(crate) fn told(message: &str) -> Trouble {
    if unfinished(message) {
        Trouble::Unfinished
    } else {
        Trouble::Panicked(message.to_owned())
    }
}

/// Runs `f` without its panic being printed: a table will tell it.
pub(crate) fn quietly<T>(f: impl FnOnce() -> T) -> Result<T, Box<dyn Any + Send>> {
    static HOOK: Mutex<()> = Mutex::new(());
    let _one_at_a_time = HOOK.lock().unwrap_or_else(PoisonError::into_inner);
    let former = std::panic::take_hook();
    std::panic::set_hook(Box::new(|_| ()));
    let result = catch_unwind(AssertUnwindSafe(f));
    std::panic::set_hook(former);
    result
}

fn visible(name: &str, call: Call) -> CheckReport {
    let exercise = find(name).unwrap_or_else(|| panic!("no exercise is called {name}"));
    crate::notebook::checked(exercise.chapter);
    CheckReport::new(exercise, &mut Here(call), SEED)
}

macro_rules! checks {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*) -> $returns:ty;)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(solution: fn($($type),*) -> $returns) -> CheckReport {
            visible(stringify!($name), dltheory_workbench::call::$name(solution))
        }
    )*};
}
dltheory_workbench::signatures!(checks);

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*) -> $returns:ty;)*) => {
        /// Every exercise and its signature as text.
        #[cfg(feature = "cli")]
        pub(crate) const SIGNATURES: &[(&str, &str)] = &[$((
            stringify!($name),
            stringify!(fn $name($($argument: $type),*) -> $returns),
        )),*];
    };
}
dltheory_workbench::signatures!(texts);

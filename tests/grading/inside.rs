//! The reference solutions in this process: far faster than a grade, where no wall is asked for.

use dltheory::exercise::{self, Caller, Check, Trouble, hidden};
use dltheory_workbench::{Call, Value};

macro_rules! references {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*) -> $returns:ty;)*) => {
        #[allow(clippy::all)] // they read as in a notebook
        mod solutions {$(
            pub(super) mod $name {
                #[allow(unused_imports)]
                use dltheory_workbench::prelude::*;
                include!(concat!(
                    env!("CARGO_MANIFEST_DIR"), "/src/exercise/solutions/", stringify!($name), ".rs"
                ));
                pub(in super::super) fn call() -> dltheory_workbench::Call {
                    dltheory_workbench::call::$name($name)
                }
            }
        )*}

        /// The reference solution of an exercise.
        pub(crate) fn reference(exercise: &str) -> Call {
            match exercise {
                $(stringify!($name) => solutions::$name::call(),)*
                _ => panic!("no exercise is called {exercise}"),
            }
        }
    };
}
dltheory_workbench::signatures!(references);

/// Answers what `change` makes of the reference's answers.
pub(crate) struct Inside<F> {
    pub(crate) reference: Call,
    pub(crate) change: F,
}

impl<F: FnMut(Value) -> Value> Caller for Inside<F> {
    fn call(&mut self, arguments: &[Value]) -> Result<Value, Trouble> {
        let answer = (self.reference)(arguments).map_err(Trouble::Panicked)?;
        Ok((self.change)(answer))
    }
}

/// Every exercise and its checks, the hidden ones too, with their seeds.
pub(crate) fn checks() -> impl Iterator<Item = (&'static str, &'static Check, u32)> {
    exercise::all().flat_map(|exercise| {
        let checks = exercise.checks.iter().chain(hidden::checks(exercise.name));
        checks.map(|check| {
            let seeds = exercise::points(exercise.name, check.name).unwrap().seeds;
            (exercise.name, check, seeds)
        })
    })
}

//! The program `dltheory`: see [`dltheory::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    dltheory::cli::main()
}

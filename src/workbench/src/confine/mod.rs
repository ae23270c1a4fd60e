//! Limits a process puts on itself before it touches a student's code: they cannot be undone.
//!
//! Three parts, each from the kernel: resource limits (rlimits), the file system (Landlock), and
//! system calls (seccomp). A [`Confinement`] says how far the kernel went along.

mod syscalls;

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use landlock::{
    ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetStatus,
    Scope, path_beneath_rules,
};
use rlimit::Resource;

pub use syscalls::{forbid_all_but_computing, forbid_network, forbid_processes};

/// What a process may use.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Processor time, s, of all its threads.
    pub cpu: u64,
    /// Address space, bytes.
    pub memory: u64,
    /// Size of a file it writes, bytes.
    pub file: u64,
    /// Open files.
    pub files: u64,
}

impl Limits {
    /// Sets the limits on this process; its children inherit them.
    ///
    /// # Errors
    /// The kernel refuses.
    pub fn apply(&self) -> Result<(), String> {
        for (resource, limit) in [
            (Resource::CPU, self.cpu),
            (Resource::AS, self.memory),
            (Resource::FSIZE, self.file),
            (Resource::NOFILE, self.files),
            (Resource::CORE, 0),
        ] {
            // One second between the two for processor time: first a signal that names the cause.
            let hard = if resource == Resource::CPU {
                limit + 1
            } else {
                limit
            };
            resource.set(limit, hard).map_err(|error| {
                let name = resource.as_name();
                match resource.get_hard() {
                    Ok(most) if most < hard => format!(
                        "{name} is limited to {most} by whoever started this (ulimit), and {hard} is needed"
                    ),
                    _ => format!("{name}: {error}"),
                }
            })?;
        }
        Ok(())
    }
}

/// Restricts this process to reading below `read` and to everything below `write`: files, and no
/// TCP, signals or abstract sockets beyond itself. Returns how far the kernel enforces that.
///
/// # Errors
/// A path cannot be opened, or the kernel refuses.
pub fn restrict_files(read: &[PathBuf], write: &[PathBuf]) -> Result<&'static str, String> {
    let abi = ABI::V6;
    let restrict = || {
        Ruleset::default()
            .handle_access(AccessFs::from_all(abi))?
            .handle_access(AccessNet::from_all(abi))?
            .scope(Scope::from_all(abi))?
            .create()?
            .add_rules(path_beneath_rules(read, AccessFs::from_read(abi)))?
            .add_rules(path_beneath_rules(write, AccessFs::from_all(abi)))?
            .restrict_self()
    };
    let status = restrict().map_err(|error: landlock::RulesetError| error.to_string())?;
    Ok(match status.ruleset {
        RulesetStatus::FullyEnforced => "fully enforced",
        RulesetStatus::PartiallyEnforced => "partly enforced (an older kernel)",
        RulesetStatus::NotEnforced => "not enforced (the kernel has none)",
    })
}

/// Confines this process, then becomes the program named on the command line:
/// `--cpu S --memory BYTES --file BYTES --processes 0|1 [--read PATH]… [--write PATH]… --
/// PROGRAM ARGUMENT…`. A compiler starts its linker, so it needs processes.
#[must_use]
pub fn main() -> ExitCode {
    match confined(std::env::args().skip(1)) {
        Ok(mut command) => eprintln!("confine: {}", command.exec()),
        Err(sentence) => eprintln!("confine: {sentence}"),
    }
    ExitCode::from(125)
}

fn confined(mut arguments: impl Iterator<Item = String>) -> Result<Command, String> {
    // A grader that is killed leaves nothing running, however long it would sleep.
    rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL))
        .map_err(|error| error.to_string())?;
    let mut limits = Limits {
        cpu: 60,
        memory: 4 << 30,
        file: 256 << 20,
        files: 1024,
    };
    let (mut read, mut write) = (Vec::new(), Vec::new());
    let mut processes = true;
    loop {
        let option = arguments.next().ok_or("no program is named")?;
        if option == "--" {
            break;
        }
        let value = arguments
            .next()
            .ok_or_else(|| format!("{option} needs a value"))?;
        let number = || {
            value
                .parse()
                .map_err(|_| format!("{option} {value}: expected a number"))
        };
        match option.as_str() {
            "--cpu" => limits.cpu = number()?,
            "--memory" => limits.memory = number()?,
            "--file" => limits.file = number()?,
            "--processes" => processes = number()? > 0,
            "--read" => read.push(PathBuf::from(value)),
            "--write" => write.push(PathBuf::from(value)),
            _ => return Err(format!("unknown option {option}")),
        }
    }
    let mut command = Command::new(arguments.next().ok_or("no program is named")?);
    command.args(arguments);
    limits.apply()?;
    restrict_files(&read, &write)?;
    forbid_network()?;
    if !processes {
        forbid_processes()?;
    }
    Ok(command)
}

//! What a child of ours is doing. Limits count that, and not how long the clock ran: on a busy
//! machine a child that computes may get a tenth of a processor.

use std::process::{Child, ExitStatus};
use std::time::Duration;

use procfs::ProcResult;
use procfs::process::{Process, Task, all_processes};

/// How often a child is looked at.
pub(super) const LOOK: Duration = Duration::from_millis(20);

/// What a child was seen doing.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Some thread computes, waits for a processor, or reads from a disk.
    pub(super) busy: bool,
    /// It has ended, and nobody has waited for it yet.
    pub(super) ended: bool,
    /// How many threads it has.
    pub(super) threads: usize,
    /// Processor time of all its threads so far.
    pub(super) used: Duration,
}

/// Looks at a process. One that cannot be seen is not busy, so it ends by the clock.
pub(super) fn look(id: u32) -> Seen {
    Process::new(id.cast_signed())
        .and_then(|process| see(&process))
        .unwrap_or_default()
}

fn see(process: &Process) -> ProcResult<Seen> {
    let stat = process.stat()?;
    let ticks = Duration::from_secs(stat.utime + stat.stime);
    Ok(Seen {
        busy: is_busy(process)?,
        ended: stat.state == 'Z',
        threads: usize::try_from(stat.num_threads).unwrap_or(0),
        used: ticks.div_f64(procfs::ticks_per_second() as f64),
    })
}

fn is_busy(process: &Process) -> ProcResult<bool> {
    // Of a thread that ends meanwhile there is nothing to say.
    let busy = |task: Task| {
        task.stat()
            .is_ok_and(|stat| matches!(stat.state, 'R' | 'D'))
    };
    Ok(process.tasks()?.flatten().any(busy))
}

/// Whether a process of this group is busy: a compiler sleeps while its linker works.
fn group_is_busy(id: u32) -> bool {
    let mut all = all_processes().into_iter().flatten().flatten();
    all.any(|process| {
        let member = process
            .stat()
            .is_ok_and(|stat| stat.pgrp == id.cast_signed());
        member && is_busy(&process).unwrap_or(false)
    })
}

/// Waits until `child`, the leader of its process group, has ended: its status, if it has not been
/// asleep for `idle` before, and the processor time it used.
pub(super) fn wait(
    child: &mut Child,
    idle: Duration,
) -> std::io::Result<(Option<ExitStatus>, Duration)> {
    let mut slept = Duration::ZERO;
    loop {
        let seen = look(child.id());
        // Only once it has ended is what it used all it used; then it is told how it ended.
        if (seen.ended || seen.threads == 0)
            && let Some(status) = child.try_wait()?
        {
            return Ok((Some(status), seen.used));
        }
        if !seen.busy && !group_is_busy(child.id()) {
            slept += LOOK;
            if slept >= idle {
                return Ok((None, seen.used));
            }
        }
        std::thread::sleep(LOOK);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::CommandExt;
    use std::process::Command;

    fn shell(script: &str) -> Child {
        let mut command = Command::new("sh");
        command.args(["-c", script]).process_group(0);
        command.stdin(std::process::Stdio::piped());
        command.spawn().unwrap()
    }

    fn end(mut child: Child) {
        super::super::process::end_group(&mut child);
    }

    #[test]
    fn what_sleeps_is_given_up_and_what_computes_is_not() {
        let idle = Duration::from_millis(200);
        let mut sleeps = shell("sleep 1000 & wait");
        assert!(wait(&mut sleeps, idle).unwrap().0.is_none());
        end(sleeps);

        // It computes for longer than it may sleep, whatever else runs.
        let mut computes = shell("ulimit -t 1; while :; do :; done");
        let (status, used) = wait(&mut computes, idle).unwrap();
        assert!(status.is_some_and(|status| !status.success()));
        assert!(used > 2 * idle, "{used:?}");
    }

    #[test]
    fn a_child_of_the_group_computes_for_its_leader() {
        let mut waits = shell("(ulimit -t 1; while :; do :; done); exit 7");
        let (status, _) = wait(&mut waits, Duration::from_millis(200)).unwrap();
        assert_eq!(status.unwrap().code(), Some(7));
    }

    #[test]
    fn a_look_tells_what_runs() {
        let mut child = shell("read line");
        while look(child.id()).busy {
            std::thread::sleep(LOOK);
        }
        assert_eq!(look(child.id()).threads, 1);
        assert!(!look(child.id()).ended);
        child.kill().unwrap();
        while !look(child.id()).ended {
            std::thread::sleep(LOOK);
        }
        end(child);
    }
}

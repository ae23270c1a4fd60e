//! Which system calls are left.

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, apply_filter_all_threads,
};

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

/// Calls besides `clone` that start a process: newer architectures have `clone` alone.
#[cfg(target_arch = "x86_64")]
const FORKS: &[i64] = &[libc::SYS_fork, libc::SYS_vfork];
#[cfg(not(target_arch = "x86_64"))]
const FORKS: &[i64] = &[];

/// Leaves a compiler everything but sockets, foreign processes and the kernel's own doors.
///
/// # Errors
/// The kernel refuses.
pub fn forbid_network() -> Result<(), String> {
    let forbidden = [
        libc::SYS_socket,
        libc::SYS_ptrace,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_unshare,
        libc::SYS_setns,
        libc::SYS_mount,
        libc::SYS_bpf,
        libc::SYS_perf_event_open,
        libc::SYS_keyctl,
        libc::SYS_add_key,
        libc::SYS_io_uring_setup,
    ];
    let rules = forbidden.map(|call| (call, vec![])).into();
    install(
        rules,
        SeccompAction::Allow,
        SeccompAction::Errno(libc::EPERM as u32),
    )
}

/// Leaves a process its threads, but no other process.
///
/// # Errors
/// The kernel refuses.
pub fn forbid_processes() -> Result<(), String> {
    let thread = libc::CLONE_THREAD as u64;
    let mut rules: Rules = FORKS.iter().map(|call| (*call, vec![])).collect();
    let process = only(0, SeccompCmpOp::MaskedEq(thread), 0)?;
    rules.insert(libc::SYS_clone, vec![process]);
    install(
        rules,
        SeccompAction::Allow,
        SeccompAction::Errno(libc::EPERM as u32),
    )?;
    hide_clone3()
}

/// The flags of clone3 lie in memory, where a filter cannot look: say it does not exist, and the C
/// library falls back on clone. Of two filters the stricter counts.
fn hide_clone3() -> Result<(), String> {
    install(
        [(libc::SYS_clone3, vec![])].into(),
        SeccompAction::Allow,
        SeccompAction::Errno(libc::ENOSYS as u32),
    )
}

/// Leaves a process nothing but computing: memory, threads, time, and the pipes it has. No file,
/// no program, no process, no socket, no signal to others.
///
/// The list holds calls that every 64-bit architecture has; older ones that only x86-64 has
/// (`poll`, `open`, `stat`, `fork`) are not needed for computing.
///
/// # Errors
/// The kernel refuses.
pub fn forbid_all_but_computing() -> Result<(), String> {
    let mut allowed: Rules = [
        libc::SYS_read,
        libc::SYS_readv,
        libc::SYS_write,
        libc::SYS_writev,
        libc::SYS_close,
        libc::SYS_fstat,
        libc::SYS_lseek,
        libc::SYS_ppoll,
        libc::SYS_brk,
        libc::SYS_mmap,
        libc::SYS_munmap,
        libc::SYS_mremap,
        libc::SYS_mprotect,
        libc::SYS_madvise,
        libc::SYS_futex,
        libc::SYS_clone3,
        libc::SYS_set_robust_list,
        libc::SYS_rseq,
        libc::SYS_membarrier,
        libc::SYS_exit,
        libc::SYS_exit_group,
        libc::SYS_restart_syscall,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sigaltstack,
        libc::SYS_sched_yield,
        libc::SYS_sched_getaffinity,
        libc::SYS_getpid,
        libc::SYS_gettid,
        libc::SYS_getrandom,
        libc::SYS_getrusage,
        libc::SYS_clock_gettime,
        libc::SYS_clock_nanosleep,
        libc::SYS_nanosleep,
        libc::SYS_sysinfo,
        libc::SYS_uname,
    ]
    .map(|call| (call, vec![]))
    .into();
    // Threads, but no processes; signals to itself (that is how a program aborts), not to others.
    let thread = libc::CLONE_THREAD as u64;
    allowed.insert(
        libc::SYS_clone,
        vec![only(0, SeccompCmpOp::MaskedEq(thread), thread)?],
    );
    let own = u64::from(std::process::id());
    // But not the one by which a machine without memory ends a process.
    let kill = libc::SIGKILL as u64;
    let signal = SeccompRule::new(vec![
        condition(0, SeccompCmpOp::Eq, own)?,
        condition(2, SeccompCmpOp::Ne, kill)?,
    ]);
    allowed.insert(
        libc::SYS_tgkill,
        vec![signal.map_err(|error| error.to_string())?],
    );
    hide_clone3()?;
    install(
        allowed,
        SeccompAction::Errno(libc::EPERM as u32),
        SeccompAction::Allow,
    )
}

fn only(argument: u8, is: SeccompCmpOp, value: u64) -> Result<SeccompRule, String> {
    SeccompRule::new(vec![condition(argument, is, value)?]).map_err(|error| error.to_string())
}

fn condition(argument: u8, is: SeccompCmpOp, value: u64) -> Result<SeccompCondition, String> {
    // The kernel looks at the lower half of a process's number or a signal's alone.
    let length = match is {
        SeccompCmpOp::MaskedEq(_) => SeccompCmpArgLen::Qword,
        _ => SeccompCmpArgLen::Dword,
    };
    SeccompCondition::new(argument, length, is, value).map_err(|error| error.to_string())
}

fn install(rules: Rules, otherwise: SeccompAction, on_match: SeccompAction) -> Result<(), String> {
    let architecture = std::env::consts::ARCH
        .try_into()
        .map_err(|e| format!("seccomp: {e}"))?;
    let filter = SeccompFilter::new(rules, otherwise, on_match, architecture)
        .map_err(|error| format!("seccomp: {error}"))?;
    let program: BpfProgram = filter.try_into().map_err(|e| format!("seccomp: {e}"))?;
    apply_filter_all_threads(&program).map_err(|error| format!("seccomp: {error}"))
}

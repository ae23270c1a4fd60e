//! Whose fault it is that memory ran out: the code's, which wanted more than its limit, or the
//! machine's, which has less than that to give.

use procfs::{Current, Meminfo};

/// What a machine gives.
#[derive(Debug, Default)]
struct Memory {
    /// Memory and swap, bytes.
    total: u64,
    /// What may still be promised to processes, bytes.
    left: u64,
    /// How freely the system promises: 0 all but what it plainly lacks, 1 everything, 2 what it has.
    promises: u8,
}

/// A sentence, if this is the report of an allocation that failed and the machine could not have
/// given it, nor all of `limit` bytes.
pub(super) fn short(printed: &str, limit: u64) -> Option<String> {
    let wanted = wanted(printed)?;
    let memory = here()?;
    memory.lacks(wanted, limit).then(|| {
        format!(
            "this machine ran out of memory: it has {:.1} GiB, and a process may use {:.1} GiB. \
             Grade fewer at once (--jobs 1), or where there is more",
            gibibytes(memory.total),
            gibibytes(limit)
        )
    })
}

/// Bytes as GiB.
fn gibibytes(bytes: u64) -> f64 {
    bytes as f64 / (1_u64 << 30) as f64
}

/// How many bytes the allocation was for, as Rust's own report says.
pub(super) fn wanted(printed: &str) -> Option<u64> {
    let (_, rest) = printed.split_once("memory allocation of ")?;
    rest.split_once(" bytes failed")?.0.parse().ok()
}

fn here() -> Option<Memory> {
    let info = Meminfo::current().ok()?;
    let promises = std::fs::read_to_string("/proc/sys/vm/overcommit_memory").ok()?;
    Some(Memory {
        total: info.mem_total + info.swap_total,
        left: info
            .commit_limit
            .unwrap_or(u64::MAX)
            .saturating_sub(info.committed_as),
        promises: promises.trim().parse().ok()?,
    })
}

impl Memory {
    fn lacks(&self, wanted: u64, limit: u64) -> bool {
        // More than the limit in one piece is nobody's fault but the code's.
        wanted <= limit
            && match self.promises {
                1 => false,
                2 => self.left < limit,
                _ => wanted > self.total,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_machine_is_not_the_codes_fault() {
        let memory = |total, left, promises| Memory {
            total,
            left,
            promises,
        };
        // 3 of the 4 it may use, on a machine with 2.
        assert!(memory(2, 0, 0).lacks(3, 4));
        // 1 more, after 3 before: its own limit.
        assert!(!memory(2, 0, 0).lacks(1, 4));
        assert!(!memory(2, 0, 0).lacks(100, 4));
        assert!(!memory(2, 0, 1).lacks(3, 4));
        assert!(memory(8, 3, 2).lacks(1, 4));
        assert!(!memory(8, 5, 2).lacks(1, 4));
        assert!(here().is_some_and(|memory| memory.total > 1 << 20));
        let told = "x\nmemory allocation of 4096 bytes failed\n";
        assert_eq!(wanted(told), Some(4096));
        assert_eq!(wanted("memory allocation of love"), None);
    }
}

//! Long passes over numbers, shared out to threads.
//!
//! Each number is computed on its own, so the result does not depend on how many threads there are.

use rayon::prelude::*;

use crate::engine;

/// The most numbers one thread takes at a time.
const PIECE: usize = 1 << 15;

/// How many threads a step may use.
#[derive(Clone, Copy)]
pub(super) struct Threads {
    count: usize,
}

impl Threads {
    /// As many as BLAS uses and our own pool has; one if BLAS is on one thread, since others then
    /// use the remaining cores.
    pub(super) fn with_blas() -> Self {
        Self {
            count: engine::threads().min(rayon::current_num_threads()),
        }
    }

    #[cfg(test)]
    pub(super) fn of(count: usize) -> Self {
        Self { count }
    }

    pub(super) fn count(self) -> usize {
        self.count
    }

    /// Whether a pass over this many numbers is worth dividing.
    pub(super) fn divide(self, length: usize) -> bool {
        self.count > 1 && length > PIECE
    }

    /// Calls `pass` with every part, each on its own thread.
    pub(super) fn each<P: Send>(self, parts: Vec<P>, pass: impl Fn(P) + Sync + Send) {
        match parts.len() {
            0 | 1 => parts.into_iter().for_each(pass),
            _ => parts.into_par_iter().with_max_len(1).for_each(pass),
        }
    }

    /// Calls `work` where passes start without waking a sleeping thread first.
    pub(super) fn enter<R: Send>(self, work: impl FnOnce() -> R + Send) -> R {
        match self.count {
            0 | 1 => work(),
            _ => rayon::scope(|_| work()),
        }
    }

    /// Calls `pass` with pieces of `values` that are whole rows of `m` numbers, and the index of
    /// the first row of each.
    pub(super) fn rows<T: Send>(
        self,
        values: &mut [T],
        m: usize,
        pass: &(impl Fn(usize, &mut [T]) + Sync),
    ) {
        self.rows_from(0, values, m, pass);
    }

    fn rows_from<T: Send>(
        self,
        first: usize,
        values: &mut [T],
        m: usize,
        pass: &(impl Fn(usize, &mut [T]) + Sync),
    ) {
        let half = values.len() / m / 2;
        if half == 0 || !self.divide(values.len()) {
            return pass(first, values);
        }
        let (one, two) = values.split_at_mut(half * m);
        rayon::join(
            || self.rows_from(first, one, m, pass),
            || self.rows_from(first + half, two, m, pass),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_met_once_with_its_index() {
        for (n, m) in [(1, 3), (7, 1), (3, 2 * PIECE), (999, 123), (1, 3 * PIECE)] {
            for count in [1, 2] {
                let mut seen = vec![0; n * m];
                Threads { count }.rows(&mut seen, m, &|first, piece| {
                    for (row, values) in piece.chunks_exact_mut(m).enumerate() {
                        values.iter_mut().for_each(|v| *v += first + row + 1);
                    }
                });
                let right = seen.iter().enumerate().all(|(i, v)| *v == i / m + 1);
                assert!(right, "({n}, {m}), {count}");
            }
        }
    }
}

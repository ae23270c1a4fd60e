//! The parallel work of a run: in order, told as progress, the same on any number of threads.

use rayon::prelude::*;

use super::Context;
use crate::engine;
use crate::error::Result;
use crate::rng::{Rng, stream};

/// One of many independent draws: its number, and random numbers of its own.
#[derive(Debug, Clone, Copy)]
pub struct Draw {
    seed: u64,
    /// Its number, from 0.
    pub index: u64,
}

impl Draw {
    /// The draw `index` of a run with this seed.
    #[must_use]
    pub fn new(seed: u64, index: u64) -> Self {
        Self { seed, index }
    }

    /// Its random numbers for the purpose `label`: [`stream`]`(seed, label, index)`.
    #[must_use]
    pub fn rng(&self, label: &str) -> Rng {
        stream(self.seed, label, self.index)
    }
}

impl Context {
    /// Does each of `jobs`, in parallel with linear algebra on one thread, and gives the results in their order.
    /// `what` names the jobs in the plural, for the progress: "runs".
    ///
    /// A job must take its random numbers from a stream of its own: then the number of threads does not matter.
    ///
    /// # Errors
    /// What a job fails with.
    pub fn each<J: Send, T: Send>(
        &self,
        what: &str,
        jobs: impl IntoIterator<Item = J>,
        job: impl Fn(J) -> Result<T> + Sync,
    ) -> Result<Vec<T>> {
        let jobs: Vec<J> = jobs.into_iter().collect();
        self.progress.start(jobs.len(), what);
        let _single = engine::single_thread();
        jobs.into_par_iter()
            // Jobs are long: one may not wait in the queue of another.
            .with_max_len(1)
            .map(|one| {
                let done = job(one);
                self.progress.step();
                done
            })
            .collect()
    }

    /// `count` draws, numbered from 0: `context.draws("draws", self.draws, seed, |draw| …)?`.
    ///
    /// # Errors
    /// As [`each`](Self::each).
    pub fn draws<T: Send>(
        &self,
        what: &str,
        count: usize,
        seed: u64,
        draw: impl Fn(Draw) -> Result<T> + Sync,
    ) -> Result<Vec<T>> {
        self.each(what, 0..count as u64, |index| draw(Draw::new(seed, index)))
    }

    /// `count` draws at each of `places`, a list a place:
    /// `context.sweep("networks", &self.widths, self.draws, seed, |&width, draw| …)?`. They are numbered on
    /// from place to place, so that no two share a stream.
    ///
    /// # Errors
    /// As [`each`](Self::each).
    pub fn sweep<P: Sync, T: Send>(
        &self,
        what: &str,
        places: &[P],
        count: usize,
        seed: u64,
        draw: impl Fn(&P, Draw) -> Result<T> + Sync,
    ) -> Result<Vec<Vec<T>>> {
        let all = self.draws(what, places.len() * count, seed, |one| {
            draw(&places[one.index as usize / count], one)
        })?;
        let mut all = all.into_iter();
        let mut next = |_| all.by_ref().take(count).collect();
        Ok(places.iter().map(&mut next).collect())
    }

    /// As [`sweep`](Self::sweep), with draws that are numbered anew at each place: draw i has the same random numbers at
    /// all of them, and what differs between places is not due to chance alone.
    ///
    /// # Errors
    /// As [`each`](Self::each).
    pub fn paired<P: Sync, T: Send>(
        &self,
        what: &str,
        places: &[P],
        count: usize,
        seed: u64,
        draw: impl Fn(&P, Draw) -> Result<T> + Sync,
    ) -> Result<Vec<Vec<T>>> {
        self.sweep(what, places, count, seed, |place, one| {
            draw(place, Draw::new(seed, one.index % count as u64))
        })
    }
}

#[cfg(test)]
mod tests {
    use rand::RngExt;

    use super::*;
    use crate::error::Error;

    fn numbers(threads: usize) -> Vec<Vec<(char, u64, f64)>> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        let sweep = || {
            Context::default().sweep("draws", &['a', 'b'], 3, 1, |place, draw| {
                Ok((*place, draw.index, draw.rng("test").random()))
            })
        };
        pool.expect("threads can be started")
            .install(sweep)
            .expect("no job fails")
    }

    #[test]
    fn draws_stand_in_order_and_each_has_its_stream() {
        let found = numbers(3);
        let flat: Vec<(char, u64)> = found.iter().flatten().map(|(p, i, _)| (*p, *i)).collect();
        let (a, b) = (
            [('a', 0), ('a', 1), ('a', 2)],
            [('b', 3), ('b', 4), ('b', 5)],
        );
        assert_eq!(flat, [a, b].concat());
        let third: f64 = stream(1, "test", 3).random();
        assert_eq!(found[1][0].2, third);
        assert_eq!(found, numbers(1));
        let context = Context::default();
        let paired = context.paired("draws", &['a', 'b'], 3, 1, |_, draw| Ok(draw.index));
        assert_eq!(paired.expect("no job fails"), [[0, 1, 2]; 2]);
    }

    #[test]
    fn nothing_to_do_is_done_and_a_failure_is_told() {
        let context = Context::default();
        let none = context.sweep("draws", &[] as &[u8], 5, 1, |_, _| Ok(()));
        assert!(none.expect("nothing fails").is_empty());
        let fails = |draw: Draw| match draw.index {
            3 => Err(Error::domain("a draw", "0 to 2", 3)),
            index => Ok(index),
        };
        assert_eq!(
            context.draws("draws", 3, 1, fails).expect("0 to 2"),
            [0, 1, 2]
        );
        assert!(context.draws("draws", 4, 1, fails).is_err());
    }
}

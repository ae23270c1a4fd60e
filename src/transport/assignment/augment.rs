//! Shortest augmenting paths: a free row gets a column, and rows on the way change theirs.

use super::{Costs, Matching, NONE};
use crate::engine::widest;

/// Numbers that are compared at once.
const LANES: usize = 8;

/// Assigns each of the `free` rows, one after another.
pub(super) fn augment(cost: &Costs<'_>, state: &mut Matching, free: &[usize]) {
    let mut search = Search::new(cost.n);
    for row in free {
        search.run(cost, state, *row);
    }
}

/// Dijkstra's algorithm from one row over reduced costs.
struct Search {
    /// How far each open column is; ∞ once it is closed.
    reached: Vec<f64>,
    /// From which row.
    from: Vec<u64>,
    /// The prices; −∞ for a closed column, which so is never reached again.
    open: Vec<f64>,
    /// Closed columns, each with how far it was.
    closed: Vec<(usize, f64)>,
}

impl Search {
    fn new(n: usize) -> Self {
        // Filled up to whole groups by columns that nobody reaches.
        let filled = n.next_multiple_of(LANES);
        Self {
            reached: vec![f64::INFINITY; filled],
            from: vec![0; filled],
            open: vec![f64::NEG_INFINITY; filled],
            closed: Vec::new(),
        }
    }

    fn run(&mut self, cost: &Costs<'_>, state: &mut Matching, start: usize) {
        let n = cost.n;
        self.reached.fill(f64::INFINITY);
        self.open[..n].copy_from_slice(&state.v);
        self.closed.clear();
        let (mut row, mut offset) = (start, 0.0);
        let (end, length) = loop {
            let length = self.relax(cost.row(row), offset, row as u64);
            let column = self.place_of(length);
            self.closed.push((column, length));
            self.open[column] = f64::NEG_INFINITY;
            self.reached[column] = f64::INFINITY;
            let next = state.row_of[column];
            if next == NONE {
                break (column, length);
            }
            // Its own column is at reduced cost 0: all it reaches is counted from there.
            offset = length - (cost.row(next)[column] - state.v[column]);
            row = next;
        };
        for (column, reached) in &self.closed {
            state.v[*column] += reached - length;
        }
        let mut column = end;
        loop {
            let row = self.from[column] as usize;
            state.row_of[column] = row;
            std::mem::swap(&mut column, &mut state.column_of[row]);
            if row == start {
                return;
            }
        }
    }

    /// Reaches all open columns from `row` at `offset` + c − v, and gives the least distance of an open column.
    fn relax(&mut self, costs: &[f64], offset: f64, row: u64) -> f64 {
        let whole = costs.len() / LANES * LANES;
        let (groups, rest) = costs.split_at(whole);
        let (reached, from, open) = (&mut self.reached[..], &mut self.from[..], &self.open[..]);
        let mut least = widest(
            #[inline(always)]
            || {
                let mut least = [f64::INFINITY; LANES];
                let groups = groups
                    .chunks_exact(LANES)
                    .zip(open.chunks_exact(LANES))
                    .zip(reached.chunks_exact_mut(LANES))
                    .zip(from.chunks_exact_mut(LANES));
                for (((c, v), d), f) in groups {
                    for lane in 0..LANES {
                        let there = offset + (c[lane] - v[lane]);
                        let nearer = there < d[lane];
                        d[lane] = if nearer { there } else { d[lane] };
                        f[lane] = if nearer { row } else { f[lane] };
                        least[lane] = if d[lane] < least[lane] {
                            d[lane]
                        } else {
                            least[lane]
                        };
                    }
                }
                least
            },
        );
        for (place, c) in rest.iter().enumerate() {
            let place = whole + place;
            let there = offset + (c - self.open[place]);
            if there < self.reached[place] {
                self.reached[place] = there;
                self.from[place] = row;
            }
            least[0] = least[0].min(self.reached[place]);
        }
        least.into_iter().fold(f64::INFINITY, f64::min)
    }

    /// Where an open column is that far: the least of all are compared first, group by group.
    fn place_of(&self, length: f64) -> usize {
        let place = self.reached.iter().position(|reached| *reached == length);
        place.expect("the least is one of them")
    }
}

//! The cheap part: prices at which most rows have their cheapest column already.

use super::{Costs, Matching, NONE};

/// Column reduction, reduction transfer, and two rounds in which free rows bid; what rows are still free.
pub(super) fn reduce(cost: &Costs<'_>, state: &mut Matching) -> Vec<usize> {
    reduce_columns(cost, state);
    let mut free = transfer(cost, state);
    for _ in 0..2 {
        free = bid(cost, state, free);
    }
    free
}

/// The price of a column is its least entry, whose row takes it unless it has one. Columns that several rows want are seen from
/// the last on.
fn reduce_columns(cost: &Costs<'_>, state: &mut Matching) {
    let n = cost.n;
    let mut cheapest = vec![0_usize; n];
    state.v.copy_from_slice(cost.row(0));
    for i in 1..n {
        let columns = state.v.iter_mut().zip(&mut cheapest);
        for ((v, who), c) in columns.zip(cost.row(i)) {
            if c < v {
                *v = *c;
                *who = i;
            }
        }
    }
    for j in (0..n).rev() {
        let i = cheapest[j];
        if state.column_of[i] == NONE {
            state.column_of[i] = j;
            state.row_of[j] = i;
        }
    }
    // Rows that are the cheapest of several columns keep their prices: what they could spare is not one column's.
    let mut count = vec![0_usize; n];
    cheapest.iter().for_each(|i| count[*i] += 1);
    state.several = count.iter().map(|count| *count > 1).collect();
}

/// Lowers the price of each row's only column by what the row loses with its second best: it has it all the same.
fn transfer(cost: &Costs<'_>, state: &mut Matching) -> Vec<usize> {
    let mut free = Vec::new();
    for i in 0..cost.n {
        let own = state.column_of[i];
        if own == NONE {
            free.push(i);
        } else if !state.several[i] && cost.n > 1 {
            let others = cost.row(i).iter().zip(&state.v).enumerate();
            let spare = others
                .filter(|(j, _)| *j != own)
                .fold(f64::INFINITY, |least, (_, (c, v))| least.min(c - v));
            state.v[own] -= spare;
        }
    }
    free
}

/// Each free row takes its cheapest column and lowers the price to where the second best is as good; who had it is free,
/// and bids next. Ties leave the price, and who had it waits for the next round.
fn bid(cost: &Costs<'_>, state: &mut Matching, mut free: Vec<usize>) -> Vec<usize> {
    let n = cost.n;
    let mut waiting = Vec::new();
    // Where prices fall by rounding errors alone, bids would go on for ever: shortest paths end what is left.
    let mut allowed = 8 * n;
    free.reverse();
    while let Some(i) = free.pop() {
        if allowed == 0 {
            waiting.push(i);
            continue;
        }
        allowed -= 1;
        let [(first, mut j), (second, other)] = two_cheapest(cost.row(i), &state.v);
        let lowered = state.v[j] - (second - first);
        let falls = lowered < state.v[j] && other != NONE;
        if falls {
            state.v[j] = lowered;
        } else if state.row_of[j] != NONE && other != NONE {
            j = other;
        }
        let before = state.row_of[j];
        state.row_of[j] = i;
        state.column_of[i] = j;
        if before != NONE {
            state.column_of[before] = NONE;
            match falls {
                true => free.push(before),
                false => waiting.push(before),
            }
        }
    }
    waiting
}

/// The least c_j − v_j with its place, and the second least.
fn two_cheapest(row: &[f64], v: &[f64]) -> [(f64, usize); 2] {
    let mut best = [(f64::INFINITY, NONE); 2];
    for (j, (c, v)) in row.iter().zip(v).enumerate() {
        let reduced = c - v;
        if reduced < best[1].0 {
            if reduced < best[0].0 {
                best[1] = best[0];
                best[0] = (reduced, j);
            } else {
                best[1] = (reduced, j);
            }
        }
    }
    best
}

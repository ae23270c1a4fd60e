//! How far each pixel moves when a linear function is lowered within a ball and a box: it has `room`, and `gain` by unit length.

use crate::optimise::Norm;
use crate::stats::smaller;

/// The moves 0 ≤ s_j ≤ room_j with ‖s‖ ≤ `epsilon` where Σ gain_j s_j is largest.
pub(super) fn moves(norm: Norm, epsilon: f64, room: &[f64], gain: &[f64]) -> Vec<f64> {
    match norm {
        Norm::LInf => bounded(room, gain, |room, _| smaller(epsilon, room)),
        Norm::L1 => {
            let mut left = epsilon;
            let mut moves = vec![0.0; room.len()];
            for j in by_falling(gain) {
                if gain[j] > 0.0 {
                    moves[j] = smaller(room[j], left);
                    left -= moves[j];
                }
            }
            moves
        }
        Norm::L2 => {
            let t = common_factor(epsilon, room, gain);
            bounded(room, gain, |room, gain| smaller(t * gain, room))
        }
    }
}

/// One move a pixel; none where nothing is gained.
fn bounded(room: &[f64], gain: &[f64], by: impl Fn(f64, f64) -> f64) -> Vec<f64> {
    let pairs = room.iter().zip(gain);
    pairs
        .map(|(r, g)| if *g > 0.0 { by(*r, *g) } else { 0.0 })
        .collect()
}

/// The t at which moves min(t gain_j, room_j) have the Euclidean length ε; ∞ where all the room is shorter.
fn common_factor(epsilon: f64, room: &[f64], gain: &[f64]) -> f64 {
    let mut order: Vec<usize> = (0..room.len()).filter(|&j| gain[j] > 0.0).collect();
    order.sort_by(|&a, &b| (room[a] / gain[a]).total_cmp(&(room[b] / gain[b])));
    let mut open: f64 = order.iter().map(|&j| gain[j] * gain[j]).sum();
    let mut left = epsilon * epsilon;
    for j in order {
        let t = (left / open).sqrt();
        if t * gain[j] <= room[j] {
            return t;
        }
        left -= room[j] * room[j];
        open -= gain[j] * gain[j];
        if left <= 0.0 {
            return room[j] / gain[j];
        }
    }
    f64::INFINITY
}

/// Places from the largest value down, the first of equals first.
fn by_falling(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
    order
}

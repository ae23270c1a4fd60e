//! How far entries move to the nearest point of a ball around x and a box at once: moves u, of which entry i has room r_i.

use crate::real::length;
use crate::stats::smaller;

/// min(s|u_i|, r_i) with the largest s ≤ 1 at which their ℓ2 norm is at most ε.
///
/// From s = ε/‖u‖, which is too small, s grows as entries meet their room and leave their share to the others; each
/// round fixes one entry or more, and what is fixed stays so. Where none is, s is exact.
pub(super) fn shorten(moves: &[f64], rooms: &[f64], epsilon: f64) -> Vec<f64> {
    let cut = |s: f64| {
        moves
            .iter()
            .zip(rooms)
            .map(move |(u, r)| smaller(s * u.abs(), *r))
    };
    if length(cut(1.0)) <= epsilon {
        return cut(1.0).collect();
    }
    let mut s = 0.0;
    loop {
        let (mut free, mut fixed) = (0.0, 0.0);
        for (u, r) in moves.iter().zip(rooms) {
            let relative = u / epsilon;
            match s * u.abs() >= *r {
                true => fixed += (r / epsilon).powi(2),
                false => free += relative.powi(2),
            }
        }
        // Rounding may leave nothing for the rest, and more than it asks for.
        let left = 1.0 - fixed;
        let next = smaller((left / free).sqrt(), 1.0);
        let further = left > 0.0 && next > s;
        if !further {
            return cut(s).collect();
        }
        s = next;
    }
}

/// min(max(|u_i| − λ, 0), r_i) with the least λ ≥ 0 at which they sum to at most ε.
///
/// Their sum falls in λ along straight lines between the places |u_i| and |u_i| − r_i.
pub(super) fn lower(moves: &[f64], rooms: &[f64], epsilon: f64) -> Vec<f64> {
    let at = |lambda: f64| {
        let pairs = moves.iter().zip(rooms);
        pairs.map(move |(u, r)| {
            let rest = u.abs() - lambda;
            smaller(if rest > 0.0 { rest } else { 0.0 }, *r)
        })
    };
    if at(0.0).sum::<f64>() <= epsilon {
        return at(0.0).collect();
    }
    // Going down in λ, an entry begins to move at |u_i| and stops at |u_i| − r_i.
    let mut places: Vec<(f64, f64)> = Vec::with_capacity(2 * moves.len());
    for (u, r) in moves
        .iter()
        .zip(rooms)
        .filter(|(u, r)| **u != 0.0 && **r > 0.0)
    {
        places.push((u.abs(), 1.0));
        if u.abs() > *r {
            places.push((u.abs() - r, -1.0));
        }
    }
    places.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let (mut sum, mut moving, mut lambda) = (0.0, 0.0, f64::INFINITY);
    for (place, change) in places {
        if moving > 0.0 {
            let next = sum + moving * (lambda - place);
            if next >= epsilon {
                break;
            }
            sum = next;
        }
        lambda = place;
        moving += change;
    }
    at(lambda - (epsilon - sum) / moving).collect()
}

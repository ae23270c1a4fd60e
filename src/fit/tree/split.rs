//! The best split of a leaf.

use ndarray::ArrayRef2;
use rand::seq::index::sample;

/// A split that could be made: the heap gives the largest gain, of equal ones the oldest node.
pub(super) struct Candidate {
    gain: f64,
    pub(super) node: usize,
    pub(super) feature: usize,
    pub(super) threshold: f64,
    pub(super) rows: Vec<usize>,
}

impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let by_gain = self.gain.total_cmp(&other.gain);
        by_gain.then(other.node.cmp(&self.node))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Candidate {}

pub(super) fn sum(y: &ArrayRef2<f64>, rows: &[usize]) -> Vec<f64> {
    let mut total = vec![0.0; y.ncols()];
    for &row in rows {
        for (sum, y) in total.iter_mut().zip(y.row(row)) {
            *sum += y;
        }
    }
    total
}

/// The best split of `rows`; none where all targets or all inputs agree.
pub(super) fn candidate(
    x: &ArrayRef2<f64>,
    y: &ArrayRef2<f64>,
    node: usize,
    rows: Vec<usize>,
    features: usize,
    rng: &mut impl rand::Rng,
) -> Option<Candidate> {
    if rows.iter().all(|&row| y.row(row) == y.row(rows[0])) {
        return None;
    }
    let total = sum(y, &rows);
    let mut best: Option<(f64, usize, f64)> = None;
    for (tried, feature) in sample(rng, x.ncols(), x.ncols()).into_iter().enumerate() {
        if tried >= features && best.is_some() {
            break;
        }
        let found = threshold(x, y, &rows, feature, &total);
        if let Some((gain, at)) = found.filter(|(gain, _)| best.is_none_or(|b| *gain > b.0)) {
            best = Some((gain, feature, at));
        }
    }
    best.map(|(gain, feature, threshold)| Candidate {
        gain,
        node,
        feature,
        threshold,
        rows,
    })
}

/// The gain and the place of the best threshold on one coordinate; none where it is constant.
fn threshold(
    x: &ArrayRef2<f64>,
    y: &ArrayRef2<f64>,
    rows: &[usize],
    feature: usize,
    total: &[f64],
) -> Option<(f64, f64)> {
    let mut order: Vec<(f64, usize)> = rows.iter().map(|&row| (x[[row, feature]], row)).collect();
    order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let n = rows.len() as f64;
    let square = |v: &[f64]| v.iter().map(|v| v * v).sum::<f64>();
    let whole = square(total) / n;
    let mut left = vec![0.0; total.len()];
    let mut best: Option<(f64, f64)> = None;
    for (place, pair) in order.windows(2).enumerate() {
        let [(value, row), (next, _)] = [pair[0], pair[1]];
        for (sum, y) in left.iter_mut().zip(y.row(row)) {
            *sum += y;
        }
        if value == next {
            continue;
        }
        let on_left = (place + 1) as f64;
        let right: f64 = total.iter().zip(&left).map(|(t, l)| (t - l).powi(2)).sum();
        let gain = square(&left) / on_left + right / (n - on_left) - whole;
        if best.is_none_or(|b| gain > b.0) {
            let middle = f64::midpoint(value, next);
            // Between neighbouring numbers there is no middle.
            best = Some((gain, if middle < next { middle } else { value }));
        }
    }
    best
}

//! The losses of one row of outputs, each with its derivative.

use crate::real::Real;

pub(super) fn mse<T: Real>(f: &[T], y: &[T], slope: &mut [T]) -> T {
    let share = T::one() / T::of(f.len() as f64);
    let mut sum = T::zero();
    for ((f, y), slope) in f.iter().zip(y).zip(slope) {
        let residual = *f - *y;
        sum += residual * residual;
        *slope = (residual + residual) * share;
    }
    sum * share
}

/// With a the largest output and r = Σ_{j≠a} e^{f_j − f_a}, the softmax is e^{f_j − f_a}/(1 + r).
/// Keeping r apart from the 1 keeps what a confident network still gets wrong.
pub(super) fn cross_entropy<T: Real>(f: &[T], y: &[T], slope: &mut [T]) -> T {
    let a = largest(f, None);
    let mut rest = T::zero();
    let mut gap = T::zero();
    for j in 0..f.len() {
        let below = f[j] - f[a];
        // Two opposite huge outputs: 0·∞ would make the loss NaN.
        if y[j] > T::zero() {
            gap -= y[j] * below;
        }
        slope[j] = if j == a { T::one() } else { below.exp() };
        if j != a {
            rest += slope[j];
        }
    }
    let total = T::one() + rest;
    for j in 0..f.len() {
        slope[j] = if j == a {
            ((T::one() - y[j]) - y[j] * rest) / total
        } else {
            slope[j] / total - y[j]
        };
    }
    rest.ln_1p() + gap
}

pub(super) fn binary_hinge<T: Real>(f: &[T], y: &[T], slope: &mut [T]) -> T {
    let margin = f[0] * y[0];
    if margin >= T::one() {
        slope[0] = T::zero();
        return T::zero();
    }
    slope[0] = -y[0];
    T::one() - margin
}

pub(super) fn hinge<T: Real>(f: &[T], y: &[T], slope: &mut [T]) -> T {
    slope.fill(T::zero());
    let class = largest(y, None);
    let rival = largest(f, Some(class));
    let margin = f[class] - f[rival];
    if margin >= T::one() {
        return T::zero();
    }
    slope[class] = -T::one();
    slope[rival] = T::one();
    T::one() - margin
}

pub(super) fn logistic<T: Real>(f: &[T], y: &[T], slope: &mut [T]) -> T {
    let margin = f[0] * y[0];
    // e^{−|margin|} ≤ 1 never overflows.
    let small = (-margin.abs()).exp();
    let wrong = margin < T::zero();
    let share = if wrong { T::one() } else { small };
    slope[0] = -y[0] * share / (T::one() + small);
    small.ln_1p() + if wrong { -margin } else { T::zero() }
}

/// The place of the largest number, the first of equals; one place may be left out.
pub(crate) fn largest<T: Real>(values: &[T], but: Option<usize>) -> usize {
    let mut best = usize::from(but == Some(0));
    for j in 0..values.len() {
        if Some(j) != but && values[j] > values[best] {
            best = j;
        }
    }
    best
}

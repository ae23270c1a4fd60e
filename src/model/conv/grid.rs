//! Convolutions with 3×3 kernels of a batch of images, as products of matrices.
//!
//! An image of c channels is one row, position by position, the channels of a position side by side: n images of N
//! positions are `(n, N·c)`, and the same memory is `(n·N, c)`. A kernel is `(c_out, 9·c_in)`: tap by tap, row by row of
//! the 3×3 window, the channels of a tap side by side.

use ndarray::linalg::general_mat_mul;
use ndarray::{Array2, ArrayRef2, ArrayView2, ArrayViewMut2, Axis, Zip};
use rayon::prelude::*;

use crate::engine;
use crate::real::Real;

/// The positions a kernel looks at.
pub(super) const TAPS: usize = 9;

/// About as many numbers of unfolded images at a time: they stay in the second cache.
const AT_ONCE: usize = 1 << 17;

/// What stands beyond the edge of an image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Padding {
    /// The image again: it is a torus, and all positions are alike.
    #[default]
    Circular,
    /// Zeros: positions at the edge see fewer numbers.
    Zero,
}

/// The positions of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grid {
    /// Rows of positions.
    pub height: usize,
    /// Columns of positions.
    pub width: usize,
    /// What stands beyond the edge.
    pub padding: Padding,
}

impl Grid {
    /// N.
    #[must_use]
    pub fn positions(&self) -> usize {
        self.height * self.width
    }

    /// The position that tap `tap`, 0 to 8, of the window around `position` looks at; none beyond the edge of an image
    /// with zeros around.
    #[must_use]
    pub fn neighbour(&self, position: usize, tap: usize) -> Option<usize> {
        let row = self.step(position / self.width, tap / 3, self.height)?;
        let column = self.step(position % self.width, tap % 3, self.width)?;
        Some(row * self.width + column)
    }

    /// `at` + `tap` − 1 on a side of `side` places.
    fn step(&self, at: usize, tap: usize, side: usize) -> Option<usize> {
        match self.padding {
            Padding::Circular => Some((at + tap + side - 1) % side),
            Padding::Zero => (at + tap).checked_sub(1).filter(|to| *to < side),
        }
    }

    /// z_s = Σ_o W_o h_{s+o} for every position s: images `h`, `(n, N·c_in)`, by a kernel, `(c_out, 9·c_in)`; returns
    /// `(n, N·c_out)`.
    pub(super) fn convolve<T: Real>(
        &self,
        kernel: &ArrayRef2<T>,
        factor: T,
        h: &Array2<T>,
    ) -> Array2<T> {
        let out = kernel.nrows();
        let mut z = Array2::zeros((h.nrows(), self.positions() * out));
        let piece = self.images_at_once(kernel.ncols());
        let parts: Vec<_> = z
            .axis_chunks_iter_mut(Axis(0), piece)
            .zip(h.axis_chunks_iter(Axis(0), piece))
            .collect();
        each(parts, |unfolded, (z, h)| {
            let rows = h.nrows() * self.positions();
            let patches = self.unfold(&h, unfolded);
            let mut z = z.into_shape_with_order((rows, out)).expect(ROWS);
            general_mat_mul(factor, &patches, &kernel.t(), T::zero(), &mut z);
        });
        z
    }

    /// The derivatives of Σ δ·z for z = factor·[`convolve`](Self::convolve)d h: by the kernel, `(c_out, 9·c_in)`, and by h,
    /// `(n, N·c_in)`.
    ///
    /// # Algorithm
    /// Whichever has fewer channels is unfolded, so that both derivatives are products. With P the unfolded δ, the second
    /// is the convolution of δ by the kernel turned by 180°, and the first, tap by tap and turned too, hᵀP. With P the
    /// unfolded h, the first is δᵀP, and the second δW added up where windows overlap. Pieces of the batch are added up in
    /// their order, so that threads do not matter.
    pub(super) fn pull<T: Real>(
        &self,
        kernel: &ArrayRef2<T>,
        factor: T,
        h: &Array2<T>,
        delta: &Array2<T>,
    ) -> (Array2<T>, Array2<T>) {
        let (out, inputs) = (kernel.nrows(), kernel.ncols() / TAPS);
        let turned = turned(kernel);
        let mut back = Array2::zeros(h.raw_dim());
        let piece = self.images_at_once(TAPS * out.min(inputs));
        let pieces = back
            .axis_chunks_iter_mut(Axis(0), piece)
            .zip(h.axis_chunks_iter(Axis(0), piece))
            .zip(delta.axis_chunks_iter(Axis(0), piece));
        let parts: Vec<_> = pieces.collect();
        let sums = each(parts, |unfolded, ((mut back, h), delta)| {
            let rows = h.nrows() * self.positions();
            let h_rows = h.into_shape_with_order((rows, inputs)).expect(ROWS);
            let delta_rows = delta.into_shape_with_order((rows, out)).expect(ROWS);
            if inputs < out {
                let mut sum = Array2::zeros((out, TAPS * inputs));
                let patches = self.unfold(&h, unfolded);
                general_mat_mul(factor, &delta_rows.t(), &patches, T::zero(), &mut sum);
                let mut windows = Array2::zeros(patches.raw_dim());
                general_mat_mul(factor, &delta_rows, kernel, T::zero(), &mut windows);
                self.fold(&windows, &mut back);
                return sum;
            }
            let patches = self.unfold(&delta, unfolded);
            let mut back = back.into_shape_with_order((rows, inputs)).expect(ROWS);
            general_mat_mul(factor, &patches, &turned.t(), T::zero(), &mut back);
            let mut sum = Array2::zeros((inputs, TAPS * out));
            general_mat_mul(factor, &h_rows.t(), &patches, T::zero(), &mut sum);
            sum
        });
        let mut total = Array2::zeros(sums[0].raw_dim());
        sums.iter().for_each(|sum| total += sum);
        match inputs < out {
            true => (total, back),
            false => (self::turned(&total), back),
        }
    }

    /// Adds windows `(n·N, 9·c)` to where they look, in images `(n, N·c)`: the adjoint of [`unfold`](Self::unfold).
    fn fold<T: Real>(&self, windows: &Array2<T>, images: &mut ArrayViewMut2<'_, T>) {
        let (positions, c) = (self.positions(), windows.ncols() / TAPS);
        for (row, window) in windows.rows().into_iter().enumerate() {
            let (image, position) = (row / positions, row % positions);
            for tap in 0..TAPS {
                let Some(to) = self.neighbour(position, tap) else {
                    continue;
                };
                for channel in 0..c {
                    images[[image, to * c + channel]] += window[tap * c + channel];
                }
            }
        }
    }

    /// The windows around all positions, `(n·N, 9·c)`, of images `(n, N·c)`.
    fn unfold<'b, T: Real>(
        &self,
        images: &ArrayView2<'_, T>,
        into: &'b mut Vec<T>,
    ) -> ArrayView2<'b, T> {
        let (positions, width) = (self.positions(), self.width);
        let c = images.ncols() / positions;
        let rows = images.nrows() * positions;
        into.resize(rows * TAPS * c, T::zero());
        let all = images.to_slice().expect(ROWS);
        let windows = into.chunks_exact_mut(positions * TAPS * c);
        for (image, windows) in all.chunks_exact(positions * c).zip(windows) {
            for (position, window) in windows.chunks_exact_mut(TAPS * c).enumerate() {
                let (row, column) = (position / width, position % width);
                let inside = column > 0 && column + 1 < width;
                for (tap, three) in window.chunks_exact_mut(3 * c).enumerate() {
                    match self.step(row, tap, self.height) {
                        Some(row) if inside => {
                            let from = (row * width + column - 1) * c;
                            three.copy_from_slice(&image[from..from + 3 * c]);
                        }
                        row => {
                            for (tap, one) in three.chunks_exact_mut(c).enumerate() {
                                match row.zip(self.step(column, tap, width)) {
                                    Some((row, column)) => {
                                        let from = (row * width + column) * c;
                                        one.copy_from_slice(&image[from..from + c]);
                                    }
                                    None => one.fill(T::zero()),
                                }
                            }
                        }
                    }
                }
            }
        }
        ArrayView2::from_shape((rows, TAPS * c), into).expect("as many as were asked for")
    }

    /// How many images are unfolded at once where a window has `columns` numbers.
    fn images_at_once(&self, columns: usize) -> usize {
        (AT_ONCE / (self.positions() * columns)).max(1)
    }
}

const ROWS: &str = "images are rows of numbers in order";

/// `(c_out, 9·c_in)` turned by 180°, with its channels' roles exchanged: `(c_in, 9·c_out)`.
fn turned<T: Real>(kernel: &ArrayRef2<T>) -> Array2<T> {
    let (out, inputs) = (kernel.nrows(), kernel.ncols() / TAPS);
    let mut turned = Array2::zeros((inputs, TAPS * out));
    for tap in 0..TAPS {
        let of = |of: usize, tap: usize| tap * of..(tap + 1) * of;
        let from = kernel.slice(ndarray::s![.., of(inputs, tap)]);
        let mut to = turned.slice_mut(ndarray::s![.., of(out, TAPS - 1 - tap)]);
        Zip::from(&mut to).and(from.t()).for_each(|to, w| *to = *w);
    }
    turned
}

/// Does each of `parts`, side by side where linear algebra has several threads; the results in order.
fn each<P: Send, R: Send, T: Real>(
    parts: Vec<P>,
    work: impl Fn(&mut Vec<T>, P) -> R + Sync,
) -> Vec<R> {
    match engine::threads().min(rayon::current_num_threads()) > 1 && parts.len() > 1 {
        true => parts
            .into_par_iter()
            .map_init(Vec::new, |room, part| work(room, part))
            .collect(),
        false => {
            let mut room = Vec::new();
            parts
                .into_iter()
                .map(|part| work(&mut room, part))
                .collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::synthetic::gaussian;
    use crate::rng::stream;

    const GRIDS: [(usize, usize); 5] = [(1, 1), (2, 3), (5, 4), (1, 6), (7, 7)];

    /// By the definition, sum by sum.
    fn direct(grid: &Grid, kernel: &Array2<f64>, h: &Array2<f64>) -> Array2<f64> {
        let (out, inputs) = (kernel.nrows(), kernel.ncols() / TAPS);
        let (height, width) = (grid.height as i64, grid.width as i64);
        Array2::from_shape_fn((h.nrows(), grid.positions() * out), |(image, at)| {
            let (row, column) = (
                at as i64 / out as i64 / width,
                at as i64 / out as i64 % width,
            );
            let mut sum = 0.0;
            for tap in 0..TAPS {
                let (y, x) = (row + tap as i64 / 3 - 1, column + tap as i64 % 3 - 1);
                let beyond = !(0..height).contains(&y) || !(0..width).contains(&x);
                if beyond && grid.padding == Padding::Zero {
                    continue;
                }
                let from = (y.rem_euclid(height) * width + x.rem_euclid(width)) as usize;
                for c in 0..inputs {
                    sum += kernel[[at % out, tap * inputs + c]] * h[[image, from * inputs + c]];
                }
            }
            sum
        })
    }

    fn dot(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
        a.iter().zip(b).map(|(a, b)| a * b).sum()
    }

    #[test]
    fn products_are_direct_sums_and_their_adjoints() {
        let rng = &mut stream(1, "grid", 0);
        for padding in [Padding::Circular, Padding::Zero] {
            for ((height, width), (out, inputs)) in
                GRIDS
                    .into_iter()
                    .zip([(2, 3), (1, 1), (4, 2), (3, 1), (1, 5)])
            {
                let grid = Grid {
                    height,
                    width,
                    padding,
                };
                let n = grid.positions();
                let mut draw = |rows, columns| gaussian(rows, columns, rng).expect("valid");
                let (kernel, h) = (draw(out, TAPS * inputs), draw(3, n * inputs));
                let z = grid.convolve(&kernel, 2.0, &h);
                let error = &z - &(direct(&grid, &kernel, &h) * 2.0);
                assert!(error.iter().all(|e| e.abs() < 1e-12), "{grid:?}");
                // δ·z is linear in the kernel and in h: each derivative, times what it is taken by, gives it back.
                let delta = draw(3, n * out);
                let (by_kernel, by_h) = grid.pull(&kernel, 2.0, &h, &delta);
                for (got, of) in [(&by_kernel, &kernel), (&by_h, &h)] {
                    assert!((dot(got, of) - dot(&delta, &z)).abs() < 1e-10, "{grid:?}");
                }
                // And along other kernels and other images.
                let (other, others) = (draw(out, TAPS * inputs), draw(3, n * inputs));
                let along = dot(&delta, &grid.convolve(&other, 2.0, &h));
                assert!((dot(&by_kernel, &other) - along).abs() < 1e-10);
                let along = dot(&delta, &grid.convolve(&kernel, 2.0, &others));
                assert!((dot(&by_h, &others) - along).abs() < 1e-10);
            }
        }
    }

    /// A batch of several pieces on one thread and on several: the same bits.
    #[test]
    fn threads_do_not_matter() {
        let rng = &mut stream(2, "grid", 0);
        let grid = Grid {
            height: 28,
            width: 28,
            padding: Padding::Circular,
        };
        let kernel = gaussian(8, TAPS * 8, rng).expect("valid");
        let h = gaussian(9, grid.positions() * 8, rng).expect("valid");
        let all = || {
            let z = grid.convolve(&kernel, 1.0, &h);
            let (by_kernel, by_h) = grid.pull(&kernel, 1.0, &h, &z);
            (z, by_kernel, by_h)
        };
        let several = all();
        let _single = engine::single_thread();
        assert!(grid.images_at_once(TAPS * 8) < 9);
        assert!(several == all());
    }
}

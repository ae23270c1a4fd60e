//! Every decomposition by every engine: each gives back its matrix, and they agree.

use dltheory_engine::{
    Cholesky, Engine, Triangle, Work, about, set_threads, single_thread, threads,
};
use ndarray::{Array1, Array2, Axis, ShapeBuilder, array, s};

/// Uniform on (−½, ½), from a small generator: no dependency for a test.
fn random(n: usize, m: usize, seed: u64) -> Array2<f64> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    Array2::from_shape_simple_fn((n, m), || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5
    })
}

/// The largest distance between entries, in units of n ε times the largest entry: what rounding
/// of sums of n terms explains is a few of these.
fn roundings(a: &Array2<f64>, b: &Array2<f64>) -> f64 {
    assert_eq!(a.dim(), b.dim());
    let largest = b.iter().fold(1e-300, |most: f64, x| most.max(x.abs()));
    let unit = a.nrows().max(a.ncols()) as f64 * f64::EPSILON * largest;
    let off = a.iter().zip(b).map(|(a, b)| (a - b).abs() / unit);
    off.fold(0.0, |most, x| if x <= most { most } else { x })
}

/// Rectangles and squares, small and over the blocks of both engines, in both layouts.
fn matrices() -> Vec<Array2<f64>> {
    let shapes = [(1, 1), (3, 1), (7, 5), (40, 40), (130, 70), (300, 300)];
    let by_rows = shapes.map(|(n, m)| random(n, m, (1000 * n + m) as u64));
    let mut all = by_rows.to_vec();
    for a in by_rows {
        let mut by_columns = Array2::zeros(a.raw_dim().f());
        by_columns.assign(&a);
        all.push(by_columns);
    }
    all
}

fn symmetric(a: &Array2<f64>) -> Array2<f64> {
    a.t().dot(a) + Array2::<f64>::eye(a.ncols())
}

const FEW: f64 = 30.0;

#[test]
fn singular_values_and_qr_multiply_back() {
    for a in matrices() {
        let mut spectra = Vec::new();
        for &engine in Engine::ALL {
            let svd = engine.svd(&a).expect("finite");
            assert!(
                roundings(&(&svd.u * &svd.s).dot(&svd.vt), &a) < FEW,
                "{engine:?}"
            );
            assert!(svd.s.windows(2).into_iter().all(|pair| pair[0] >= pair[1]));
            let alone = engine.singular_values(&a).expect("finite");
            spectra.extend([svd.s, alone]);

            let qr = engine.qr(&a).expect("tall");
            assert!(roundings(&qr.q.dot(&qr.r), &a) < FEW, "{engine:?}");
            let eye = Array2::eye(a.ncols());
            assert!(roundings(&qr.q.t().dot(&qr.q), &eye) < FEW, "{engine:?}");
            let mut below = qr.r.indexed_iter().filter(|((i, j), _)| i > j);
            assert!(below.all(|(_, &x)| x == 0.0));
        }
        let column = |s: &Array1<f64>| s.clone().insert_axis(ndarray::Axis(1));
        for other in &spectra[1..] {
            assert!(roundings(&column(other), &column(&spectra[0])) < FEW);
        }
    }
}

#[test]
fn eigenvalues_agree() {
    for a in matrices() {
        let k = symmetric(&a);
        let mut found = Vec::new();
        for &engine in Engine::ALL {
            let eigen = engine.symmetric_eigen(&k).expect("symmetric");
            let back = (&eigen.vectors * &eigen.values).dot(&eigen.vectors.t());
            assert!(roundings(&back, &k) < FEW, "{engine:?}");
            assert!(
                eigen
                    .values
                    .windows(2)
                    .into_iter()
                    .all(|pair| pair[0] >= pair[1])
            );
            // The same matrix as one that need not be symmetric.
            let mut general = engine.eigenvalues(&k).expect("square");
            general.sort_by(|a, b| b.0.total_cmp(&a.0));
            assert!(
                general
                    .iter()
                    .all(|(_, im)| im.abs() < 1e-10 * eigen.values[0])
            );
            found.push(eigen.values.clone().insert_axis(ndarray::Axis(1)));
            let real: Array1<f64> = general.iter().map(|v| v.0).collect();
            found.push(real.insert_axis(ndarray::Axis(1)));
        }
        for other in &found[1..] {
            assert!(roundings(other, &found[0]) < FEW);
        }
    }
    // A rotation by ±θ: complex eigenvalues e^{±iθ}.
    let (sin, cos) = 0.7_f64.sin_cos();
    for &engine in Engine::ALL {
        let mut pair = engine
            .eigenvalues(&array![[cos, -sin], [sin, cos]])
            .expect("square");
        pair.sort_by(|a, b| a.1.total_cmp(&b.1));
        let off = |(re, im): (f64, f64), sign: f64| (re - cos).hypot(im - sign * sin);
        assert!(
            off(pair[0], -1.0) < 1e-14 && off(pair[1], 1.0) < 1e-14,
            "{engine:?}"
        );
    }
}

#[test]
fn triangles_and_squares_are_solved() {
    for a in matrices().into_iter().filter(|a| a.is_square()) {
        let k = symmetric(&a);
        let b = random(k.nrows(), 3, 7);
        for &engine in Engine::ALL {
            for (triangle, keep_lower) in [(Triangle::Lower, true), (Triangle::Upper, false)] {
                for t in [k.clone(), k.t().to_owned(), {
                    let mut by_columns = Array2::zeros(k.raw_dim().f());
                    by_columns.assign(&k);
                    by_columns
                }] {
                    let x = engine
                        .solve_triangular(triangle, &t, &b)
                        .expect("K has no zero");
                    // What the other triangle holds is not read.
                    let only = Array2::from_shape_fn(t.raw_dim(), |(i, j)| {
                        if (i >= j) == keep_lower || i == j {
                            t[[i, j]]
                        } else {
                            0.0
                        }
                    });
                    let unit = roundings(&only.dot(&x), &b)
                        * b.iter().fold(0.0, |m: f64, v| m.max(v.abs()));
                    let scale =
                        x.iter().fold(1.0, |m: f64, v| m.max(v.abs())) * only.nrows() as f64;
                    assert!(unit < FEW * scale, "{engine:?} {triangle:?} {unit}");
                }
            }
            let cholesky = Cholesky::with(engine, k.clone()).expect("positive definite");
            let x = cholesky.solve(&b).expect("fits");
            assert!(
                roundings(&k.dot(&x), &b) < FEW * k.nrows() as f64,
                "{engine:?}"
            );
            let x = engine
                .solve(&k, &b.column(0).to_owned())
                .expect("full rank");
            let off = (k.dot(&x) - b.column(0))
                .iter()
                .fold(0.0, |m: f64, v| m.max(v.abs()));
            assert!(off < 1e-11, "{engine:?}: {off}");
        }
    }
}

/// Squares of such entries leave the range of f64, in either direction.
#[test]
fn huge_and_tiny_matrices_are_factorised_all_the_same() {
    let column = |values: &Array1<f64>, scale: f64| (values / scale).insert_axis(Axis(1));
    for (&engine, n) in Engine::ALL
        .iter()
        .flat_map(|e| [1, 3, 40, 130].map(|n| (e, n)))
    {
        let a = random(n, n, 5);
        let k = symmetric(&a) / n as f64;
        let svd = engine.svd(&a).expect("SVD");
        let eigen = engine.symmetric_eigen(&k).expect("eigenvalues");
        for factor in [1e-200, 1e-150, 1e150, 1e200, 1e300] {
            let here = format!("{engine:?}, n = {n}, times {factor:e}");
            let close = |found: &Array2<f64>, expected: &Array2<f64>| {
                let off = roundings(found, expected);
                assert!(off < 1e3, "{here}: {off}");
            };
            let (large, large_k) = (&a * factor, &k * factor);
            let found = engine.svd(&large).expect("SVD");
            close(&column(&found.s, factor), &column(&svd.s, 1.0));
            close(&(&found.u * &(found.s / factor)).dot(&found.vt), &a);
            let values = engine.singular_values(&large).expect("SVD");
            close(&column(&values, factor), &column(&svd.s, 1.0));
            let found = engine.symmetric_eigen(&large_k).expect("eigenvalues");
            close(&column(&found.values, factor), &column(&eigen.values, 1.0));
            let mut values: Vec<f64> = engine
                .eigenvalues(&large_k)
                .expect("eigenvalues")
                .iter()
                .map(|(re, _)| *re)
                .collect();
            values.sort_by(f64::total_cmp);
            let mut expected = eigen.values.to_vec();
            expected.sort_by(f64::total_cmp);
            close(
                &column(&values.into(), factor),
                &column(&expected.into(), 1.0),
            );
            let found = engine.qr(&large).expect("QR");
            close(&found.q.dot(&(found.r / factor)), &a);
        }
    }
}

#[test]
fn what_cannot_be_done_is_an_error() {
    for &engine in Engine::ALL {
        assert!(engine.svd(&Array2::zeros((0, 3))).is_err());
        assert!(engine.qr(&Array2::zeros((2, 3))).is_err());
        assert!(engine.symmetric_eigen(&Array2::zeros((2, 3))).is_err());
        let singular = array![[1.0, 2.0], [2.0, 4.0]];
        assert!(
            engine.solve(&singular, &array![1.0, 1.0]).is_err(),
            "{engine:?}"
        );
        assert!(engine.solve(&Array2::eye(2), &array![1.0]).is_err());
        let zero = engine.solve_triangular(Triangle::Lower, &array![[0.0]], &array![[1.0]]);
        assert!(
            zero.expect_err("no inverse")
                .to_string()
                .contains("diagonal is zero")
        );
        assert!(Cholesky::with(engine, array![[1.0, 2.0], [2.0, 1.0]]).is_none());
        assert!(Cholesky::with(engine, array![[f64::NAN]]).is_none());
        assert!(Cholesky::with(engine, Array2::zeros((0, 0))).is_none());
    }
}

#[test]
fn there_is_an_engine_for_everything_and_it_has_a_name() {
    for work in Work::ALL {
        assert!(Engine::ALL.contains(&Engine::best(work)));
    }
    let about = about();
    assert!(
        about.version.starts_with(|c: char| c.is_ascii_digit()),
        "{about}"
    );
    assert!(about.to_string().contains(" kernel, "), "{about}");
    if let Some(asked) = Engine::asked().expect("tests name an engine that is there") {
        assert!(Work::ALL.iter().all(|&work| Engine::best(work) == asked));
    }
}

#[cfg(feature = "openblas")]
mod products {
    use super::*;
    use ndarray::linalg::general_mat_mul;

    /// The product by its definition.
    fn plain(a: &Array2<f64>, b: &Array2<f64>) -> Array2<f64> {
        Array2::from_shape_fn((a.nrows(), b.ncols()), |(i, j)| {
            a.row(i).iter().zip(b.column(j)).map(|(a, b)| a * b).sum()
        })
    }

    #[test]
    fn by_either_engine_in_any_layout() {
        for (m, k, n) in [
            (1, 9, 1),
            (8, 8, 8),
            (9, 200, 5),
            (100, 3, 120),
            (193, 70, 201),
        ] {
            let (a, b) = (random(m, k, 1), random(k, n, 2));
            let expected = plain(&a, &b);
            for &engine in Engine::ALL {
                assert!(roundings(&engine.product(&a, &b), &expected) < FEW * k as f64);
                let single = engine.product(&a.mapv(|v| v as f32), &b.mapv(|v| v as f32));
                let off = roundings(&single.mapv(f64::from), &expected) * f64::EPSILON;
                assert!(
                    off < FEW * k as f64 * f64::from(f32::EPSILON),
                    "{engine:?} {off}"
                );
            }
            // Through ndarray: transposed factors and products, parts of larger arrays, α and β.
            let (at, bt) = (a.t().to_owned(), b.t().to_owned());
            let wide = random(m, 2 * k, 1);
            let part = wide.slice(s![.., ..k]);
            for dot in [
                a.dot(&b),
                at.t().dot(&b),
                a.dot(&bt.t()),
                at.t().dot(&bt.t()),
            ] {
                assert!(roundings(&dot, &expected) < FEW * k as f64);
            }
            let part_expected = plain(&part.to_owned(), &b);
            assert!(roundings(&part.dot(&b), &part_expected) < FEW * k as f64);
            let before = random(m, n, 3);
            for (alpha, beta) in [(1.0, 0.0), (-2.0, 1.0), (0.5, -3.0)] {
                let expected = alpha * &expected + beta * &before;
                let mut c = before.clone();
                general_mat_mul(alpha, &a, &b, beta, &mut c);
                assert!(roundings(&c, &expected) < FEW * k as f64);
                let mut c = Array2::zeros((m, n).f());
                c.assign(&before);
                general_mat_mul(alpha, &a, &b, beta, &mut c);
                assert!(roundings(&c, &expected) < FEW * k as f64);
            }
            // β = 0 asks for nothing of what was there.
            let mut c = Array2::from_elem((m, n), f64::NAN);
            general_mat_mul(1.0, &a, &b, 0.0, &mut c);
            assert!(roundings(&c, &expected) < FEW * k as f64);
        }
    }

    #[test]
    fn the_same_call_gives_the_same_bits_on_any_number_of_threads() {
        let (a, b) = (random(500, 300, 1), random(300, 410, 2));
        let _turn = THREADS.lock();
        let before = threads();
        for &engine in Engine::ALL {
            let mut all = Vec::new();
            for count in [1, 2, 3, 4] {
                set_threads(count);
                all.push(engine.product(&a, &b));
                all.push(engine.product(&a, &b));
            }
            assert!(all.iter().all(|c| *c == all[0]), "{engine:?}");
        }
        set_threads(before);
    }
}

/// The number of threads is one for the whole process: tests that set it take turns.
static THREADS: std::sync::Mutex<()> = std::sync::Mutex::new(());

#[test]
fn a_guard_keeps_one_thread_and_gives_the_others_back() {
    let _turn = THREADS.lock();
    let _outer = single_thread();
    {
        let _inner = single_thread();
        assert_eq!(threads(), 1);
    }
    assert_eq!(threads(), 1);
}

//! What students do without meaning harm costs no more than it must.

use dltheory::exercise::{Visibility, check};
use ndarray::{Array1, Array2};

use super::{grade, with};
use crate::grader;

/// Many times what a pipe holds, on both streams.
#[test]
fn prints_cost_nothing() {
    let cell = "fn min_norm(x: &Array2<f64>, y: &Array1<f64>) -> Array1<f64> {\n\
        for i in 0..5_000 { println!(\"step {i}: {:?}\", x.row(0)); eprintln!(\"loss {i}\"); }\n\
        dbg!(y);\n\
        x.t().dot(&linalg::solve(&x.dot(&x.t()), y))\n}";
    let grade = grade(&grader(), &with(&[("min_norm", cell.to_owned())].into()));
    let why = grade.exercise("min_norm").unwrap();
    let why = why.reasons(Visibility::Hidden);
    assert_eq!(grade.points, grade.out_of, "{why:?}");
}

/// And after all that was printed, the last words still tell why it ended.
#[test]
fn the_last_words_after_many_prints_are_read() {
    let cell = "fn min_norm(x: &Array2<f64>, y: &Array1<f64>) -> Array1<f64> {\n\
        for i in 0..5_000 { println!(\"step {i}: {y:?}\") }\n\
        std::hint::black_box(vec![1_u8; 100 << 30]);\n\
        Array1::zeros(x.ncols())\n}";
    let grade = grade(&grader(), &with(&[("min_norm", cell.to_owned())].into()));
    let why = grade.exercise("min_norm").unwrap();
    let why = why.reasons(Visibility::Hidden).join("\n");
    assert!(why.contains("GiB of memory"), "{why}");
}

#[test]
fn todo_costs_the_checks_that_reach_it() {
    use std::sync::Mutex;
    static FIRST: Mutex<Option<f64>> = Mutex::new(None);
    fn note(x: &Array2<f64>, _: &Array1<f64>) -> Array1<f64> {
        FIRST.lock().unwrap().get_or_insert(x[[0, 0]]);
        Array1::zeros(x.ncols())
    }
    assert!(!check::min_norm(note).passed());
    let first = FIRST.lock().unwrap().unwrap();
    for left in ["todo!(\"later\")", "unimplemented!()"] {
        let cell = format!(
            "fn min_norm(x: &Array2<f64>, y: &Array1<f64>) -> Array1<f64> {{\n\
             if x[[0, 0]] == {first:?} {{ {left} }}\n\
             x.t().dot(&linalg::solve(&x.dot(&x.t()), y))\n}}"
        );
        let stub = format!(
            "fn ridge_weights(x: &Array2<f64>, y: &Array1<f64>, lambda: f64) -> Array1<f64> {{ {left} }}"
        );
        let cells = [("min_norm", cell), ("ridge_weights", stub)];
        let grade = grade(&grader(), &with(&cells.into()));
        let half = grade.exercise("min_norm").unwrap();
        let lost: Vec<_> = half.checks.iter().filter(|check| !check.passed).collect();
        assert!(half.finding.is_none() && lost.len() == 1, "{half:?}");
        assert!(lost[0].got.contains("todo!()"), "{lost:?}");
        let stub = grade.exercise("ridge_weights").unwrap();
        assert_eq!(stub.points, 0.0);
        let finding = stub.finding.as_deref().unwrap_or_default();
        assert!(finding.starts_with("not started"), "{finding}");
    }
}

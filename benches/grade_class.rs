//! How long a class takes: `cargo bench --bench grade_class -- [SUBMISSIONS] [EXERCISES]`.
//!
//! Each made-up student answers with the reference (7 of 10 times), a known-wrong answer, or a
//! stub. One in ten has a compile error somewhere, one in twenty an endless loop.

use std::time::Instant;

use dltheory::exercise;
use dltheory::grade::class::{Plan, grade_class};
use dltheory::grade::{GradeSettings, Grader, answers, find};
use dltheory::rng::stream;
use rand::RngExt;
use serde_json::json;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    // `cargo bench` adds an option of its own.
    let numbers: Vec<usize> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    let submissions = numbers.first().copied().unwrap_or(100);
    let exercises = numbers
        .get(1)
        .copied()
        .unwrap_or_else(|| exercise::all().count());

    let folder = tempfile::TempDir::new()?;
    let handed_in = folder.path().join("submissions");
    for student in 0..submissions {
        let path = handed_in.join(format!("student-{student:03}"));
        std::fs::create_dir_all(&path)?;
        std::fs::write(path.join("answers.ipynb"), answers(student, exercises)?)?;
    }
    let began = Instant::now();
    let grader = Grader::new(GradeSettings::default())?;
    println!("getting ready: {:.1} s", began.elapsed().as_secs_f64());

    let began = Instant::now();
    let out = folder.path().join("grades");
    let jobs = std::thread::available_parallelism()?.get();
    let plan = Plan {
        jobs,
        ..Plan::new(&out)
    };
    let class = find(&handed_in)?;
    let (graded, _) = grade_class(&grader, &class, &plan, |_| ())?;
    let seconds = began.elapsed().as_secs_f64();
    let points: f64 = graded
        .iter()
        .filter_map(|g| Some(g.grade.as_ref().ok()?.points))
        .sum();
    println!(
        "{submissions} submissions, {exercises} exercises each, {jobs} at once: {seconds:.1} s, {:.2} s a submission, {} points in all",
        seconds / submissions as f64,
        points
    );
    let began = Instant::now();
    let (again, _) = grade_class(&grader, &class, &plan, |_| ())?;
    let resumed = again.iter().filter(|graded| graded.resumed).count();
    println!(
        "again: {resumed} of them there already, {:.1} s",
        began.elapsed().as_secs_f64()
    );
    Ok(())
}

/// The notebook of a student.
fn answers(student: usize, exercises: usize) -> Result<String, Failure> {
    let mut rng = stream(1, "class", student as u64);
    let mut cells = Vec::new();
    for exercise in exercise::all().take(exercises) {
        let wrong = answers::wrong_answers(exercise.name)?;
        let reference = answers::solution(exercise.name)?;
        let source = match rng.random_range(0..20) {
            0..14 => reference,
            14..19 => wrong[rng.random_range(0..wrong.len())].source.clone(),
            _ => body(&reference, "todo!()"),
        };
        cells.push((exercise.name, source));
    }
    let chosen = rng.random_range(0..cells.len());
    if student % 10 == 3 {
        cells[chosen]
            .1
            .push_str("\nfn broken() -> f64 { \"text\" }\n");
    } else if student % 20 == 7 {
        cells[chosen].1 = body(&cells[chosen].1, "loop {}");
    }
    let cells: Vec<_> = cells
        .into_iter()
        .map(|(name, source)| {
            json!({ "cell_type": "code", "metadata": { "exercise": name }, "source": source })
        })
        .collect();
    Ok(json!({ "cells": cells }).to_string())
}

/// The first function of `source` with another body.
fn body(source: &str, body: &str) -> String {
    let start = source.find("\nfn ").map_or(0, |i| i + 1);
    let signature = source[start..]
        .split_inclusive('{')
        .next()
        .unwrap_or_default();
    format!("{signature} {body} }}\n")
}

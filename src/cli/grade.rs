//! `grade`, `hand-in`, `release`, `autograder` and `verify`.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

use super::console::Console;
use crate::Result;
use crate::display::aligned;
use crate::exercise::Visibility;
use crate::grade::class::{Graded, Plan, apart, grade_class};
use crate::grade::{
    Class, Earlier, Grade, GradeSettings, Grader, LeftOut, Roster, Toolchain, find, report,
    similar, write_whole,
};

/// What to grade and how to tell.
pub(super) struct Job {
    pub(super) paths: Vec<PathBuf>,
    pub(super) one: bool,
    pub(super) out: PathBuf,
    pub(super) jobs: Option<u16>,
    pub(super) show: String,
    pub(super) roster: Option<PathBuf>,
    pub(super) column: Option<String>,
    pub(super) against: Option<PathBuf>,
    pub(super) never_lower: bool,
    pub(super) similar: bool,
    pub(super) progress: bool,
}

impl Job {
    /// Grades. `false` if a submission could not be graded.
    pub(super) fn grade(self, settings: GradeSettings, console: &mut Console) -> Result<bool> {
        let began = Instant::now();
        let class = self.class()?;
        // At once, not when all is built.
        apart(&class, &self.out)?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let shown = Visibility::from_name(&self.show).unwrap_or(Visibility::Visible);
        // Read before anything is written: OLD may be the folder that is written.
        let earlier = self.against.as_deref().map(Earlier::read).transpose()?;
        let roster = self.roster.as_deref();
        let plan = Plan {
            jobs: self.jobs.map_or(cores, usize::from),
            shown,
            roster: roster
                .map(|path| Roster::read(path, self.column.as_deref()))
                .transpose()?,
            never_lower: earlier.clone().filter(|_| self.never_lower),
            ..Plan::new(&self.out)
        };
        for note in &class.notes {
            console.tell("note", note);
        }
        for LeftOut { name, why } in &class.left_out {
            console.tell("note", &format!("left out: {name} ({why})"));
        }
        getting_ready(console);
        let grader = Grader::new(settings)?;
        for note in grader.scheme().notes() {
            console.tell("note", note);
        }

        let bar = match self.progress {
            true => ProgressBar::new(class.submissions.len() as u64),
            false => ProgressBar::hidden(),
        };
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len}, {eta} left  {msg}") {
            bar.set_style(style);
        }
        bar.tick();
        let failures = Mutex::new(Vec::new());
        let tell = |graded: &Graded| {
            bar.set_message(graded.name.clone());
            bar.inc(1);
            if let (Err(error), Ok(mut failures)) = (&graded.grade, failures.lock()) {
                failures.push(format!("{}: {error}", graded.name));
            }
        };
        let (all, notes) = grade_class(&grader, &class, &plan, tell)?;
        bar.finish_and_clear();

        for sentence in failures.into_inner().unwrap_or_default() {
            console.tell("error", &sentence);
        }
        for note in notes {
            console.tell("note", &note);
        }
        let grades: Vec<Grade> = all.iter().filter_map(|g| g.grade.clone().ok()).collect();
        match grades.as_slice() {
            [grade] => console.print(&report::one(grade, shown))?,
            grades => console.print(&report::summary(grades))?,
        }
        if let Some(earlier) = earlier {
            let (moved, table) = earlier.moved(&all)?;
            write_whole(&self.out.join("moved.csv"), table.as_bytes())?;
            console.print(&match moved.is_empty() {
                true => "\nno points moved\n".to_owned(),
                false => format!("\nmoved:\n{}\n", moved.join("\n")),
            })?;
        }
        if self.similar {
            let pairs = similar::similar(&class, grader.scheme())?;
            let page = similar::html(&pairs);
            write_whole(&self.out.join("similar.html"), page.as_bytes())?;
            console.print(&format!(
                "\npairs of answers that are alike: {}\n",
                pairs.len()
            ))?;
        }
        let resumed = all.iter().filter(|graded| graded.resumed).count();
        let before = match resumed {
            0 => String::new(),
            n => format!(" ({n} of them graded before)"),
        };
        let left_out = match class.left_out.len() {
            0 => String::new(),
            n => format!(", {n} left out"),
        };
        console.print(&format!(
            "\n{} graded{before}{left_out} in {:.1} s; see {}\n",
            grades.len(),
            began.elapsed().as_secs_f64(),
            self.out.display()
        ))?;
        Ok(grades.len() == all.len())
    }

    fn class(&self) -> Result<Class> {
        let mut class = Class::default();
        for path in &self.paths {
            class.extend(match self.one {
                true => Class::one(path)?,
                false => find(path)?,
            });
        }
        Ok(class)
    }
}

/// Says that a build of a minute or two comes first, if one does.
fn getting_ready(console: &mut Console) {
    if !Toolchain::is_ready() {
        console.tell(
            "note",
            "compiling what solutions are built against, once: a minute or two",
        );
    }
}

/// Writes the students' version.
pub(super) fn release(dir: &Path, console: &mut Console) -> Result<bool> {
    let files = crate::grade::release::release(dir)?;
    console.print(&format!("wrote {files} files into {}\n", dir.display()))?;
    Ok(true)
}

/// Packs notebooks to hand in.
pub(super) fn hand_in(
    notebooks: &Path,
    chapters: &[String],
    to: &Path,
    console: &mut Console,
) -> Result<bool> {
    let receipt = crate::grade::hand_in::hand_in(notebooks, chapters, to)?;
    for warning in &receipt.warnings {
        console.tell("warning", warning);
    }
    console.print(&receipt.to_string())?;
    Ok(true)
}

/// Writes the autograder for Gradescope.
pub(super) fn autograder(file: &Path, console: &mut Console) -> Result<bool> {
    let files = crate::grade::autograder::autograder(file)?;
    let name = file.display();
    console.print(&format!(
        "wrote {name} ({files} files): upload it as the autograder\n"
    ))?;
    Ok(true)
}

/// Grades small changes of the solutions. `false` if one has full points and should not.
pub(super) fn mutants(names: &[String], console: &mut Console) -> Result<bool> {
    // A changed loop may not end: what the solutions take is far below a second.
    let grader = Grader::new(GradeSettings {
        cpu_seconds: 3,
        timeouts: 1,
        ..GradeSettings::default()
    })?;
    let tell = |what: &str| console.tell("note", what);
    let surveys = crate::grade::mutants::survey(&grader, names, tell)?;
    crate::grade::mutants::keep(&surveys)?;
    let mut rows = vec![
        ["exercise", "mutants", "killed", "equal"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for survey in &surveys {
        let mark = if survey.faults.is_empty() {
            "✓"
        } else {
            "✗"
        };
        let numbers = [survey.mutants, survey.killed, survey.equal].map(|n| n.to_string());
        let name = format!("{mark} {}", survey.exercise);
        rows.push([name].into_iter().chain(numbers).collect());
    }
    let sum =
        |part: fn(&crate::grade::mutants::Survey) -> usize| surveys.iter().map(part).sum::<usize>();
    let [all, killed, equal] = [sum(|s| s.mutants), sum(|s| s.killed), sum(|s| s.equal)];
    let mut text = aligned(&rows, &[false, true, true, true]);
    for fault in surveys.iter().flat_map(|survey| &survey.faults) {
        text.push_str(&format!("\n{fault}\n"));
    }
    text.push_str(&format!(
        "\n{killed} of {} killed, {equal} more are equal\n",
        all - equal
    ));
    console.print(&text)?;
    Ok(surveys.iter().all(|survey| survey.faults.is_empty()))
}

/// Verifies the exercises. `false` if one is not fair.
pub(super) fn verify(console: &mut Console) -> Result<bool> {
    getting_ready(console);
    let grader = Grader::new(GradeSettings::default())?;
    let verdicts = crate::grade::verify::verify(&grader, |what| console.tell("note", what))?;
    let header = [
        "exercise",
        "visible",
        "hidden",
        "wrong",
        "stub",
        "reference",
        "of",
    ];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    for verdict in &verdicts {
        let mark = if verdict.faults.is_empty() {
            "✓"
        } else {
            "✗"
        };
        rows.push(vec![
            format!("{mark} {}", verdict.id),
            verdict.checks.0.to_string(),
            verdict.checks.1.to_string(),
            verdict.wrong_answers.to_string(),
            verdict.points.0.to_string(),
            verdict.points.1.to_string(),
            verdict.points.2.to_string(),
        ]);
    }
    let mut text = aligned(&rows, &[false, true, true, true, true, true, true]);
    for verdict in &verdicts {
        for note in &verdict.notes {
            text.push_str(&format!("{}: {note}\n", verdict.id));
        }
        for fault in &verdict.faults {
            text.push_str(&format!("{}: {fault}\n", verdict.id));
        }
    }
    let unfair = verdicts
        .iter()
        .filter(|verdict| !verdict.faults.is_empty())
        .count();
    let total: f64 = verdicts.iter().map(|verdict| verdict.points.2).sum();
    let all = verdicts.len();
    text.push_str(&format!(
        "{} of {all} exercises are fair, {total} points in all\n",
        all - unfair
    ));
    console.print(&text)?;
    Ok(unfair == 0)
}

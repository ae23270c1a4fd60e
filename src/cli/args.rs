//! What may be said on the command line.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Deep-learning theory you can run: every claim beside its predicted number, its measured number
/// and its tolerance.
#[derive(Debug, Parser)]
#[command(
    name = "dltheory",
    version,
    after_help = "Examples:\n  \
        dltheory list\n  \
        dltheory show double_descent\n  \
        dltheory run double_descent --quick\n  \
        dltheory run double_descent --set n=300 --set digits=4,9 --seed 7 --out results\n  \
        dltheory figures --quick --check\n\n\
        Exit codes: 0 it ran (whatever the claims say, unless --check), 1 something failed,\n\
        2 a name, a setting or an option is not valid."
)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the experiments
    List,
    /// Show what an experiment computes, its slide, its settings and the columns of its table
    Show {
        /// The experiment, as `dltheory list` names it
        id: String,
        /// Folder with the data that bound its sizes [default: what DLTHEORY_DATA names, or the built-in sample]
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
    },
    /// Run one experiment; write its table, figure and claims
    #[command(after_help = "Examples:\n  \
        dltheory run double_descent --quick\n  \
        dltheory run double_descent --set n=300 --set digits=4,9\n  \
        dltheory run double_descent --seed 7 --out results --check\n\n\
        Writes ID.csv (one observation a row), ID.svg and ID.json (settings, numbers, claims, what\n\
        computed them) into the folder DIR/ID. The three are always of one run, whatever ends it and\n\
        whatever else runs. Numbers that are not finite are inf, -inf and nan.\n\
        The same seed and settings give the same numbers on one machine, whatever the number of\n\
        threads.")]
    Run {
        /// The experiment, as `dltheory list` names it
        id: String,
        /// Set one setting, see `dltheory show ID`; several values take commas between them; may
        /// be repeated, of two for one name the last wins
        #[arg(long, value_name = "NAME=VALUE", value_parser = assignment)]
        set: Vec<(String, String)>,
        #[command(flatten)]
        options: Options,
    },
    /// Run every experiment, or those named; go on after one that fails
    #[command(after_help = "Examples:\n  \
        dltheory figures --quick --check\n  \
        dltheory figures --quick --check --seeds 1..100 isoperimetry\n  \
        dltheory figures --out figures --seed 7\n\n\
        Ends with a table of what ran, how long it took and how many claims hold.\n\
        Exits 1 if an experiment failed or, with --check, if a claim does not hold.\n\n\
        With --seeds 1..100 every experiment runs with each of these seeds: how often does a claim fail\n\
        by chance? The first seed writes all files; of the others only DIR/seeds/ID/SEED.json is kept, and\n\
        what is there already and was computed by the same program from the same settings and data is not\n\
        computed again. DIR/seeds.csv says of each claim how often it failed or was open (not resolved\n\
        or not measured), of how many runs, and its smallest margin.")]
    Figures {
        /// The experiments, as `dltheory list` names them [default: all]
        #[arg(value_name = "ID")]
        ids: Vec<String>,
        #[command(flatten)]
        options: Options,
        /// Run with each of these seeds, such as 1..100, both ends included; instead of --seed
        #[arg(long, value_name = "A..B", value_parser = seeds, conflicts_with = "seed")]
        seeds: Option<RangeInclusive<u64>>,
    },
    /// Test the errors of the slides: each statement as printed beside its correction
    #[command(after_help = "Exits 1 if a printed statement holds or a correction fails.")]
    Errata {
        /// Seed of all random numbers
        #[arg(long, value_name = "N", default_value_t = 1)]
        seed: u64,
    },
    /// Compare two runs of one experiment, claim by claim
    #[command(after_help = "Examples:\n  \
        dltheory compare here/double_descent/double_descent.json there/double_descent/double_descent.json\n\n\
        Two runs agree where their claims come to the same verdict and, for an equality, measure\n\
        numbers no farther apart than the claim's own tolerance. First it says what is not the same\n\
        (version, commit, data, engine, kernel, threads, processor, seed, settings): why numbers may\n\
        differ. Exits 1 if a claim differs.")]
    Compare {
        /// The JSON file of one run
        #[arg(value_name = "A.json")]
        first: PathBuf,
        /// The JSON file of the other
        #[arg(value_name = "B.json")]
        second: PathBuf,
    },
    /// Grade submissions: notebooks, folders or zips of them, or a folder with one for each student
    #[command(after_help = "Examples:\n  \
        dltheory grade submissions --out grades\n  \
        dltheory grade ada.zip --out grades --show hidden\n  \
        dltheory grade submissions --out grades --show after_due_date   (after the deadline)\n  \
        dltheory grade submissions.zip --out week3 --chapter 09 --roster moodle.csv\n  \
        dltheory grade submissions --out again --against grades --never-lower\n\n\
        PATH may be what Canvas, Moodle or ILIAS lets you download, zipped or not: of several\n\
        attempts the latest counts. What is left out is named, here and in grades.csv.\n\n\
        Writes DIR/NAME/feedback.html, DIR/NAME/grade.json and DIR/NAME/results.json (Gradescope)\n\
        for each, DIR/grades.csv and DIR/grades.xml (JUnit) for all, DIR/roster.csv with --roster,\n\
        DIR/moved.csv with --against. Run again after an interruption, it grades only what is missing\n\
        or has changed. Points, visibility and the number of inputs of every check stand in\n\
        src/exercise/grading.csv, or in the FILE of --grading.")]
    Grade {
        /// What to grade
        #[arg(required = true, value_name = "PATH")]
        paths: Vec<PathBuf>,
        /// Folder for the results; made if missing
        #[arg(long, value_name = "DIR", default_value = "grades")]
        out: PathBuf,
        /// Each PATH is one submission, whatever folders are in it
        #[arg(long)]
        one: bool,
        /// How many submissions at once [default: one per core]
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
        jobs: Option<u16>,
        /// Which checks the feedback shows: up to this visibility, in the order of this list
        #[arg(long, value_name = "WHICH", default_value = "visible",
            value_parser = ["visible", "after_due_date", "after_published", "hidden"])]
        show: String,
        /// Seed of the inputs [default: made from grading.csv and the hidden checks]
        #[arg(long, value_name = "N")]
        seed: Option<u64>,
        /// Processor time of a solution's process, s
        #[arg(long, value_name = "S", default_value_t = 10,
            value_parser = clap::value_parser!(u64).range(1..=3600))]
        cpu_seconds: u64,
        /// What was set: a chapter (13) or an exercise (min_norm); may be repeated [default: what a
        /// line `# set: 09, 13` of grading.csv names, or all]
        #[arg(long, value_name = "NN")]
        chapter: Vec<String>,
        /// Table of points, visibility and inputs [default: src/exercise/grading.csv]
        #[arg(long, value_name = "FILE")]
        grading: Option<PathBuf>,
        /// Who is in the class: a table (CSV) of Canvas, Moodle, ILIAS or yours, with columns such as
        /// id, login, email, name; written to DIR/roster.csv with the points, 0 without a submission
        #[arg(long, value_name = "FILE")]
        roster: Option<PathBuf>,
        /// Column of the roster for the points, added if missing [default: Grade, or a new one]
        #[arg(long, value_name = "NAME", requires = "roster")]
        column: Option<String>,
        /// Tell whose points moved since OLD, a DIR of an earlier time, and by which check
        #[arg(long, value_name = "OLD")]
        against: Option<PathBuf>,
        /// Keep the grade of OLD where it is higher, and say so
        #[arg(long, requires = "against")]
        never_lower: bool,
        /// Write DIR/similar.html: pairs of answers that are alike, side by side
        #[arg(long)]
        similar: bool,
        /// Show no progress on stderr
        #[arg(long)]
        no_progress: bool,
    },
    /// Pack notebooks into one zip to hand in, with a receipt: what, when, and its hash
    #[command(after_help = "Examples:\n  \
        dltheory hand-in            (all of notebooks/)\n  \
        dltheory hand-in 7 13 --out ada.zip\n\n\
        Warns about a notebook that was checked after it was last saved. The hash is that of the\n\
        notebooks, which grade.json repeats as submission_hash.")]
    HandIn {
        /// Chapters, such as 7 or 07 [default: all]
        #[arg(value_name = "NN")]
        chapters: Vec<String>,
        /// Folder of the notebooks
        #[arg(long, value_name = "DIR", default_value = "notebooks")]
        notebooks: PathBuf,
        /// The zip; one that is there is replaced
        #[arg(long, value_name = "FILE", default_value = "hand-in.zip")]
        out: PathBuf,
    },
    /// Write the students' version of this repository: no solutions, no hidden checks
    Release {
        /// A new or empty folder
        #[arg(value_name = "DIR")]
        dir: PathBuf,
    },
    /// Write an autograder for Gradescope: a zip to upload there
    Autograder {
        /// The zip
        #[arg(value_name = "FILE", default_value = "autograder.zip")]
        file: PathBuf,
    },
    /// Prove that every exercise is fair: stubs score 0, references all, wrong answers lose points
    Verify {
        /// Instead, change every solution (or those named) at one place in every small way, and
        /// grade that: what still has full points is a gap in the checks
        #[arg(long, value_name = "NAME", num_args = 0..)]
        mutants: Option<Vec<String>>,
    },
}

#[derive(Debug, Clone, Args)]
pub(super) struct Options {
    /// Seed of all random numbers, a whole number from 0 to 18446744073709551615
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = seed, allow_negative_numbers = true)]
    pub(super) seed: u64,
    /// Start from the quick settings: a few seconds, coarser curves
    #[arg(long)]
    pub(super) quick: bool,
    /// Folder for the files; made if missing
    #[arg(long, value_name = "DIR", default_value = "out")]
    pub(super) out: PathBuf,
    /// Folder with full data sets [default: what DLTHEORY_DATA names, or the built-in sample]
    #[arg(long, value_name = "DIR")]
    pub(super) data: Option<PathBuf>,
    /// Exit 1 if a claim does not hold
    #[arg(long)]
    pub(super) check: bool,
    /// Number of threads [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) threads: Option<u16>,
    /// Show no progress on stderr
    #[arg(long)]
    pub(super) no_progress: bool,
}

fn seed(text: &str) -> Result<u64, String> {
    let range = format!("expected a whole number from 0 to {}", u64::MAX);
    text.parse().map_err(|_| range)
}

/// `a..b`, both included.
fn seeds(text: &str) -> Result<RangeInclusive<u64>, String> {
    let expected = || "expected two whole numbers, the first no larger, such as 1..100".to_owned();
    let (first, last) = text.split_once("..").ok_or_else(expected)?;
    let (first, last) = (seed(first)?, seed(last)?);
    match first <= last {
        true => Ok(first..=last),
        false => Err(expected()),
    }
}

/// `name=value`, split at the first `=`.
fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("expected NAME=VALUE, such as n=300".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_definition_is_sound() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn seeds_are_two_numbers_in_order() {
        assert_eq!(seeds("1..100"), Ok(1..=100));
        assert_eq!(seeds("7..7"), Ok(7..=7));
        for bad in ["7", "2..1", "..3", "1..", "1..=3", "a..b", "-1..2"] {
            assert!(seeds(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn assignments_split_at_the_first_equals_sign() {
        let pair = |a: &str, b: &str| Ok((a.to_owned(), b.to_owned()));
        assert_eq!(assignment("n=300"), pair("n", "300"));
        assert_eq!(assignment(" n = a=b "), pair("n", "a=b"));
        assert!(assignment("n").is_err() && assignment("=3").is_err());
    }
}

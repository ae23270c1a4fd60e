//! `list` and `show`: what there is to run.

use std::fmt::Write;

use crate::Result;
use crate::data::Source;
use crate::display::{aligned, wrapped};
use crate::experiment::{Experiment, find_in};

/// Characters in a line of prose.
const WIDTH: usize = 96;

/// One line per experiment: its name and its title.
pub(super) fn list(experiments: &[Experiment]) -> String {
    let row = |experiment: &Experiment| {
        let about = experiment.about;
        vec![about.id.to_owned(), about.title.to_owned()]
    };
    let rows: Vec<Vec<String>> = experiments.iter().map(row).collect();
    aligned(&rows, &[])
}

/// All that is known of one experiment, and what `data` allow of its sizes.
pub(super) fn show(experiments: &[Experiment], id: &str, data: &Source) -> Result<String> {
    let experiment = find_in(experiments, id)?;
    let about = experiment.about;
    let mut text = format!("{}: {}\n\n", about.id, about.title);
    text.push_str(&wrapped(about.what, WIDTH, ""));
    let _ = write!(text, "\nSlide: {}\n", about.slide);
    if experiment.reads_images {
        text.push_str(
            "Images: 10,000 built-in digits of MNIST, or those in the folder that --data names\n",
        );
    }

    let head = ["setting", "default", "quick", "allowed", "meaning"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for spec in (experiment.specs)() {
        let quick = match spec.quick == spec.default {
            true => String::new(),
            false => spec.quick.to_string(),
        };
        let (name, default) = (spec.name.to_owned(), spec.default.to_string());
        let (allowed, help) = (spec.expected(), spec.help.to_owned());
        rows.push(vec![name, default, quick, allowed, help]);
    }
    let _ = write!(text, "\nSettings (--set NAME=VALUE):\n{}", indented(&rows));
    if let Some(room) = (experiment.room)(data)? {
        let _ = writeln!(text, "  The data allow: {room}.");
    }

    let head = ["column", "unit", "meaning"];
    let seed = ["seed", "", "seed of the run"];
    let mut rows = [head, seed]
        .map(|row| row.map(str::to_owned).to_vec())
        .to_vec();
    for column in about.columns {
        let cells = [column.name, column.unit, column.help];
        rows.push(cells.map(str::to_owned).to_vec());
    }
    let _ = write!(
        text,
        "\nColumns of {id}.csv, one observation a row:\n{}",
        indented(&rows)
    );
    let _ = write!(text, "\nTry: dltheory run {id} --quick\n");
    Ok(text)
}

fn indented(rows: &[Vec<String>]) -> String {
    let lines = aligned(rows, &[]);
    lines.lines().map(|line| format!("  {line}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Coin;

    #[test]
    fn show_tells_everything() {
        let text = show(&[Experiment::of::<Coin>()], "coin", &Source::Sample).expect("registered");
        for part in [
            "coin: A biased coin\n",
            "Slide: none",
            "setting  default  quick  allowed ",
            "throws   1000     100    a whole number from 1 to 10000 ",
            "rounds   1,2,3           1 to 5 increasing whole numbers at least 0, separated by commas ",
            "  one of gold | silver | brass ",
            "  Probability of heads, in each throw.\n",
            "seed          seed of the run\n",
            "share         share of heads\n",
        ] {
            assert!(text.contains(part), "{part:?} is missing in:\n{text}");
        }
    }

    #[test]
    fn list_is_one_aligned_line_each() {
        assert_eq!(list(&[Experiment::of::<Coin>()]), "coin  A biased coin\n");
        assert_eq!(list(&[]), "");
    }
}

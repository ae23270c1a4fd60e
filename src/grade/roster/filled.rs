//! The roster with the points in it, and what is to be known before it goes to its platform.

use csv::StringRecord;

use super::{Joined, POINTS, Roster};
use crate::exercise::person::words;
use crate::grade::class::Graded;
use crate::{Error, Result};

/// Moodle's column of what a grade is out of.
const BEST: &[&str] = &["maximumgrade", "bestwertung"];

impl Roster {
    /// What is to be known before the points go to the platform: that the column is a new one, that
    /// there they are out of something else.
    pub(in crate::grade) fn warnings(&self, out_of: f64) -> Vec<String> {
        let mut warnings = Vec::new();
        if let Err(name) = &self.points
            && name != POINTS
        {
            let titles: Vec<&str> = self.header.iter().collect();
            warnings.push(format!(
                "roster.csv has a new column {name:?} for the points; the roster had {titles:?}"
            ));
        }
        let best = (0..self.header.len()).find(|&i| BEST.contains(&self.title(i).as_str()));
        let theirs = (0..self.rows.len()).filter_map(|row| match self.says_points(row) {
            true => self.cell(row, self.points.as_ref().ok().copied()).into(),
            false => best.map(|best| self.cell(row, Some(best))),
        });
        let numbers = theirs.filter_map(|text| text.replace(',', ".").parse::<f64>().ok());
        let mut others = numbers.filter(|number| (number - out_of).abs() > 1e-9);
        if let Some(other) = others.next() {
            warnings.push(format!(
                "the roster's platform has grades out of {other}, and these points are out of {out_of}: make it {out_of} there before you upload roster.csv"
            ));
        }
        warnings
    }

    /// A column's title in small letters without marks and spaces.
    fn title(&self, column: usize) -> String {
        words(&self.header[column]).concat()
    }

    /// The table as it came, with the points: ready for the platform it came from.
    ///
    /// # Errors
    /// It cannot be written.
    pub(in crate::grade) fn filled(
        &self,
        all: &[Graded],
        joined: &Joined,
        out_of: f64,
    ) -> Result<String> {
        let failed = |error: String| Error::Grading(format!("CSV: {error}"));
        let mut writer = csv::WriterBuilder::new()
            .delimiter(self.delimiter)
            .flexible(true)
            .from_writer(Vec::new());
        let mut header = self.header.clone();
        let column = *self.points.as_ref().unwrap_or(&header.len());
        if let Err(name) = &self.points {
            header.push_field(name);
        }
        let mut records = vec![header];
        for (row, cells) in self.rows.iter().enumerate() {
            let handed_in = || {
                let pairs = all.iter().zip(&joined.of_submission);
                pairs
                    .filter(|(_, at)| **at == Some(row))
                    .map(|(one, _)| one)
            };
            let points = match handed_in().next() {
                Some(one) if handed_in().count() == 1 => one.grade.as_ref().ok().map(|g| g.points),
                // Nobody's zero: two submissions.
                Some(_) => None,
                // What an old column is out of is the platform's to say.
                None if self.says_points(row) => self.points.is_err().then_some(out_of),
                None => joined.absent.contains(&row).then_some(0.0),
            };
            let mut cells: Vec<String> = cells.iter().map(str::to_owned).collect();
            cells.resize(cells.len().max(column + 1), String::new());
            if let Some(points) = points {
                let text = points.to_string();
                // A table with semicolons is of a country that writes 0,5.
                cells[column] = if self.delimiter == b';' {
                    text.replace('.', ",")
                } else {
                    text
                };
            }
            records.push(StringRecord::from(cells));
        }
        for record in &records {
            let written = writer.write_record(record);
            written.map_err(|error| failed(error.to_string()))?;
        }
        let bytes = writer.into_inner().map_err(|e| failed(e.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|e| failed(e.to_string()))?;
        let mark = if self.marked { "\u{feff}" } else { "" };
        Ok(format!("{mark}{text}"))
    }
}

//! A tidy table: one observation a row, named columns.

use super::Row;
use crate::display::{Html, exact, format_number, html_table};
use crate::{Error, Result};

/// A column of a [`Table`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name in the CSV.
    pub name: &'static str,
    /// Its unit, or empty.
    pub unit: &'static str,
    /// What it holds.
    pub help: &'static str,
}

impl Column {
    /// A column.
    #[must_use]
    pub const fn new(name: &'static str, unit: &'static str, help: &'static str) -> Self {
        Self { name, unit, help }
    }
}

/// One value of a [`Table`].
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A number. NaN and infinities are written `nan`, `inf`, `-inf`.
    Number(f64),
    /// A word.
    Text(String),
    /// Nothing: the quantity does not exist for this row.
    Empty,
}

impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => f.write_str(&exact(*number)),
            Self::Text(text) => f.write_str(text),
            Self::Empty => Ok(()),
        }
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Cell {
    /// Exact up to 2⁵³.
    fn from(number: usize) -> Self {
        Self::Number(number as f64)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// One observation a row, each row with one cell per column.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    columns: &'static [Column],
    rows: Vec<Vec<Cell>>,
}

/// Rows a notebook shows before it says how many more there are.
const SHOWN: usize = 20;

impl Table {
    /// The table of `rows`, in their order.
    #[must_use]
    pub fn of<R: Row>(rows: impl IntoIterator<Item = R>) -> Self {
        Self {
            columns: R::COLUMNS,
            rows: rows.into_iter().map(|row| row.cells()).collect(),
        }
    }

    /// The columns.
    #[must_use]
    pub fn columns(&self) -> &'static [Column] {
        self.columns
    }

    /// The rows.
    #[must_use]
    pub fn rows(&self) -> &[Vec<Cell>] {
        &self.rows
    }

    /// The rows whose cell in column `name` is `value`: `table.only("solver", "sgd")?`.
    ///
    /// # Errors
    /// [`Error::Unknown`] lists the columns.
    pub fn only(&self, name: &str, value: impl Into<Cell>) -> Result<Self> {
        let (column, value) = (self.position(name)?, value.into());
        let keep = |row: &&Vec<Cell>| row[column] == value;
        Ok(Self {
            columns: self.columns,
            rows: self.rows.iter().filter(keep).cloned().collect(),
        })
    }

    /// The numbers of column `name`, one a row; NaN where the cell is empty.
    ///
    /// # Errors
    /// [`Error::Unknown`] lists the columns; [`Error::Domain`] if a cell holds text.
    pub fn numbers(&self, name: &str) -> Result<Vec<f64>> {
        let column = self.position(name)?;
        let number = |row: &Vec<Cell>| match &row[column] {
            Cell::Number(number) => Ok(*number),
            Cell::Empty => Ok(f64::NAN),
            Cell::Text(text) => {
                let what = format!("column `{name}`");
                Err(Error::domain(&what, "numbers", format!("`{text}`")))
            }
        };
        self.rows.iter().map(number).collect()
    }

    fn position(&self, name: &str) -> Result<usize> {
        let names = self.columns.iter().map(|column| column.name);
        let found = names.clone().position(|column| column == name);
        found.ok_or_else(|| Error::unknown("column", name, names))
    }

    /// The table as CSV with a header line: numbers in full, `nan`, `inf`, `-inf`, empty cells empty.
    #[must_use]
    pub fn to_csv(&self) -> Vec<u8> {
        self.csv(None)
    }

    /// The same with a column before all others that holds one word.
    pub(super) fn to_csv_with(&self, name: &str, word: &str) -> Vec<u8> {
        self.csv(Some((name, word)))
    }

    fn csv(&self, first: Option<(&str, &str)>) -> Vec<u8> {
        let mut csv = csv::Writer::from_writer(Vec::new());
        let all_in_memory = "memory takes every row, and rows have one length";
        let own = |word: &str| word.to_owned();
        let head = self.columns.iter().map(|column| own(column.name));
        csv.write_record(first.map(|(name, _)| own(name)).into_iter().chain(head))
            .expect(all_in_memory);
        for row in &self.rows {
            let row = row.iter().map(Cell::to_string);
            csv.write_record(first.map(|(_, word)| own(word)).into_iter().chain(row))
                .expect(all_in_memory);
        }
        csv.into_inner().expect(all_in_memory)
    }

    /// The rows as an HTML table, numbers to four digits; all but the first are folded.
    #[must_use]
    pub fn html(&self) -> Html {
        let title = |column: &Column| match column.unit {
            "" => column.name.to_owned(),
            unit => format!("{} [{unit}]", column.name),
        };
        let head: Vec<String> = self.columns.iter().map(title).collect();
        let head: Vec<&str> = head.iter().map(String::as_str).collect();
        let show = |cell: &Cell| match cell {
            Cell::Number(number) => format_number(*number),
            cell => cell.to_string(),
        };
        let part = |rows: &[Vec<Cell>]| {
            let rows = rows.iter().map(|row| row.iter().map(show).collect());
            Html::new(html_table(&head, &rows.collect::<Vec<Vec<String>>>()))
        };
        let (first, rest) = self.rows.split_at(SHOWN.min(self.rows.len()));
        let mut html = part(first);
        if !rest.is_empty() {
            html.push(&Html::folded(
                &format!("{} more rows", rest.len()),
                &part(rest),
            ));
        }
        html
    }

    /// Shows the first rows in a notebook.
    pub fn evcxr_display(&self) {
        self.html().evcxr_display();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::row;
    use proptest::prelude::*;

    row! {
        struct Timed {
            /// which solver
            solver: String;
            /// how long
            time: Option<f64>, unit "s";
        }
    }

    fn timed(solver: &str, time: impl Into<Option<f64>>) -> Timed {
        Timed {
            solver: solver.to_owned(),
            time: time.into(),
        }
    }

    fn example() -> Table {
        Table::of([
            timed("a, \"b\"", 0.1),
            timed("c", f64::NAN),
            timed("c", None),
            timed("c", 600.0),
            timed("c", 1e-21),
        ])
    }

    #[test]
    fn csv_is_tidy_and_quoted() {
        let csv = String::from_utf8(example().to_csv()).expect("UTF-8");
        assert_eq!(
            csv,
            "solver,time\n\"a, \"\"b\"\"\",0.1\nc,nan\nc,\nc,600\nc,1e-21\n"
        );
    }

    #[test]
    fn columns_are_found_by_name() {
        let table = example();
        let c = table.only("solver", "c").expect("a column");
        let times = c.numbers("time").expect("numbers");
        assert_eq!((times.len(), times[2]), (4, 600.0));
        assert!(times[0].is_nan() && times[1].is_nan());
        let error = table.numbers("tmie").expect_err("no such column");
        assert_eq!(
            error.to_string(),
            "unknown column `tmie`; valid: time, solver"
        );
        let error = table.numbers("solver").expect_err("words");
        assert!(error.to_string().contains("column `solver`"), "{error}");
    }

    #[test]
    fn a_notebook_sees_the_first_rows() {
        let table = Table::of((0..25).map(|i| timed("<x>", f64::from(i))));
        let html = table.html();
        let html = html.as_str();
        let (above, below) = html.split_once("<summary>5 more rows").expect("a fold");
        assert!(html.contains("time [s]") && html.contains("&lt;x&gt;"));
        assert!(above.contains(">19<") && !above.contains(">20<") && below.contains(">24<"));
    }

    proptest! {
        #[test]
        fn numbers_and_words_survive_csv(rows in prop::collection::vec((".*", any::<f64>()), 1..20)) {
            let csv = Table::of(rows.iter().map(|(word, number)| timed(word, *number))).to_csv();
            let mut reader = csv::Reader::from_reader(csv.as_slice());
            let back: Vec<csv::StringRecord> =
                reader.records().collect::<std::result::Result<_, _>>().expect("valid CSV");
            prop_assert_eq!(back.len(), rows.len());
            for ((word, number), record) in rows.iter().zip(&back) {
                prop_assert_eq!(word.as_str(), &record[0]);
                let got: f64 = record[1].parse().expect("a number");
                prop_assert!(got.to_bits() == number.to_bits() || (got.is_nan() && number.is_nan()));
            }
        }
    }
}

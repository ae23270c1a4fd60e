//! `row!`: a row of an experiment's table, declared once.

use super::{Cell, Column};
use crate::stats::Estimate;

/// Declares a row of an experiment's table: a struct whose fields are its columns.
///
/// One line a field, the twin of [`settings!`](super::settings): the help text of the column, its name, its type, then, in
/// this order and each only if needed, `unit "UNIT"`, and `and NAME "HELP"` for each further column that the field fills, in
/// the same unit. What a row also holds and no table shows stands in a second pair of braces.
///
/// ```ignore
/// row! {
///     /// One width.
///     pub(super) struct Point {
///         /// feature columns m
///         columns: usize;
///         /// mean squared test error, mean over draws
///         test_mse: Estimate, unit "label²", and test_mse_se "its standard error over draws";
///         /// exact; empty where only the exponent is known
///         predicted: Option<f64>;
///     } beside {
///         /// Test error of each draw.
///         mses: Vec<f64>;
///     }
/// }
/// ```
///
/// Fields are as visible as the struct, and none is filled by position: `Findings::of(&points)` makes the table. The types are
/// `f64`, `usize`, `&'static str`, `String`, [`Estimate`] (two columns: mean, standard error), an array of one of them (a column
/// each), and an `Option` of any (empty cells). A field with more columns than names, or fewer, does not compile.
macro_rules! row {
    (@unit) => { "" };
    (@unit $unit:literal) => { $unit };
    (@columns $unit:expr, $($name:ident $help:expr),+) => {
        &[$($crate::experiment::Column::new(stringify!($name), $unit, $help)),+]
    };
    (
        $(#[$about:meta])*
        $vis:vis struct $name:ident {
            $(
                $(#[doc = $help:literal])+
                $field:ident: $kind:ty
                    $(, unit $unit:literal)? $(, and $other:ident $other_help:literal)*;
            )+
        } $(beside {
            $(
                $(#[doc = $note:literal])+
                $extra:ident: $extra_kind:ty;
            )+
        })?
    ) => {
        $(#[$about])*
        $vis struct $name {
            $(
                $(#[doc = $help])+
                $vis $field: $kind,
            )+
            $($(
                $(#[doc = $note])+
                $vis $extra: $extra_kind,
            )+)?
        }

        // Inherent, so that `About` needs no trait in scope.
        impl $name {
            /// The columns of its table.
            $vis const COLUMNS: &'static [$crate::experiment::Column] =
                &$crate::experiment::joined::<{
                    0 $(+ <$kind as $crate::experiment::Field>::COLUMNS)+
                }>(&[$(
                    (
                        <$kind as $crate::experiment::Field>::COLUMNS,
                        $crate::experiment::row!(
                            @columns $crate::experiment::row!(@unit $($unit)?),
                            $field concat!($($help),+).trim_ascii()
                            $(, $other $other_help)*
                        ),
                    ),
                )+]);
        }

        impl $crate::experiment::Row for $name {
            const COLUMNS: &'static [$crate::experiment::Column] = Self::COLUMNS;

            fn cells(&self) -> Vec<$crate::experiment::Cell> {
                let mut cells = Vec::with_capacity(Self::COLUMNS.len());
                $($crate::experiment::Field::put(&self.$field, &mut cells);)+
                cells
            }
        }
    };
}
pub(crate) use row;

/// A row of a [`Table`](super::Table), as `row!` declares it.
pub trait Row {
    /// Its columns.
    const COLUMNS: &'static [Column];

    /// One cell a column.
    fn cells(&self) -> Vec<Cell>;
}

impl<R: Row> Row for &R {
    const COLUMNS: &'static [Column] = R::COLUMNS;

    fn cells(&self) -> Vec<Cell> {
        (**self).cells()
    }
}

/// What a field of a [`Row`] can be.
pub trait Field {
    /// How many columns it fills.
    const COLUMNS: usize;

    /// Adds its cells, one a column.
    fn put(&self, cells: &mut Vec<Cell>);
}

macro_rules! one_cell {
    ($($kind:ty),+) => {
        $(impl Field for $kind {
            const COLUMNS: usize = 1;

            fn put(&self, cells: &mut Vec<Cell>) {
                cells.push(self.clone().into());
            }
        })+
    };
}
one_cell!(f64, usize, &'static str, String);

impl Field for Estimate {
    const COLUMNS: usize = 2;

    fn put(&self, cells: &mut Vec<Cell>) {
        [self.mean, self.se].put(cells);
    }
}

impl<T: Field, const N: usize> Field for [T; N] {
    const COLUMNS: usize = N * T::COLUMNS;

    fn put(&self, cells: &mut Vec<Cell>) {
        self.iter().for_each(|part| part.put(cells));
    }
}

impl<T: Field> Field for Option<T> {
    const COLUMNS: usize = T::COLUMNS;

    fn put(&self, cells: &mut Vec<Cell>) {
        match self {
            Some(value) => value.put(cells),
            None => cells.extend(std::iter::repeat_n(Cell::Empty, T::COLUMNS)),
        }
    }
}

/// The columns of all fields in a row, each field given as the number of columns it fills and their names.
pub(crate) const fn joined<const N: usize>(fields: &[(usize, &[Column])]) -> [Column; N] {
    let mut all = [Column::new("", "", ""); N];
    let (mut place, mut field) = (0, 0);
    while field < fields.len() {
        let (filled, columns) = fields[field];
        assert!(
            filled == columns.len(),
            "one name for each column of a field"
        );
        let mut column = 0;
        while column < filled {
            all[place] = columns[column];
            (place, column) = (place + 1, column + 1);
        }
        field += 1;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::Table;
    use super::*;

    row! {
        /// A row of everything.
        #[derive(Default)]
        struct Everything {
            /// which solver,
            /// in a word
            solver: &'static str;
            /// how long
            time: f64, unit "s";
            /// mean error
            error: Option<Estimate>, unit "label²", and error_se "its standard error";
            /// 10 % quantile
            low: [f64; 2], and high "90 % quantile";
            /// a note
            note: String;
            /// draws
            draws: Option<usize>;
        } beside {
            /// No column.
            each: Vec<f64>;
        }
    }

    #[test]
    fn columns_are_as_if_written_by_hand() {
        const BY_HAND: &[Column] = &[
            Column::new("solver", "", "which solver, in a word"),
            Column::new("time", "s", "how long"),
            Column::new("error", "label²", "mean error"),
            Column::new("error_se", "label²", "its standard error"),
            Column::new("low", "", "10 % quantile"),
            Column::new("high", "", "90 % quantile"),
            Column::new("note", "", "a note"),
            Column::new("draws", "", "draws"),
        ];
        assert_eq!(Everything::COLUMNS, BY_HAND);
        assert_eq!(<&Everything as Row>::COLUMNS, BY_HAND);
    }

    /// By name: in whatever order the fields are written, each number is in its column.
    #[test]
    fn every_value_stands_in_the_column_of_its_name() {
        let error = Estimate {
            mean: 2.0,
            se: 0.5,
            draws: 9,
        };
        let full = Everything {
            draws: Some(9),
            each: vec![7.0],
            note: "n".to_owned(),
            low: [3.0, 4.0],
            error: Some(error),
            time: 1.0,
            solver: "ridge",
        };
        assert_eq!(full.each, [7.0]);
        let table = Table::of([full, Everything::default()]);
        let csv = String::from_utf8(table.to_csv()).expect("UTF-8");
        assert_eq!(
            csv,
            "solver,time,error,error_se,low,high,note,draws\n\
             ridge,1,2,0.5,3,4,n,9\n\
             ,0,,,0,0,,\n"
        );
        assert_eq!(table.numbers("high").expect("a column"), [4.0, 0.0]);
    }
}

//! Figures of the chapters, drawn with functions of the reader's.

mod chapter_13;

pub use chapter_13::second_descent;

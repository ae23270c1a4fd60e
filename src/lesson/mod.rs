//! What a chapter's cells show besides experiments: a guess made beforehand, an error of the slides beside its correction,
//! the reader's own function at work.

#![deny(clippy::disallowed_methods)]

mod correction;
mod errata;
mod good_bad_ugly;
mod guess;
mod ranks;
pub mod redraw;
mod yours;

pub use correction::Correction;
pub use errata::{ERRATA, Erratum, erratum};
pub use good_bad_ugly::{GoodBadUgly, WORDS, Word, good_bad_ugly};
pub use guess::{Guess, compare};
pub use ranks::{beside_the_slide, sign_errors};
pub use yours::{Yours, with_yours};

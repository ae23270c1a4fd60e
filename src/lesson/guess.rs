//! A guess made before the run, beside what the run found.

use crate::display::{Html, format_number, html_table};

/// What a reader expected and what was measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Guess {
    /// The quantity.
    pub what: String,
    /// What the reader wrote down before the run.
    pub guessed: f64,
    /// What the run found.
    pub measured: f64,
}

/// A reader's guess of the quantity `what`, beside its `measured` value.
///
/// ```
/// use dltheory::lesson::compare;
/// let guess = compare("m/n at the peak", 0.5, 1.0);
/// assert_eq!(guess.verdict(), "measured is 2 times the guess");
/// ```
#[must_use]
pub fn compare(what: &str, guessed: f64, measured: f64) -> Guess {
    Guess {
        what: what.to_owned(),
        guessed,
        measured,
    }
}

impl Guess {
    /// How far the guess is off, in words: by a factor where both numbers have one sign, else by a difference.
    #[must_use]
    pub fn verdict(&self) -> String {
        let (guessed, measured) = (self.guessed, self.measured);
        let ratio = measured / guessed;
        match (guessed - measured).abs() {
            off if off <= 0.05 * measured.abs() => "within 5 %".to_owned(),
            _ if !guessed.is_finite() => "write down a number first".to_owned(),
            _ if !measured.is_finite() => "nothing to compare with".to_owned(),
            _ if ratio > 0.0 && ratio.is_finite() => {
                format!("measured is {} times the guess", format_number(ratio))
            }
            off => format!("off by {}", format_number(off)),
        }
    }

    /// The guess as an HTML table.
    #[must_use]
    pub fn html(&self) -> Html {
        let row = vec![
            self.what.clone(),
            format_number(self.guessed),
            format_number(self.measured),
            self.verdict(),
        ];
        Html::new(html_table(&["", "your guess", "measured", ""], &[row]))
    }

    /// Shows the guess in a notebook.
    pub fn evcxr_display(&self) {
        self.html().evcxr_display();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guess_is_judged() {
        let verdict = |guessed, measured| compare("", guessed, measured).verdict();
        assert_eq!(verdict(1.02, 1.0), "within 5 %");
        assert_eq!(verdict(0.0, 0.0), "within 5 %");
        assert_eq!(verdict(2.0, 1.0), "measured is 0.5 times the guess");
        assert_eq!(verdict(-2.0, 1.0), "off by 3");
        assert_eq!(verdict(0.0, 1.0), "off by 1");
        assert_eq!(verdict(f64::NAN, 1.0), "write down a number first");
        assert_eq!(verdict(1.0, f64::NAN), "nothing to compare with");
        assert!(
            compare("a < b", 1.0, 2.0)
                .html()
                .as_str()
                .contains("a &lt; b")
        );
    }
}

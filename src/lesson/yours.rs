//! The reader's own function put to work in a chapter's figure.

use crate::display::Html;
use crate::error::Result;
use crate::exercise::check::{quietly, unfinished};
use crate::plot::Figure;
use dltheory_workbench::panic_message;

/// A figure that a reader's function drew, or why there is none.
#[derive(Clone, Debug, PartialEq)]
pub enum Yours {
    /// Drawn with it.
    Drawn(Box<Figure>),
    /// The function is still to be written, or does not work: a sentence.
    Waits(String),
}

/// Draws a figure with a function of the reader's. A stub, a panic and an error become a sentence: the rest of the
/// notebook runs.
///
/// ```
/// use dltheory::lesson::{Yours, with_yours};
/// let shown = with_yours("min_norm", || todo!());
/// assert!(matches!(shown, Yours::Waits(sentence) if sentence.contains("Write `min_norm`")));
/// ```
pub fn with_yours(name: &str, draw: impl FnOnce() -> Result<Figure>) -> Yours {
    let broken = |why: &str| {
        Yours::Waits(format!(
            "No figure could be drawn with your `{name}`: {why}"
        ))
    };
    match quietly(draw) {
        Ok(Ok(figure)) => Yours::Drawn(Box::new(figure)),
        Ok(Err(error)) => broken(&error.to_string()),
        Err(panic) => match panic_message(panic.as_ref()) {
            message if unfinished(message) => Yours::Waits(format!(
                "Write `{name}` above, run its cell and its check, and then this cell: it draws the figure with your \
                 function."
            )),
            message => broken(message),
        },
    }
}

impl Yours {
    /// The figure, or the sentence.
    #[must_use]
    pub fn html(&self) -> Html {
        match self {
            Self::Drawn(figure) => figure.html(),
            Self::Waits(sentence) => Html::message(sentence),
        }
    }

    /// Shows it in a notebook.
    pub fn evcxr_display(&self) {
        self.html().evcxr_display();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn what_goes_wrong_is_said() {
        let said = |draw: fn() -> Result<Figure>| match with_yours("f", draw) {
            Yours::Waits(sentence) => sentence,
            Yours::Drawn(_) => "drawn".to_owned(),
        };
        assert_eq!(said(|| Ok(Figure::new("a"))), "drawn");
        assert!(said(|| panic!("not yet implemented: later")).starts_with("Write `f`"));
        assert!(said(|| panic!("index 3")).ends_with("your `f`: index 3"));
        assert!(said(|| Err(Error::shape("x", "(2,)", &[3]))).contains("your `f`: "));
    }
}

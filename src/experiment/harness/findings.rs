//! What an experiment computes, and how it is put together.

use super::{Claim, Claims, Measured, Quantity, Row, Table};
use crate::plot::{Figure, Motion};

/// What an experiment computes.
#[derive(Debug, Clone)]
pub struct Findings {
    /// The numbers found, by name.
    pub(super) measured: Measured,
    /// Theory beside measurement.
    pub(super) claims: Claims,
    /// The curves, one observation a row.
    pub(super) table: Table,
    /// The picture.
    pub(super) figure: Figure,
    /// The picture that moves, if there is one.
    pub(super) motion: Option<Motion>,
}

impl Findings {
    /// Begins with the table of `rows`; [`Draft::figure`] ends.
    ///
    /// ```ignore
    /// Findings::of(&points)
    ///     .measure("peak_mse", peak.mse)
    ///     .claim(Claim::equals("the peak stands at m/n = 1", 1.0, peak.ratio, spacing))
    ///     .measured_as("peak_ratio")
    ///     .figure(figure(&points))
    /// ```
    pub fn of<R: Row>(rows: impl IntoIterator<Item = R>) -> Draft {
        Draft {
            table: Table::of(rows),
            measured: Measured::default(),
            claims: Vec::new(),
            motion: None,
        }
    }
}

/// [`Findings`] that still want their figure.
///
/// `bound`, `identity`, `against`, `may_stay_open`, `trend`, `not_measured_if` and `measured_as` are about the claim added last.
#[derive(Debug, Clone)]
#[must_use = "findings are complete with their figure"]
pub struct Draft {
    table: Table,
    measured: Measured,
    claims: Vec<Claim>,
    motion: Option<Motion>,
}

impl Draft {
    /// Adds a number or a list that was found.
    pub fn measure(mut self, name: &'static str, quantity: impl Into<Quantity>) -> Self {
        self.measured.insert(name, quantity);
        self
    }

    /// Adds a number or a list, or, where there is none, the reason.
    pub fn measure_or(
        self,
        name: &'static str,
        quantity: Option<impl Into<Quantity>>,
        reason: &str,
    ) -> Self {
        let missing = || Quantity::NotMeasured(reason.to_owned());
        self.measure(name, quantity.map_or_else(missing, Into::into))
    }

    /// Adds a claim.
    pub fn claim(mut self, claim: Claim) -> Self {
        self.claims.push(claim);
        self
    }

    /// Adds some claims, or one that not every run makes: an `Option`.
    pub fn claims(self, claims: impl IntoIterator<Item = Claim>) -> Self {
        claims.into_iter().fold(self, Self::claim)
    }

    /// [`Claim::bound`].
    pub fn bound(self) -> Self {
        self.last(Claim::bound)
    }

    /// [`Claim::identity`].
    pub fn identity(self) -> Self {
        self.last(Claim::identity)
    }

    /// [`Claim::against`].
    pub fn against(self, rival: f64, meaning: &str) -> Self {
        self.last(|claim| claim.against(rival, meaning))
    }

    /// [`Claim::may_stay_open`].
    pub fn may_stay_open(self, here: bool, reason: &str) -> Self {
        self.last(|claim| claim.may_stay_open(here, reason))
    }

    /// [`Claim::headline`].
    pub fn headline(self) -> Self {
        self.last(Claim::headline)
    }

    /// [`Claim::trend`].
    pub fn trend(self, mnist: bool) -> Self {
        self.last(|claim| claim.trend(mnist))
    }

    /// [`Claim::not_measured_if`].
    pub fn not_measured_if(self, missing: bool, reason: &str) -> Self {
        self.last(|claim| claim.not_measured_if(missing, reason))
    }

    /// Adds the claim's measured number by name; of a claim that is not measured, the reason.
    pub fn measured_as(mut self, name: &'static str) -> Self {
        let claim = self.claims.last().expect("a claim was added");
        let missing = |reason: &str| Quantity::NotMeasured(reason.to_owned());
        let quantity = claim.reason().map_or(claim.measured().into(), missing);
        self.measured.insert(name, quantity);
        self
    }

    fn last(mut self, change: impl FnOnce(Claim) -> Claim) -> Self {
        let claim = self.claims.pop().expect("a claim was added");
        self.claim(change(claim))
    }

    /// Adds a picture that moves: a notebook shows it below the figure, the command line writes it to `ID-motion.svg`.
    pub fn motion(mut self, motion: Motion) -> Self {
        self.motion = Some(motion);
        self
    }

    /// Completes the findings.
    #[must_use]
    pub fn figure(self, figure: Figure) -> Findings {
        Findings {
            measured: self.measured,
            claims: self.claims.into(),
            table: self.table,
            figure,
            motion: self.motion,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_kept_in_its_order() {
        let claim = |text, m| Claim::equals(text, 1.0, m, 0.5);
        let found = Findings::of(Vec::<NoRow>::new())
            .measure("a", 1.0)
            .claim(claim("first", 1.25))
            .against(0.0, "nothing")
            .trend(true)
            .bound()
            .measured_as("b")
            .claims(None)
            .claims([claim("second", 2.0), claim("third", 1.0)])
            .measure_or("c", Some(vec![1.0, 2.0]), "")
            .measure_or("d", None::<f64>, "no peak")
            .claim(claim("fourth", f64::NAN))
            .not_measured_if(true, "no valley")
            .measured_as("e")
            .figure(Figure::new("f"));
        assert_eq!(
            found.measured.to_json().to_string(),
            r#"{"a":1.0,"b":1.25,"c":[1.0,2.0],"d":{"not_measured":"no peak"},"e":{"not_measured":"no valley"}}"#
        );
        let texts: Vec<&str> = found.claims.as_slice().iter().map(Claim::text).collect();
        assert_eq!(texts, ["first", "second", "third", "fourth"]);
        let first = &found.claims.as_slice()[0];
        assert_eq!(*first, claim("first", 1.25).against(0.0, "nothing").bound());
        assert_eq!(
            (found.table.rows().len(), found.figure.title.as_str()),
            (0, "f")
        );
    }

    super::super::row! {
        /// Of an empty table.
        struct NoRow {
            /// nothing
            nothing: f64;
        }
    }
}

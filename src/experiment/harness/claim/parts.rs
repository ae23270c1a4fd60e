//! What a claim is made of besides its numbers.

/// How a measured number m is compared with a predicted number p, given a tolerance t.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// |m − p| ≤ t.
    Equal,
    /// m ≤ p + t.
    AtMost,
    /// m ≥ p − t.
    AtLeast,
    /// m < p + t.
    Less,
    /// m > p − t.
    Greater,
}

impl Relation {
    /// `=`, `≤`, `≥`, `<` or `>`.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::AtMost => "≤",
            Self::AtLeast => "≥",
            Self::Less => "<",
            Self::Greater => ">",
        }
    }

    pub(super) fn holds(self, p: f64, m: f64, t: f64) -> bool {
        match self {
            Self::Equal => (m - p).abs() <= t,
            Self::AtMost => m <= p + t,
            Self::AtLeast => m >= p - t,
            Self::Less => m < p + t,
            Self::Greater => m > p - t,
        }
    }
}

/// What became of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The two numbers agree.
    Holds,
    /// They do not, or one is NaN or infinite although there was something to measure.
    Fails,
    /// Nothing is tested: the tolerance allows the rival too.
    NotResolved,
    /// The same, and the experiment said beforehand that such a run may leave it open, for the reason given.
    Open(String),
    /// This run cannot say, for the reason given: a threshold was never reached, one draw has no standard error.
    NotMeasured(String),
    /// A trend known from MNIST, measured on other data: nothing is claimed there.
    Reported,
}

/// What a claim's prediction is, where it is more than a number to compare with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// Theory predicts a number, a law or a trend.
    Prediction,
    /// Both numbers are equal by plain mathematics: only rounding, or a fault of ours, can part them.
    Identity,
    /// A theorem bounds the measured number: what is of interest is how near it comes.
    Bound,
}

/// A number that a claim is to tell its prediction from: no effect, another regime's exponent, a wrong formula.
#[derive(Debug, Clone, PartialEq)]
pub struct Rival {
    /// The number.
    pub value: f64,
    /// What it would mean.
    pub meaning: String,
}

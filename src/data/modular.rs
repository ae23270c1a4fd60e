//! Sums modulo p: a table of which a part is seen.

use rand::seq::SliceRandom;

use crate::error::{Error, Result, check_finite};

/// One entry of the table: a, b and c = (a + b) mod p.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ModularSum {
    /// The first number, 0 … p − 1.
    pub a: usize,
    /// The second number, 0 … p − 1.
    pub b: usize,
    /// (a + b) mod p.
    pub c: usize,
}

/// The table of all p² sums modulo p, cut in two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModularTable {
    /// p.
    pub modulus: usize,
    /// The sums that are seen, by a and then b.
    pub train: Vec<ModularSum>,
    /// The others, in the same order.
    pub test: Vec<ModularSum>,
}

/// The largest modulus: its table has 2²⁰ entries.
const MAX_MODULUS: usize = 1024;

impl ModularTable {
    /// Draws the sums that are seen: round(`fraction`·p²) of the p², each set of that size as likely. (a, b) and (b, a) are
    /// two entries.
    ///
    /// # Errors
    /// p outside 2 … 1024; a fraction that leaves no sum on one of the two sides.
    ///
    /// # Reference
    /// Power, Burda, Edwards, Babuschkin & Misra 2022, arXiv:2201.02177.
    ///
    /// ```
    /// use dltheory::data::ModularTable;
    /// let table = ModularTable::draw(5, 0.4, &mut dltheory::rng::stream(1, "doc", 0))?;
    /// assert_eq!((table.train.len(), table.test.len()), (10, 15));
    /// assert!(table.train.iter().all(|sum| (sum.a + sum.b) % 5 == sum.c));
    /// # Ok::<(), dltheory::Error>(())
    /// ```
    pub fn draw(modulus: usize, fraction: f64, rng: &mut impl rand::Rng) -> Result<Self> {
        let all = Self::all(modulus)?;
        check_finite("the fraction of the table that is seen", &[fraction])?;
        let seen = (fraction * all.len() as f64).round();
        if !(seen >= 1.0 && seen < all.len() as f64) {
            let expected = format!("one that leaves 1 to {} of the sums", all.len() - 1);
            let what = "the fraction of the table that is seen";
            return Err(Error::domain(what, expected, fraction));
        }
        let mut is_seen = vec![false; all.len()];
        is_seen[..seen as usize].fill(true);
        is_seen.shuffle(rng);
        let (train, test): (Vec<_>, Vec<_>) =
            all.into_iter().zip(is_seen).partition(|(_, seen)| *seen);
        let sums = |part: Vec<(ModularSum, bool)>| part.into_iter().map(|(sum, _)| sum).collect();
        Ok(Self {
            modulus,
            train: sums(train),
            test: sums(test),
        })
    }

    /// All p² sums, by a and then b.
    ///
    /// # Errors
    /// p outside 2 … 1024.
    pub fn all(modulus: usize) -> Result<Vec<ModularSum>> {
        if !(2..=MAX_MODULUS).contains(&modulus) {
            let expected = format!("2 to {MAX_MODULUS}");
            return Err(Error::domain("the modulus", expected, modulus));
        }
        let sum = |index| {
            let (a, b) = (index / modulus, index % modulus);
            let c = (a + b) % modulus;
            ModularSum { a, b, c }
        };
        Ok((0..modulus * modulus).map(sum).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::stream;

    #[test]
    fn the_parts_make_the_table() {
        let table = ModularTable::draw(7, 0.5, &mut stream(1, "t", 0)).expect("valid");
        let mut both = [table.train.clone(), table.test.clone()].concat();
        both.sort_by_key(|sum| (sum.a, sum.b));
        assert_eq!(both, ModularTable::all(7).expect("valid"));
        let other = ModularTable::draw(7, 0.5, &mut stream(2, "t", 0)).expect("valid");
        assert!(table != other);
    }

    #[test]
    fn bad_input_is_an_error() {
        let rng = &mut stream(1, "t", 0);
        for fraction in [0.0, 1.0, -0.5, f64::NAN, f64::INFINITY] {
            assert!(ModularTable::draw(7, fraction, rng).is_err(), "{fraction}");
        }
        assert!(ModularTable::all(1).is_err() && ModularTable::all(1025).is_err());
    }
}

//! Settings that give way to the data: how many images there are, how many pixels, which classes.
//!
//! A setting that still has its default or its quick value gives way; one that was set to another value is
//! kept, and refused where it does not fit. The report says what gave way, and its settings are those that were used.

use super::{Limits, Settings, Value};
use crate::data::Images;
use crate::error::{Error, Result};

/// The side of the images that the settings' defaults are made for.
const USUAL: usize = 28;

/// Whether setting `name` has another value than its default and its quick value.
fn chosen<S: Settings>(settings: &S, name: &str) -> bool {
    let specs = S::specs();
    let found = specs.iter().zip(settings.values());
    found
        .filter(|(spec, _)| spec.name == name)
        .any(|(spec, value)| value != spec.default && value != spec.quick)
}

/// A setting that counts images.
struct Part {
    name: &'static str,
    /// How often the images are taken: once, or more.
    times: usize,
    count: usize,
    least: usize,
    kept: bool,
}

impl Part {
    fn of<S: Settings>(settings: &S, (name, times): (&'static str, usize)) -> Result<Self> {
        let specs = S::specs();
        let found = specs.iter().zip(settings.values());
        let found = found
            .into_iter()
            .find(|(spec, _)| spec.name == name)
            .and_then(|(spec, value)| match (&spec.limits, value) {
                (Limits::Whole(least, _), Value::Whole(count)) => Some((*least, count)),
                _ => None,
            });
        let names = specs.iter().map(|spec| spec.name);
        let (least, count) = found.ok_or_else(|| Error::unknown("size", name, names))?;
        Ok(Self {
            name,
            times,
            count,
            least,
            kept: chosen(settings, name),
        })
    }

    fn images(&self) -> usize {
        self.times * self.count
    }
}

/// `settings` with sizes that `available` images suffice for. `parts` names the sizes, each with how often that many
/// images are taken; those that give way shrink alike, down to the least allowed. `of` says which images.
///
/// # Errors
/// [`Error::Domain`] when what is kept is too much, with the number that fits.
pub(crate) fn share_out<S: Settings>(
    settings: &S,
    parts: &[(&'static str, usize)],
    available: usize,
    of: &str,
) -> Result<S> {
    let mut sizes = parts
        .iter()
        .map(|part| Part::of(settings, *part))
        .collect::<Result<Vec<Part>>>()?;
    let total = |sizes: &[Part]| sizes.iter().map(Part::images).sum::<usize>();
    let asked = sums(&sizes, |part| part.count.to_string());
    while total(&sizes) > available {
        let kept: usize = sizes.iter().filter(|p| p.kept).map(Part::images).sum();
        let (wish, room) = (total(&sizes) - kept, available.saturating_sub(kept));
        if wish == 0 {
            let expected = format!("at most {available} together: {of}");
            let names = sums(&sizes, |part| part.name.to_owned());
            return Err(Error::domain(&names, expected, asked));
        }
        let shrunk = |part: &Part| part.count * room / wish;
        // One that cannot shrink as much as the others stays at its least.
        let at_least = sizes.iter().position(|p| !p.kept && shrunk(p) <= p.least);
        match at_least {
            Some(index) => {
                sizes[index].count = sizes[index].least;
                sizes[index].kept = true;
            }
            None => sizes
                .iter_mut()
                .filter(|part| !part.kept)
                .for_each(|part| part.count = shrunk(part)),
        }
    }
    let mut fitted = settings.clone();
    for part in sizes {
        fitted.put(part.name, Value::Whole(part.count));
    }
    Ok(fitted)
}

/// "n + 2·test", or the same with numbers.
fn sums(parts: &[Part], of: impl Fn(&Part) -> String) -> String {
    let each = parts.iter().map(|part| match part.times {
        1 => of(part),
        times => format!("{times}·{}", of(part)),
    });
    each.collect::<Vec<String>>().join(" + ")
}

/// The side of the squares of pixels to average: `usual` on images of 28 × 28, and on others the largest up to that which
/// divides their sides and leaves as many squares a side, or 1.
pub(crate) fn squares(images: &Images, usual: usize) -> usize {
    let (height, width, _) = images.shape;
    let leaves = USUAL.div_ceil(usual.max(1));
    let fits = |side: &usize| {
        height % side == 0 && width % side == 0 && height.min(width) / side >= leaves
    };
    (1..=usual).rev().find(fits).unwrap_or(1)
}

/// `settings` whose `pool` gives way to the images, see [`squares`].
pub(crate) fn coarsened<S: Settings>(settings: &S, images: &Images) -> S {
    let mut fitted = settings.clone();
    let specs = S::specs();
    let pool = specs
        .iter()
        .zip(settings.values())
        .find(|(spec, _)| spec.name == "pool");
    if let Some((_, Value::Whole(pool))) = pool
        && !chosen(settings, "pool")
    {
        fitted.put("pool", Value::Whole(squares(images, pool)));
    }
    fitted
}

/// The classes that have an image.
pub(crate) fn present(images: &Images) -> Vec<usize> {
    let counts = images.counts().into_iter().enumerate();
    counts
        .filter(|(_, count)| *count > 0)
        .map(|(class, _)| class)
        .collect()
}

/// 3 and 7, or the first two classes that occur where the images have not both.
///
/// # Errors
/// [`Error::Domain`] when fewer than two classes occur.
pub(crate) fn usual_pair(images: &Images) -> Result<(u8, u8)> {
    let present = present(images);
    let pair = match present.as_slice() {
        all if all.contains(&3) && all.contains(&7) => (3, 7),
        [first, second, ..] => (*first, *second),
        few => {
            let what = format!("the number of classes in {}", images.name);
            return Err(Error::domain(&what, "two or more", few.len()));
        }
    };
    // Labels are bytes.
    Ok((pair.0 as u8, pair.1 as u8))
}

/// `settings` whose `digits` give way where the images have not all of them: to the first classes that occur.
pub(crate) fn with_classes<S: Settings>(settings: &S, digits: &[usize], images: &Images) -> S {
    let mut fitted = settings.clone();
    let present = present(images);
    let missing = digits.iter().any(|digit| !present.contains(digit));
    let enough = present.len() >= digits.len();
    if missing && enough && !chosen(settings, "digits") {
        let first = present.into_iter().take(digits.len()).map(Value::Whole);
        fitted.put("digits", Value::List(first.collect()));
    }
    fitted
}

/// The number of images of these classes, and words for them.
///
/// # Errors
/// [`Error::Domain`] when a class has no image, with those that have.
pub(crate) fn of_classes(images: &Images, digits: &[usize]) -> Result<(usize, String)> {
    let present = present(images);
    if let Some(missing) = digits.iter().find(|digit| !present.contains(digit)) {
        let names: Vec<String> = present.iter().map(usize::to_string).collect();
        let expected = format!("a class of {}: {}", images.name, names.join(", "));
        return Err(Error::domain("class", expected, missing));
    }
    let counts = images.counts();
    let mut classes = digits.to_vec();
    classes.sort_unstable();
    classes.dedup();
    let count = classes.iter().filter_map(|&class| counts.get(class)).sum();
    let names: Vec<String> = classes.iter().map(usize::to_string).collect();
    let words = format!("classes {} of {}", names.join(", "), images.name);
    Ok((count, words))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::epoch_double_descent::EpochDoubleDescent;
    use crate::experiment::norm_curve::NormCurve;
    use ndarray::Array2;

    fn images(side: usize, labels: &[u8]) -> Images {
        let pixels = Array2::zeros((labels.len(), side * side));
        Images::new(pixels, labels.to_vec(), (side, side, 1), 10, "blanks").expect("valid")
    }

    #[test]
    fn defaults_shrink_alike_and_what_was_set_stays() {
        let parts = [("n", 1), ("test", 2)];
        let usual = EpochDoubleDescent::default();
        assert_eq!(
            share_out(&usual, &parts, 2500, "images").expect("fits"),
            usual
        );
        let half = share_out(&usual, &parts, 1250, "images").expect("fits");
        assert_eq!((half.n, half.test), (250, 500));
        let least = share_out(&usual, &parts, 60, "images").expect("fits");
        assert_eq!((least.n, least.test), (20, 20));
        let set = EpochDoubleDescent {
            n: 400,
            ..usual.clone()
        };
        let fitted = share_out(&set, &parts, 1250, "images").expect("fits");
        assert_eq!((fitted.n, fitted.test), (400, 425));
        let much = EpochDoubleDescent {
            n: 400,
            test: 30,
            ..usual
        };
        let error = share_out(&much, &parts, 300, "the images of blanks").expect_err("too much");
        assert_eq!(
            error.to_string(),
            "n + 2·test is 400 + 2·30, expected at most 300 together: the images of blanks"
        );
    }

    #[test]
    fn squares_leave_about_as_many_as_of_28_pixels() {
        for (side, usual, expected) in [
            (28, 2, 2),
            (28, 4, 4),
            (8, 4, 1),
            (8, 2, 1),
            (32, 4, 4),
            (64, 4, 4),
            (30, 4, 3),
        ] {
            assert_eq!(
                squares(&images(side, &[0]), usual),
                expected,
                "{side} {usual}"
            );
        }
        let fitted = coarsened(&EpochDoubleDescent::default(), &images(8, &[0]));
        assert_eq!(fitted.pool, 1);
        let set = EpochDoubleDescent {
            pool: 4,
            ..Default::default()
        };
        assert_eq!(coarsened(&set, &images(8, &[0])), set);
    }

    #[test]
    fn missing_classes_give_way_unless_set() {
        let few = images(2, &[1, 4, 5]);
        let usual = NormCurve::default();
        assert_eq!(with_classes(&usual, &usual.digits, &few).digits, [1, 4]);
        let set = NormCurve {
            digits: vec![1, 9],
            ..Default::default()
        };
        assert_eq!(with_classes(&set, &set.digits, &few).digits, [1, 9]);
        assert_eq!(of_classes(&few, &[1, 5]).expect("there").0, 2);
        let error = of_classes(&few, &[1, 9]).expect_err("no 9").to_string();
        assert_eq!(error, "class is 9, expected a class of blanks: 1, 4, 5");
    }
}

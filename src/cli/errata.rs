//! `errata`: the errors of the slides, tested.

use super::console::Console;
use crate::Result;
use crate::experiment::Claims;
use crate::lesson::ERRATA;

/// Tests every erratum and prints both of its sides. `false` if one does not stand.
pub(super) fn all(seed: u64, console: &mut Console) -> Result<bool> {
    let (mut count, mut good) = (0, 0);
    for erratum in ERRATA.iter().copied().flatten() {
        let correction = erratum.test(seed)?;
        let word = match correction.stands() {
            true => "corrected",
            false => "DOES NOT STAND",
        };
        count += 1;
        good += usize::from(correction.stands());
        console.print(&format!(
            "{} (chapter {}): {word}\n{}\n{}\n",
            erratum.id,
            erratum.chapter,
            erratum.slide,
            Claims::from(vec![correction.printed, correction.corrected])
        ))?;
    }
    console.print(&format!("{good} of {count} corrections stand\n"))?;
    Ok(good == count)
}

//! Text without a font library: widths estimated from above, wrapping, superscripts.

use super::style::LEADING;

/// Advance widths of `' '..='~'` in DejaVu Sans, in hundredths of an em. It is the widest
/// of the common sans-serif faces, so a text that fits by this table fits in the others.
const WIDTHS: [u8; 95] = [
    32, 40, 46, 84, 64, 95, 78, 27, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 77, 75, 29, 29, 66, 56, 86, 75,
    79, 60, 79, 69, 63, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50, 50, 61, 63, 55, 63, 62, 35,
    63, 63, 28, 28, 58, 28, 97, 63, 61, 63, 63, 41, 52, 39, 63, 59, 82, 59, 59, 52, 64, 34, 64, 84,
];

/// The width of one character over the font size.
fn em(c: char) -> f64 {
    match c {
        ' '..='~' => f64::from(WIDTHS[c as usize - 32]) / 100.0,
        // Superscript and subscript digits and signs.
        '⁻' | '⁺' | '⁼' | '₋' | '₊' | '₌' => 0.53,
        '²' | '³' | '¹' | '⁰'..='₎' => 0.44,
        // Dashes and quotes; mathematical signs.
        '‐'..='–' | '‘'..='‟' => 0.55,
        '×' | '±' | '÷' | '∀'..='⋿' => 0.88,
        // Combining marks sit on the letter before.
        '\u{300}'..='\u{36f}' => 0.0,
        // Latin, Greek and Cyrillic letters; a few reach 1 em, most stay near 0.65.
        '\u{a0}'..='\u{1fff}' => 0.8,
        // Arrows, mathematical signs, East Asian characters, emoji.
        _ => 1.05,
    }
}

/// The width of `text` at font size `size`, in px, estimated from above.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(em).sum::<f64>() * size
}

/// The width of bold text over that of plain text.
pub(crate) const BOLD: f64 = 1.13;

/// The height of `lines` lines at font size `size`, in px.
pub(crate) fn height(lines: usize, size: f64) -> f64 {
    lines as f64 * size * LEADING
}

/// Replaces what XML cannot hold or a line of text cannot show by spaces.
pub(crate) fn clean(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{fffe}' | '\u{ffff}' => ' ',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect()
}

/// Breaks `text` into at most `max_lines` lines of at most `max_width` px; what does not
/// fit ends in an ellipsis. A newline breaks the line; a word wider than a line is cut.
pub(crate) fn wrap(text: &str, max_width: f64, size: f64, max_lines: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    // Nobody reads a label this long; the bound keeps the work bounded too.
    let text: String = text.chars().take(4000).collect();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in clean(paragraph).split_whitespace() {
            let joined = if line.is_empty() {
                word.to_owned()
            } else {
                format!("{line} {word}")
            };
            if width(&joined, size) <= max_width {
                line = joined;
                continue;
            }
            if !line.is_empty() {
                lines.push(std::mem::take(&mut line));
            }
            for c in word.chars() {
                if !line.is_empty() && width(&line, size) + em(c) * size > max_width {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(c);
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
    }
    if lines.len() > max_lines {
        lines.truncate(max_lines);
        if let Some(last) = lines.last_mut() {
            while !last.is_empty() && width(last, size) + em('…') * size > max_width {
                last.pop();
            }
            last.push('…');
        }
    }
    lines
}

/// The widest of some lines, in px.
pub(crate) fn widest(lines: &[String], size: f64) -> f64 {
    lines
        .iter()
        .map(|line| width(line, size))
        .fold(0.0, f64::max)
}

/// A number in raised digits: `superscript(-12)` is ⁻¹².
pub(crate) fn superscript(n: i32) -> String {
    n.to_string()
        .chars()
        .map(|c| match c {
            '-' => '⁻',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            digit => char::from_u32(0x2070 + (digit as u32 - '0' as u32)).unwrap_or(digit),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn superscripts() {
        assert_eq!(superscript(-1_234_567_890), "⁻¹²³⁴⁵⁶⁷⁸⁹⁰");
    }

    #[test]
    fn wrapped_lines_fit_and_keep_every_word() {
        let text = "the variance of the min-norm interpolator diverges at m = n";
        let lines = wrap(text, 120.0, 12.0, 10);
        assert!(lines.len() > 2);
        assert!(lines.iter().all(|line| width(line, 12.0) <= 120.0));
        assert_eq!(lines.join(" "), text);
    }

    #[test]
    fn long_words_are_cut_and_long_texts_end_in_an_ellipsis() {
        let lines = wrap(&"x".repeat(500), 50.0, 10.0, 3);
        assert_eq!(lines.len(), 3);
        assert!(lines[2].ends_with('…'));
        assert!(lines.iter().all(|line| width(line, 10.0) <= 50.0));
        assert!(wrap(" \n \u{0}", 50.0, 10.0, 3).is_empty());
    }
}

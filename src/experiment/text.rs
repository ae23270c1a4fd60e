//! Numbers in full, for files, and aligned text, for terminals.

/// `value` in full: the shortest text that reads back as the same number.
///
/// Numbers that are not finite are `inf`, `-inf` and `nan`, in CSV as in JSON.
pub(crate) fn exact(value: f64) -> String {
    let size = value.abs();
    if value.is_nan() {
        "nan".to_owned()
    } else if value.is_infinite() || value == 0.0 || (1e-5..1e15).contains(&size) {
        format!("{value}")
    } else {
        format!("{value:e}")
    }
}

/// `value` as JSON: a number, or `"inf"`, `"-inf"`, `"nan"`, which JSON has no numbers for.
pub(crate) fn json_number(value: f64) -> serde_json::Value {
    match serde_json::Number::from_f64(value) {
        Some(number) => serde_json::Value::Number(number),
        None => serde_json::Value::String(exact(value)),
    }
}

/// Rows as lines of aligned columns, two spaces apart; `right` says which columns align right.
pub(crate) fn aligned(rows: &[Vec<String>], right: &[bool]) -> String {
    let width = |text: &str| text.chars().count();
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let widths: Vec<usize> = (0..columns)
        .map(|j| {
            rows.iter()
                .filter_map(|row| row.get(j))
                .map(|cell| width(cell))
                .max()
                .unwrap_or_default()
        })
        .collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (j, cell) in row.iter().enumerate() {
            let pad = " ".repeat(widths[j] - width(cell));
            let (before, after) = match right.get(j).copied().unwrap_or(false) {
                true => (pad.as_str(), ""),
                false => ("", pad.as_str()),
            };
            line.push_str(&format!("{before}{cell}{after}  "));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// `text` broken at blanks into lines of at most `width` characters (a longer word stands alone).
#[cfg(feature = "cli")]
pub(crate) fn wrapped(text: &str, width: usize, indent: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("starts with one line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
        } else {
            line.push(' ');
            line.push_str(word);
        }
    }
    lines
        .iter()
        .map(|line| format!("{indent}{line}\n"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn columns_line_up() {
        let rows = [vec!["a".into(), "1".into()], vec!["σσ".into(), "10".into()]];
        assert_eq!(aligned(&rows, &[false, true]), "a    1\nσσ  10\n");
    }

    #[test]
    #[cfg(feature = "cli")]
    fn long_lines_break_at_blanks() {
        assert_eq!(wrapped("one two  three", 7, "> "), "> one two\n> three\n");
    }

    proptest! {
        #[test]
        fn exact_text_reads_back_as_the_same_number(value in any::<f64>()) {
            let back: f64 = exact(value).parse().expect("a number");
            prop_assert!(back.to_bits() == value.to_bits() || (back.is_nan() && value.is_nan()));
        }
    }
}

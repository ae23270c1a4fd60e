//! Numbers, aligned text and HTML: how results are shown.

use std::io::Write;

/// `value` with four significant digits: `0.06532`, `148.2`, `1.204e-21`, `inf`, `nan`.
pub(crate) fn significant(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if !value.is_finite() {
        return exact(value);
    }
    // Rounded first: 9.99996 has its first digit at 10, not at 1.
    let scientific = format!("{value:.3e}");
    let exponent = scientific
        .split_once('e')
        .and_then(|(_, digits)| digits.parse::<i32>().ok())
        .unwrap_or_default();
    if !(-4..7).contains(&exponent) {
        return scientific;
    }
    let decimals = usize::try_from(3 - exponent).unwrap_or_default();
    let fixed = format!("{value:.decimals$}");
    match fixed.contains('.') {
        true => fixed.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => fixed,
    }
}

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

/// `text` safe inside HTML.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// An HTML table. Cells are HTML already; `right` says which columns align right.
pub(crate) fn html_table(head: &[&str], rows: &[Vec<String>], right: &[bool]) -> String {
    let align = |j: usize| match right.get(j).copied().unwrap_or(false) {
        true => "right",
        false => "left",
    };
    let mut html = String::from("<table>\n<thead><tr>");
    for (j, cell) in head.iter().enumerate() {
        html.push_str(&format!("<th align=\"{}\">{cell}</th>", align(j)));
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for row in rows {
        html.push_str("<tr>");
        for (j, cell) in row.iter().enumerate() {
            html.push_str(&format!("<td align=\"{}\">{cell}</td>", align(j)));
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table>\n");
    html
}

/// Hands `html` to the notebook kernel as the cell's one HTML output.
///
/// One write, so that a line from another thread cannot land inside it. The closing mark must be
/// a line of its own. A closed pipe is nobody's loss here.
pub(crate) fn show_html(html: &str) {
    let block = format!(
        "EVCXR_BEGIN_CONTENT text/html\n{}\nEVCXR_END_CONTENT\n",
        html.trim_end()
    );
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(block.as_bytes()).and_then(|()| out.flush());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn four_digits_at_any_size() {
        for (value, text) in [
            (0.0, "0"),
            (0.065_321, "0.06532"),
            (148.24, "148.2"),
            (9.999_96, "10"),
            (600.0, "600"),
            (123_456.0, "123456"),
            (-1.5, "-1.5"),
            (1.204e-21, "1.204e-21"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
        ] {
            assert_eq!(significant(value), text);
        }
    }

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

        #[test]
        fn four_digits_are_within_half_a_unit(value in -1e12..1e12_f64) {
            let back: f64 = significant(value).parse().expect("a number");
            prop_assert!((back - value).abs() <= 0.5001e-3 * value.abs());
        }
    }
}

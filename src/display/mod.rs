//! What a notebook shows: HTML, tables and numbers written for a reader.
//!
//! The kernel keeps one output per MIME type and cell, so whatever belongs together is one
//! [`Html`]: build the parts, [`Html::push`] them, and end the cell with the whole.

mod number;
pub(crate) mod png;
mod text;

use std::fmt::Write as _;
use std::io::Write as _;

pub use number::format_number;
pub(crate) use number::{exact, json_number};
pub(crate) use text::aligned;
#[cfg(feature = "cli")]
pub(crate) use text::wrapped;

/// In a dark theme figures turn light and dark round and keep their hues. JupyterLab and its exported pages name the theme
/// this way; where a page takes styles away, figures stay as they are.
pub(crate) const DARK: &str = "<style>[data-jp-theme-light=\"false\"] .dltheory-figure{filter:invert(0.93) \
                               hue-rotate(180deg)}</style>\n";

/// HTML that a notebook shows when a cell ends with it.
///
/// ```
/// use dltheory::display::{Html, html_table};
/// let mut report = Html::paragraph("Two routes to π:");
/// report.push(&Html::new(html_table(&["route", "value"], &[vec!["series".into(), "3.142".into()]])));
/// assert!(report.as_str().contains("<table"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html {
    content: String,
}

impl Html {
    /// HTML as it is: escape foreign text with [`escape`].
    #[must_use]
    pub fn new(content: impl Into<String>) -> Self {
        Self {
            content: content.into(),
        }
    }

    /// A paragraph of plain text.
    #[must_use]
    pub fn paragraph(text: &str) -> Self {
        Self::new(format!("<p>{}</p>\n", escape(text)))
    }

    /// A sentence about something to do or that went wrong, behind a bar; `` `code` `` in it is set as code.
    #[must_use]
    pub fn message(sentence: &str) -> Self {
        let mut marked = String::new();
        for (index, part) in escape(sentence).split('`').enumerate() {
            marked += match index {
                0 => "",
                odd if odd % 2 == 1 => "<code>",
                _ => "</code>",
            };
            marked += part;
        }
        Self::new(format!(
            "<p style=\"border-left:4px solid #D55E00;padding:4px 12px;margin:4px 0\">{marked}</p>\n"
        ))
    }

    /// An SVG document as an image whose alternative text is `seen`.
    ///
    /// An image, because notebooks that are not trusted yet, such as a fresh clone, remove
    /// SVG elements and keep images. Its class lets a dark page turn light and dark round.
    #[must_use]
    pub fn svg(seen: &str, svg: &str) -> Self {
        Self::image(seen, svg, "max-width:100%")
    }

    /// An SVG document as one image of several in a row: as wide as it is drawn or, where that makes room for its neighbours,
    /// four fifths of it.
    pub(crate) fn svg_beside(seen: &str, svg: &str, width: f64) -> Self {
        let least = (0.8 * width).round();
        let most = width.round();
        Self::image(
            seen,
            svg,
            &format!("flex:1 1 {least}px;min-width:0;max-width:min(100%,{most}px)"),
        )
    }

    fn image(seen: &str, svg: &str, style: &str) -> Self {
        Self::new(format!(
            "<img class=\"dltheory-figure\" alt=\"{}\" style=\"{style};height:auto\" src=\"data:image/svg+xml;charset=utf-8,{}\">\n",
            escape(seen),
            percent_encode(svg)
        ))
    }

    /// `inside`, hidden behind its summary until a reader opens it.
    #[must_use]
    pub fn folded(summary: &str, inside: &Self) -> Self {
        let (summary, inside) = (escape(summary), &inside.content);
        Self::new(format!(
            "<details><summary>{summary}</summary>\n{inside}</details>\n"
        ))
    }

    /// Appends `other`.
    pub fn push(&mut self, other: &Self) {
        self.content.push_str(&other.content);
    }

    /// The HTML.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.content
    }

    /// Shows the HTML in a notebook.
    pub fn evcxr_display(&self) {
        let block = self.block();
        // One write, so that a line from another thread cannot land inside. Nobody is left
        // to tell if standard output is closed.
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(block.as_bytes()).and_then(|()| out.flush());
    }

    /// The lines from which the kernel takes the HTML: the end mark stands alone on the last.
    fn block(&self) -> String {
        // A line that reads like the end mark would cut the output short.
        let content = self
            .content
            .trim_end()
            .replace("EVCXR_END_CONTENT", "EVCXR_END&#95;CONTENT");
        format!("EVCXR_BEGIN_CONTENT text/html\n{content}\nEVCXR_END_CONTENT\n")
    }
}

/// `text` with the characters that mean something in HTML and XML escaped.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Escapes what may not stand in a data URI inside a quoted attribute. Readable characters
/// stay, so a changed figure is a small change in a committed notebook.
fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() + text.len() / 4);
    for byte in text.bytes() {
        let reserved = b"%#\"'<>&`{}|\\^[]".contains(&byte);
        if reserved || !(b' '..=b'~').contains(&byte) {
            let _ = write!(encoded, "%{byte:02X}");
        } else {
            encoded.push(char::from(byte));
        }
    }
    encoded
}

/// An HTML table that follows the notebook's theme; columns of numbers are right-aligned.
/// Rows may be shorter or longer than the header.
#[must_use]
pub fn html_table(header: &[&str], rows: &[Vec<String>]) -> String {
    let cell = |_: usize, numbers: bool| match numbers {
        // A number does not break.
        true => "text-align:right;white-space:nowrap".to_owned(),
        false => "text-align:left".to_owned(),
    };
    table(header, rows, "", ["", ""], cell)
}

/// An HTML table of sentences with numbers beside them: on a narrow page the numbers go below their sentence.
#[must_use]
pub fn html_statements(header: &[&str], rows: &[Vec<String>]) -> String {
    let wide = |column: usize| {
        let length = |cell: &str| cell.chars().count();
        let cells = rows.iter().filter_map(|row| row.get(column));
        let head = header.get(column).map_or(0, |head| length(head));
        cells
            .map(|cell| length(cell))
            .chain([head])
            .max()
            .unwrap_or(0)
    };
    // The longest column takes what is left; the others keep their width, so that they stand below each other.
    let longest = (0..header.len()).max_by_key(|&column| wide(column));
    let cell = |column: usize, numbers: bool| {
        let align = if numbers { "right" } else { "left" };
        match longest == Some(column) {
            true => "text-align:left;box-sizing:content-box;flex:1 1 20em".to_owned(),
            false => format!(
                "text-align:{align};box-sizing:content-box;flex:0 0 {}ch",
                wide(column)
            ),
        }
    };
    let row = " style=\"display:flex;flex-wrap:wrap\"";
    // As wide as the page, or short sentences would leave the numbers no room beside them.
    let part = " style=\"display:block\"";
    table(
        header,
        rows,
        "display:block;max-width:64em;",
        [part, row],
        cell,
    )
}

/// A table with more style for all of it, attributes for its head and body and for its rows, and the style of the cells
/// of a column, by whether these are numbers.
fn table(
    header: &[&str],
    rows: &[Vec<String>],
    style: &str,
    [part_attributes, row_attributes]: [&str; 2],
    cell_style: impl Fn(usize, bool) -> String,
) -> String {
    let longest_row = rows.iter().map(Vec::len).max().unwrap_or(0);
    let styles: Vec<String> = (0..longest_row.max(header.len()))
        .map(|column| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            let mut cells = cells.filter(|cell| !cell.trim().is_empty()).peekable();
            let numbers = cells.peek().is_some() && cells.all(|cell| is_numeric(cell));
            cell_style(column, numbers)
        })
        .collect();
    let mut html = format!(
        "<table style=\"{style}border-collapse:collapse;margin:8px 0;color:inherit;font-variant-numeric:tabular-nums\">\n<thead{part_attributes}><tr{row_attributes}>"
    );
    for (column, style) in styles.iter().enumerate() {
        let head = escape(header.get(column).copied().unwrap_or(""));
        let _ = write!(
            html,
            "<th style=\"{style};padding:4px 12px;border-bottom:2px solid #888888\">{head}</th>"
        );
    }
    let _ = writeln!(html, "</tr></thead>\n<tbody{part_attributes}>");
    for row in rows {
        let _ = write!(html, "<tr{row_attributes}>");
        for (column, style) in styles.iter().enumerate() {
            let text = escape(row.get(column).map_or("", String::as_str));
            let _ = write!(
                html,
                "<td style=\"{style};padding:3px 12px;border-bottom:1px solid #88888855\">{text}</td>"
            );
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n</table>\n");
    html
}

/// Does the cell hold a number, perhaps with a sign, a spread, a unit of % or a bound?
fn is_numeric(cell: &str) -> bool {
    let cell = cell.trim();
    let digits = cell.contains(|c: char| c.is_ascii_digit() || c == '∞') || cell == "NaN";
    digits
        && cell
            .replace("NaN", "")
            .chars()
            .all(|c| c.is_ascii_digit() || " .,+-−±×eEs%∞≤≥<>≈~()[]⁻⁰¹²³⁴⁵⁶⁷⁸⁹".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_finds_one_block() {
        let mut html = Html::paragraph("first\nEVCXR_END_CONTENT\nlast");
        html.push(&Html::message("a < b"));
        let block = html.block();
        let lines: Vec<&str> = block.lines().collect();
        assert_eq!(lines.first(), Some(&"EVCXR_BEGIN_CONTENT text/html"));
        let marks = lines.iter().filter(|&&line| line == "EVCXR_END_CONTENT");
        assert_eq!(
            (marks.count(), lines.last()),
            (1, Some(&"EVCXR_END_CONTENT"))
        );
        assert!(block.contains("last</p>") && block.contains("a &lt; b") && block.ends_with('\n'));
    }

    #[test]
    fn a_message_sets_code_apart() {
        let message = Html::message("Write `a < b` first");
        assert!(
            message
                .as_str()
                .contains(">Write <code>a &lt; b</code> first<")
        );
    }

    #[test]
    fn tables_align_numbers_and_escape_text() {
        let rows = vec![
            vec!["a < b".to_owned(), "0.5 ± 0.1".to_owned()],
            vec!["<script>".to_owned(), "∞".to_owned(), "extra".to_owned()],
        ];
        let html = html_table(&["name", "value"], &rows);
        let document = roxmltree::Document::parse(&html).expect("well-formed");
        let cells: Vec<_> = document
            .descendants()
            .filter(|n| n.has_tag_name("td"))
            .collect();
        assert_eq!(cells.len(), 6);
        assert_eq!(cells[3].text(), Some("<script>"));
        let style = |i: usize| cells[i].attribute("style").unwrap_or("");
        assert!(style(0).contains("left") && style(1).contains("right"));
        assert!(html_table(&[], &[]).contains("<table"));
        assert!(html_statements(&[], &[]).contains("<table"));
    }

    #[test]
    fn numbers_of_statements_go_below_them_where_it_is_narrow() {
        let rows = [vec![
            "a longer statement".to_owned(),
            "0.5 ± 0.1".to_owned(),
        ]];
        let html = html_statements(&["claim", "measured"], &rows);
        let cells: Vec<&str> = html.matches("flex:").collect();
        assert_eq!(cells.len(), 2 + 2, "{html}");
        assert!(
            html.contains("right;box-sizing:content-box;flex:0 0 9ch")
                && html.contains("left;box-sizing:content-box;flex:1 1 20em")
        );
        assert!(html.contains("<thead style=\"display:block\">"), "{html}");
        assert!(html.contains("<tbody style=\"display:block\">"), "{html}");
    }

    #[test]
    fn numeric_cells() {
        for cell in [
            "1",
            "-2.5e-3",
            "0.1 ± 0.02",
            "12 %",
            "∞",
            "NaN",
            "1×10⁻³",
            "≤ 4",
        ] {
            assert!(is_numeric(cell), "{cell}");
        }
        for cell in ["", "m = 3", "x1", "e", "holds"] {
            assert!(!is_numeric(cell), "{cell}");
        }
    }

    #[test]
    fn an_svg_image_is_one_attribute_that_decodes_to_the_document() {
        let svg = "<svg a=\"1\">\n<text>α & 50% #</text></svg>";
        let html = Html::svg("a \"title\"", svg);
        let html = html.as_str().replace(">\n", "/>");
        let document = roxmltree::Document::parse(&html).expect("well-formed");
        let source = document.root_element().attribute("src").expect("source");
        let (_, encoded) = source.split_once(',').expect("data");
        let mut bytes = Vec::new();
        let mut rest = encoded.bytes();
        while let Some(byte) = rest.next() {
            if byte == b'%' {
                let hex: String = rest.by_ref().take(2).map(char::from).collect();
                bytes.push(u8::from_str_radix(&hex, 16).expect("hexadecimal"));
            } else {
                bytes.push(byte);
            }
        }
        assert_eq!(String::from_utf8(bytes).expect("UTF-8"), svg);
    }
}

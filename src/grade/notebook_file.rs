//! Reads a notebook's file, also one that is not quite what it should be: with a byte order mark, in UTF-16, with `NaN` or
//! broken characters in outputs, cut off, in the format of 2013, with git's conflict marks.

use serde::Deserialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;

/// A notebook as it was handed in.
#[derive(Clone, Debug)]
pub struct Notebook {
    /// Its file name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The longest notebook that is read, bytes: outputs that flood.
pub(super) const LARGEST_NOTEBOOK: usize = 128 << 20;

/// How many cells a notebook may have.
const MOST_CELLS: usize = 20_000;
/// The longest text or metadata of a cell that is looked at, bytes.
const LONGEST_FIELD: usize = 4 << 20;

/// A cell as it stands in the file. What is not what it should be is left out.
#[derive(Debug, Default, PartialEq)]
pub(super) struct RawCell {
    /// `code`, `markdown`, …
    pub(super) kind: String,
    /// The exercise that its metadata name.
    pub(super) exercise: Option<String>,
    /// Its text, with line breaks as everywhere.
    pub(super) source: String,
}

#[derive(Default, Deserialize)]
struct Fields<'a> {
    #[serde(borrow, default)]
    cell_type: Option<&'a RawValue>,
    #[serde(borrow, default)]
    metadata: Option<&'a RawValue>,
    #[serde(borrow, default)]
    source: Option<&'a RawValue>,
    /// What format 3 calls it.
    #[serde(borrow, default)]
    input: Option<&'a RawValue>,
}

impl RawCell {
    fn of(raw: &RawValue) -> Self {
        let fields: Fields<'_> = serde_json::from_str(raw.get()).unwrap_or_default();
        let json = |raw: Option<&RawValue>| -> Json {
            let short = raw.filter(|raw| raw.get().len() <= LONGEST_FIELD);
            short.map_or(Json::Null, |raw| {
                serde_json::from_str(raw.get()).unwrap_or_default()
            })
        };
        let text = match json(fields.source.or(fields.input)) {
            Json::String(text) => text,
            Json::Array(lines) => lines.iter().filter_map(Json::as_str).collect(),
            _ => String::new(),
        };
        Self {
            kind: json(fields.cell_type)
                .as_str()
                .unwrap_or("unknown")
                .to_owned(),
            exercise: json(fields.metadata)["exercise"]
                .as_str()
                .map(str::to_owned),
            source: text.replace("\r\n", "\n").replace('\r', "\n"),
        }
    }
}

/// A notebook of format 4, or of format 3, whose cells are in worksheets.
#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow, default)]
    cells: Option<&'a RawValue>,
    #[serde(borrow, default)]
    worksheets: Option<&'a RawValue>,
}

impl File<'_> {
    fn cells(&self) -> Option<Vec<RawCell>> {
        let list = |raw: &RawValue| -> Option<Vec<RawCell>> {
            let cells: Vec<&RawValue> = serde_json::from_str(raw.get()).ok()?;
            Some(cells.into_iter().map(RawCell::of).collect())
        };
        if let Some(cells) = self.cells {
            return list(cells);
        }
        let sheets: Vec<Self> = serde_json::from_str(self.worksheets?.get()).ok()?;
        Some(
            sheets
                .iter()
                .filter_map(|sheet| list(sheet.cells?))
                .flatten()
                .collect(),
        )
    }
}

/// The cells of a notebook, and what had to be mended to read them.
///
/// # Errors
/// They cannot be read; the sentence says where and what to do.
pub(super) fn cells(bytes: &[u8]) -> Result<(Vec<RawCell>, Option<String>), String> {
    if bytes.len() > LARGEST_NOTEBOOK {
        let (megabytes, limit) = (bytes.len() >> 20, LARGEST_NOTEBOOK >> 20);
        return Err(format!(
            "it has {megabytes} MiB, more than {limit}: clear its outputs and save it again"
        ));
    }
    let text = text(bytes);
    match conflict(&text) {
        None => of_text(&text),
        Some((line, ours, theirs)) => match (of_text(&ours), of_text(&theirs)) {
            (Ok((cells, _)), Ok((other, _))) if cells == other => Ok((
                cells,
                Some(format!(
                    "git's conflict marks (line {line}) were left out: both sides have the same cells"
                )),
            )),
            _ => Err(format!(
                "it has git's conflict marks (line {line}): decide for one side, save it, and hand it in again"
            )),
        },
    }
}

fn of_text(text: &str) -> Result<(Vec<RawCell>, Option<String>), String> {
    let tidy = Tidy::of(text);
    if tidy.cells > MOST_CELLS {
        return Err(format!("it has more than {MOST_CELLS} cells"));
    }
    let no_cells = || "it has no cells: it is not a notebook".to_owned();
    // A list would be read as the fields of a notebook in their order.
    if tidy.text.trim_start().starts_with('[') {
        return Err(no_cells());
    }
    let cells = |text: &str| -> serde_json::Result<Option<Vec<RawCell>>> {
        serde_json::from_str::<File<'_>>(text).map(|file| file.cells())
    };
    match cells(&tidy.text) {
        Ok(cells) => Ok((cells.ok_or_else(no_cells)?, None)),
        // Cut off: what stands before the last whole cell is there.
        Err(error) if error.is_eof() => {
            let whole = tidy.last_cell.and_then(|(end, closing)| {
                cells(&format!("{}{closing}", tidy.text.get(..end)?)).ok()?
            });
            let whole =
                whole.ok_or("it ends in the middle: it was not saved or copied to its end")?;
            let how = "it ends in the middle: it was read up to the last whole cell";
            Ok((whole, Some(how.to_owned())))
        }
        Err(error) => {
            let what = error.to_string();
            let what = what.split(" at line").next().unwrap_or_default();
            Err(format!(
                "line {} is not what Jupyter writes ({what}): open it in Jupyter and save it again",
                error.line()
            ))
        }
    }
}

/// The bytes as text: UTF-8, or UTF-16 by its mark; what is neither becomes `�`.
fn text(bytes: &[u8]) -> String {
    let wide = |bytes: &[u8], order: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes
            .chunks_exact(2)
            .map(|pair| order([pair[0], pair[1]]))
            .collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Both sides of a file in which git left a conflict, and the line of the first mark.
fn conflict(text: &str) -> Option<(usize, String, String)> {
    let first = text.lines().position(|line| line.starts_with("<<<<<<< "))? + 1;
    let (mut ours, mut theirs) = (String::new(), String::new());
    let (mut in_ours, mut in_theirs) = (true, true);
    for line in text.split_inclusive('\n') {
        let mark = line.trim_end();
        match mark {
            _ if mark.starts_with("<<<<<<< ") => (in_ours, in_theirs) = (true, false),
            // What both began with, where git is asked to show it.
            _ if mark.starts_with("||||||| ") => (in_ours, in_theirs) = (false, false),
            "=======" => (in_ours, in_theirs) = (false, true),
            _ if mark.starts_with(">>>>>>> ") => (in_ours, in_theirs) = (true, true),
            _ => {
                if in_ours {
                    ours.push_str(line);
                }
                if in_theirs {
                    theirs.push_str(line);
                }
            }
        }
    }
    Some((first, ours, theirs))
}

/// JSON without what no parser takes: `NaN` and `Infinity` become null, control characters in texts blanks, and what lies
/// deeper than any cell's text becomes null too.
struct Tidy {
    text: String,
    /// Where the last cell ends, and what closes what is open there.
    last_cell: Option<(usize, String)>,
    /// How many things are in lists of cells, or nearly.
    cells: usize,
}

/// A notebook, its worksheets, a sheet, its cells, a cell, its metadata or text.
const DEEPEST: usize = 6;

impl Tidy {
    fn of(text: &str) -> Self {
        let mut tidy = Self {
            text: String::with_capacity(text.len()),
            last_cell: None,
            cells: 0,
        };
        let mut open: Vec<char> = Vec::new();
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let deep = open.len() > DEEPEST;
            match c {
                '"' => {
                    let mut written = String::from('"');
                    let mut escaped = false;
                    for (_, c) in chars.by_ref() {
                        written.push(if c < ' ' { ' ' } else { c });
                        match c {
                            '"' if !escaped => break,
                            c => escaped = c == '\\' && !escaped,
                        }
                    }
                    if !deep {
                        tidy.text.push_str(&written);
                    }
                }
                '{' | '[' => {
                    open.push(if c == '{' { '}' } else { ']' });
                    match open.len() {
                        depth if depth <= DEEPEST => tidy.text.push(c),
                        depth if depth == DEEPEST + 1 => tidy.text.push_str("null"),
                        _ => {}
                    }
                }
                '}' | ']' => {
                    open.pop();
                    if !deep {
                        tidy.text.push(c);
                    }
                    if c == '}' && matches!(open.as_slice(), ['}', ']'] | ['}', ']', '}', ']']) {
                        tidy.last_cell = Some((tidy.text.len(), open.iter().rev().collect()));
                    }
                }
                _ if deep => {}
                ',' => {
                    tidy.cells +=
                        usize::from(matches!(open.as_slice(), ['}', ']'] | ['}', ']', '}', ']']));
                    tidy.text.push(c);
                }
                'N' | 'I' | '-' if at > 0 => {
                    let mut words = ["NaN", "-Infinity", "Infinity"].into_iter();
                    match words.find(|word| text[at..].starts_with(word)) {
                        Some(word) => {
                            tidy.text.push_str("null");
                            for _ in 1..word.len() {
                                chars.next();
                            }
                        }
                        None => tidy.text.push(c),
                    }
                }
                c => tidy.text.push(c),
            }
        }
        tidy
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CELL: &str =
        r#"{"cell_type": "code", "metadata": {"exercise": "f"}, "source": ["fn f() {\r\n", "}"]}"#;

    fn one(bytes: &[u8], mended: bool) {
        let text = String::from_utf8_lossy(bytes).into_owned();
        let (cells, said) = cells(bytes).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!(cells[0].source, "fn f() {\n}", "{text}");
        assert_eq!(
            (cells[0].kind.as_str(), said.is_some()),
            ("code", mended),
            "{text}"
        );
    }

    #[test]
    fn what_is_nearly_a_notebook_is_read() {
        let whole = format!("{{\"cells\": [\n{CELL}, {{}}\n], \"nbformat\": 4}}");
        one(whole.as_bytes(), false);
        one(&[&[0xef, 0xbb, 0xbf], whole.as_bytes()].concat(), false);
        let wide: Vec<u8> = whole.encode_utf16().flat_map(u16::to_le_bytes).collect();
        one(&[&[0xff, 0xfe], wide.as_slice()].concat(), false);
        let outputs = |value: &str| {
            whole.replace("\"source\"", &format!("\"outputs\": [{value}], \"source\""))
        };
        for value in [
            "NaN, -Infinity, {\"a\": Infinity}",
            "\"\u{1}\"",
            &format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000)),
        ] {
            one(outputs(value).as_bytes(), false);
        }
        let broken = outputs("\"?\"").into_bytes();
        let broken: Vec<u8> = broken
            .into_iter()
            .map(|b| if b == b'?' { 0xff } else { b })
            .collect();
        one(&broken, false);
        one(whole.split_at(whole.len() - 12).0.as_bytes(), true);
        let old = format!(
            "{{\"worksheets\": [{{\"cells\": [{}]}}]}}",
            CELL.replace("source", "input")
        );
        one(old.as_bytes(), false);
        one(
            whole
                .replacen('\n', "\n<<<<<<< HEAD\n=======\n>>>>>>> main\n", 1)
                .as_bytes(),
            true,
        );
    }

    #[test]
    fn what_cannot_be_read_says_where() {
        let says = |text: &str, words: &str| {
            let error = cells(text.as_bytes()).expect_err("cannot be read");
            assert!(error.contains(words), "{error}");
        };
        says("{\"cells\": [", "ends in the middle");
        says("{\n\"cells\": x}", "line 2 is not what Jupyter writes");
        says("[]", "no cells");
        says("{}", "no cells");
        says("{\"cells\": 7}", "no cells");
        says(
            &format!("{{\"cells\": [{}0]}}", "0,".repeat(MOST_CELLS + 1)),
            "more than 20000 cells",
        );
        says(
            &format!("{{\"cells\": [\n<<<<<<< a\n{CELL}\n=======\n{{}}\n>>>>>>> b\n]}}"),
            "conflict marks (line 2)",
        );
    }
}

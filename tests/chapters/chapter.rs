//! A notebook as a file.

use std::path::{Path, PathBuf};

use serde_json::Value;

pub(crate) const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A notebook: its name, the number in it, and its cells.
pub(crate) struct Chapter {
    pub(crate) name: String,
    pub(crate) number: String,
    pub(crate) cells: Vec<Value>,
}

impl Chapter {
    fn read(path: &Path) -> Self {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let mut notebook: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        let Value::Array(cells) = notebook["cells"].take() else {
            panic!("{name} has no cells");
        };
        let number = name.split('_').next().unwrap_or_default().to_owned();
        Self {
            name,
            number,
            cells,
        }
    }

    /// The sources of its Markdown cells, each behind the cell's id.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, String)> {
        self.of_kind("markdown")
    }

    /// The sources of its code cells, each behind the cell's id.
    pub(crate) fn codes(&self) -> impl Iterator<Item = (&str, String)> {
        self.of_kind("code")
    }

    fn of_kind(&self, kind: &'static str) -> impl Iterator<Item = (&str, String)> {
        let cells = self.cells.iter();
        let cells = cells.filter(move |cell| cell["cell_type"] == kind);
        cells.map(|cell| (cell["id"].as_str().unwrap_or_default(), source(cell)))
    }

    /// Its headings of the second level, in their order.
    pub(crate) fn sections(&self) -> Vec<String> {
        let texts: Vec<String> = self.texts().map(|(_, text)| text).collect();
        let lines = texts.iter().flat_map(|text| text.lines());
        let sections = lines.filter_map(|line| line.strip_prefix("## "));
        sections.map(str::to_owned).collect()
    }

    pub(crate) fn all() -> Vec<Self> {
        let folder = std::fs::read_dir(Path::new(ROOT).join("notebooks")).unwrap();
        let mut paths: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|ending| ending == "ipynb"));
        paths.sort();
        paths.iter().map(|path| Self::read(path)).collect()
    }
}

/// The source of a cell.
pub(crate) fn source(cell: &Value) -> String {
    match &cell["source"] {
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        text => text.as_str().unwrap_or_default().to_owned(),
    }
}

/// What a notebook shows: HTML, text, streams.
pub(crate) fn outputs(cell: &Value) -> Vec<(&str, String)> {
    let text = |value: &Value| match value {
        Value::Array(lines) => lines.iter().filter_map(Value::as_str).collect(),
        text => text.as_str().unwrap_or_default().to_owned(),
    };
    let mut all = Vec::new();
    for output in cell["outputs"].as_array().into_iter().flatten() {
        match output["data"].as_object() {
            Some(data) => all.extend(
                data.iter()
                    .map(|(kind, value)| (kind.as_str(), text(value))),
            ),
            None => all.push(("stream", text(&output["text"]))),
        }
    }
    all
}

//! From options to what a run needs.

use super::args::Options;
use super::console::Console;
use crate::data::Source;
use crate::engine::Engine;
use crate::experiment::{Context, Plan, Progress};
use crate::{Error, Result};

impl Options {
    #[cfg(test)]
    pub(super) fn of_a_test(out: &std::path::Path, check: bool) -> Self {
        Self {
            seed: 1,
            quick: false,
            out: out.to_owned(),
            data: None,
            check,
            threads: None,
            no_progress: true,
        }
    }

    pub(super) fn plan(&self, set: Vec<(String, String)>) -> Plan {
        Plan {
            seed: self.seed,
            quick: self.quick,
            set,
        }
    }

    /// Makes the folder for the files and reads data the user named, to tell what they
    /// are: before an hour of computing, not after it.
    pub(super) fn prepare(&self, console: &mut Console) -> Result<Source> {
        Engine::asked().map_err(|name| {
            let kind = "engine in DLTHEORY_ENGINE";
            Error::unknown(kind, &name, Engine::NAMES.iter().copied())
        })?;
        if self.out.exists() && !self.out.is_dir() {
            return Err(Error::Data {
                path: self.out.clone(),
                expected: "a folder, or the name of a new one".into(),
                found: "something else".into(),
            });
        }
        std::fs::create_dir_all(&self.out).map_err(|error| Error::io(&self.out, error))?;
        let data = self
            .data
            .clone()
            .map_or_else(Source::from_env, Source::Folder);
        if let Source::Folder(folder) = &data {
            let images = data.load()?;
            let name = images.identity().name;
            console.tell("data", &format!("{}: {name}", folder.display()));
            for note in &images.notes {
                console.tell("note", note);
            }
        }
        Ok(data)
    }

    pub(super) fn context(&self, data: &Source, id: &str) -> Context {
        Context {
            data: data.clone(),
            progress: match self.no_progress {
                true => Progress::silent(),
                false => Progress::terminal(id),
            },
        }
    }
}

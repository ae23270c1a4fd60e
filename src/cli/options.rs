//! From options to what a run needs.

use super::args::Options;
use crate::data::Source;
use crate::experiment::{Context, Plan, Progress};
use crate::{Error, Result};

impl Options {
    pub(super) fn plan(&self, set: Vec<(String, String)>) -> Plan {
        Plan {
            seed: self.seed,
            quick: self.quick,
            set,
        }
    }

    /// Sets the number of threads, makes the folder for the files and finds the data: before an
    /// hour of computing, not after it.
    pub(super) fn prepare(&self) -> Result<Source> {
        if let Some(threads) = self.threads {
            rayon::ThreadPoolBuilder::new()
                .num_threads(threads.into())
                .build_global()
                .map_err(|error| Error::domain("--threads", "a number that works", error))?;
        }
        std::fs::create_dir_all(&self.out).map_err(|error| Error::io(&self.out, error))?;
        let Some(dir) = &self.data else {
            return Ok(Source::from_env());
        };
        std::fs::read_dir(dir).map_err(|error| Error::io(dir, error))?;
        Ok(Source::Folder(dir.clone()))
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

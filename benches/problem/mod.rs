//! What a `compare_….py` wrote for a program of this library: numbers in `problem.json`, arrays in files of `f64`.

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use dltheory::engine;
use ndarray::Array2;
use serde_json::Value;

/// A folder and the numbers in it.
pub(crate) struct Problem {
    pub(crate) folder: PathBuf,
    numbers: Value,
}

impl Problem {
    /// The problem in the folder named first, on its number of threads. `cargo bench` names none and adds `--bench`: then
    /// there is nothing to compare with, and `program` says so.
    pub(crate) fn named_first(program: &str) -> Result<Option<Self>, Box<dyn Error>> {
        let Some(folder) = std::env::args().skip(1).find(|arg| !arg.starts_with("--")) else {
            eprintln!("{program}: run it through `./lab bench`, which writes its problem");
            return Ok(None);
        };
        let folder = PathBuf::from(folder);
        let numbers = serde_json::from_str(&fs::read_to_string(folder.join("problem.json"))?)?;
        let problem = Self { folder, numbers };
        engine::set_threads(problem.count("threads"));
        Ok(Some(problem))
    }

    /// A whole number; 0 where there is none.
    pub(crate) fn count(&self, key: &str) -> usize {
        self.numbers[key].as_u64().unwrap_or(0) as usize
    }

    /// What is not a whole number.
    pub(crate) fn value(&self, key: &str) -> Value {
        self.numbers[key].clone()
    }

    /// The array in the file `NAME.f64`, row by row, little-endian.
    pub(crate) fn array(
        &self,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> Result<Array2<f64>, Box<dyn Error>> {
        let bytes = fs::read(self.folder.join(format!("{name}.f64")))?;
        let values = bytes
            .chunks_exact(8)
            .map(|chunk| chunk.try_into().map(f64::from_le_bytes))
            .collect::<Result<Vec<f64>, _>>()?;
        Ok(Array2::from_shape_vec((rows, columns), values)?)
    }
}

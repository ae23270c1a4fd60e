//! Which engine computes, in words.

use crate::choice::Instructions;
use crate::{Engine, Work, threads};

/// The engine that multiplies matrices here, for reports: "OpenBLAS 0.3.21, Zen kernel, 2 threads".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct About {
    /// `OpenBLAS` or `faer`.
    pub name: &'static str,
    /// Its version.
    pub version: String,
    /// OpenBLAS's kernel, or the vector instructions that faer uses.
    pub kernel: String,
    /// How many threads it uses now.
    pub threads: usize,
    /// Why it is not the system's OpenBLAS, in a sentence, where there is one.
    pub note: Option<String>,
}

impl std::fmt::Display for About {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            name,
            version,
            kernel,
            threads,
            ..
        } = self;
        let plural = if *threads == 1 { "" } else { "s" };
        write!(
            f,
            "{name} {version}, {kernel} kernel, {threads} thread{plural}"
        )
    }
}

impl About {
    /// The engine, and in a second line why it is not OpenBLAS where that is a surprise.
    #[must_use]
    pub fn in_full(&self) -> String {
        match &self.note {
            Some(note) => format!("{self}\n{note}"),
            None => self.to_string(),
        }
    }
}

/// What multiplies matrices here.
#[must_use]
pub fn about() -> About {
    let processor = Instructions::of_processor();
    match Engine::best(Work::Product) {
        Engine::Faer => About {
            name: "faer",
            version: env!("DLTHEORY_FAER").to_owned(),
            kernel: processor.name().to_owned(),
            threads: threads(),
            note: passed_over(processor),
        },
        #[cfg(feature = "openblas")]
        Engine::OpenBlas => About {
            name: "OpenBLAS",
            version: crate::openblas::version(),
            kernel: crate::openblas::kernel(),
            threads: threads(),
            note: None,
        },
    }
}

/// Why OpenBLAS is linked and does nothing: its kernel is behind the processor.
fn passed_over(processor: Instructions) -> Option<String> {
    #[cfg(feature = "openblas")]
    if matches!(Engine::asked(), Ok(None)) {
        let kernel = crate::openblas::kernel();
        let behind = Instructions::of_kernel(&kernel) < processor;
        return behind.then(|| {
            format!(
                "OpenBLAS {} runs its {kernel} kernel, slow on this processor, which has {}; faer multiplies and \
                 factorises instead",
                crate::openblas::version(),
                processor.name(),
            )
        });
    }
    let _ = processor;
    None
}

//! Where the program writes: results to one stream, what happens meanwhile to another.

use std::io::{ErrorKind, Write};

use crate::{Error, Result};

/// Two streams: stdout and stderr, or two buffers in a test.
pub(super) struct Console<'a> {
    pub(super) out: &'a mut dyn Write,
    pub(super) err: &'a mut dyn Write,
}

impl Console<'_> {
    /// Writes a result. A reader that has seen enough (`| head`) is no error.
    pub(super) fn print(&mut self, text: &str) -> Result<()> {
        match self
            .out
            .write_all(text.as_bytes())
            .and_then(|()| self.out.flush())
        {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(Error::io("standard output", error))
            }
            _ => Ok(()),
        }
    }

    /// Tells one sentence; `kind` is "error", "note", "data" or "done".
    pub(super) fn tell(&mut self, kind: &str, sentence: &str) {
        // Nowhere is left to tell of a stderr that is closed.
        let _ = writeln!(self.err, "{kind}: {sentence}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Closed(ErrorKind);

    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(self.0.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_closed_pipe_is_fine_and_a_full_disk_is_not() {
        let print = |kind| {
            let (mut out, mut err) = (Closed(kind), Closed(kind));
            let mut console = Console {
                out: &mut out,
                err: &mut err,
            };
            console.tell("note", "unheard");
            console.print("text")
        };
        assert!(print(ErrorKind::BrokenPipe).is_ok());
        let error = print(ErrorKind::StorageFull).expect_err("must be told");
        assert!(
            error.to_string().starts_with("standard output: "),
            "{error}"
        );
    }
}

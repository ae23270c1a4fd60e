//! Reading bytes without trusting them: sizes are capped, gzip is known by its first bytes.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::{Error, Result};

/// The most bytes read from one data file, and the most one may hold when unpacked: 1 GiB.
/// All of MNIST's training images are 47 MB.
pub const MAX_BYTES: u64 = 1 << 30;

/// An [`Error::Data`] for `path`.
pub(super) fn mismatch(path: &Path, expected: impl ToString, found: impl ToString) -> Error {
    Error::Data {
        path: path.to_owned(),
        expected: expected.to_string(),
        found: found.to_string(),
    }
}

/// The bytes of a regular file of at most [`MAX_BYTES`].
///
/// # Errors
/// [`Error::Io`] where the system refuses; [`Error::Data`] for a folder, a pipe or a device
/// (reading one could wait for ever) and for a file that is too long.
pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    let io = |source| Error::io(path, source);
    let found = std::fs::metadata(path).map_err(io)?;
    if !found.is_file() {
        let kind = if found.is_dir() {
            "a folder"
        } else {
            "a device"
        };
        return Err(mismatch(path, "a file", kind));
    }
    let too_long = |length| {
        let expected = format!("at most {MAX_BYTES} bytes");
        mismatch(path, expected, format!("{length} bytes"))
    };
    if found.len() > MAX_BYTES {
        return Err(too_long(found.len()));
    }
    let mut bytes = Vec::new();
    // The file may grow after its size was asked for.
    let mut capped = File::open(path).map_err(io)?.take(MAX_BYTES + 1);
    capped.read_to_end(&mut bytes).map_err(io)?;
    match bytes.len() as u64 {
        length if length > MAX_BYTES => Err(too_long(length)),
        _ => Ok(bytes),
    }
}

/// The first bytes of a file, enough to tell what it is.
pub(super) fn head(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(4096).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The contents of `bytes`, unpacked on the way if they start like gzip (1f 8b).
///
/// Nothing is unpacked before it is asked for, so a few bytes of header decide how much
/// memory the rest may take.
pub(super) struct Contents<'a> {
    path: &'a Path,
    reader: Box<dyn Read + 'a>,
    taken: u64,
}

impl<'a> Contents<'a> {
    /// The contents of `bytes`; `path` is for messages only.
    pub(super) fn new(path: &'a Path, bytes: &'a [u8]) -> Self {
        let reader: Box<dyn Read + 'a> = if bytes.starts_with(&[0x1f, 0x8b]) {
            Box::new(MultiGzDecoder::new(bytes))
        } else {
            Box::new(bytes)
        };
        let taken = 0;
        Self {
            path,
            reader,
            taken,
        }
    }

    /// The next `limit` bytes, or all that are left if these are fewer.
    ///
    /// The buffer grows with what is really there, never ahead to `limit`. When fewer than
    /// `limit` are left, gzip's checksum has been verified.
    pub(super) fn up_to(&mut self, limit: u64) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let read = (&mut self.reader).take(limit).read_to_end(&mut bytes);
        self.taken += bytes.len() as u64;
        match read {
            Ok(_) => Ok(bytes),
            Err(error) => {
                let how = match error.kind() {
                    ErrorKind::UnexpectedEof => "it cut short".to_owned(),
                    _ => error.to_string(),
                };
                let found = format!(
                    "{how} after {} bytes of contents: fetch it again",
                    self.taken
                );
                Err(mismatch(self.path, "an undamaged gzip file", found))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_and_a_missing_file_are_named() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let error = read(folder.path()).expect_err("a folder is no file");
        assert!(
            error
                .to_string()
                .ends_with("expected a file, found a folder"),
            "{error}"
        );
        let error = read(&folder.path().join("absent")).expect_err("nothing there");
        assert!(error.to_string().contains("absent: "), "{error}");
    }

    #[test]
    fn a_file_over_the_limit_is_refused_before_it_is_read() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("long");
        let file = File::create(&path).expect("create");
        file.set_len(MAX_BYTES + 1)
            .expect("a sparse file takes no space");
        let error = read(&path).expect_err("too long").to_string();
        assert!(
            error.ends_with("expected at most 1073741824 bytes, found 1073741825 bytes"),
            "{error}"
        );
    }
}

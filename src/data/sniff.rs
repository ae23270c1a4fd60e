//! What bytes are that are not what was asked for, in words, and what to do about it.

use super::file::Contents;
use std::path::Path;

/// The most bytes looked at.
const HEAD: u64 = 1024;

/// What `bytes` are, if it can be told, plain or gzipped.
pub(super) fn describe(bytes: &[u8]) -> Option<String> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return plain(bytes).map(str::to_owned).or_else(|| page(bytes));
    }
    let head = Contents::new(Path::new("gzip"), bytes).up_to(HEAD).ok()?;
    let inside = plain(&head).map(str::to_owned).or_else(|| page(&head))?;
    Some(format!("gzip with this inside: {inside}"))
}

/// What a file's name promises, where its bytes say nothing.
pub(super) fn by_name(name: &str) -> Option<String> {
    let name = name.to_lowercase();
    let archive = [".tar", ".tar.gz", ".tgz", ".tar.xz", ".zip", ".7z", ".rar"];
    let archive = archive.iter().any(|end| name.ends_with(end));
    archive
        .then(|| "an archive by its name: unpack it and name the folder with its files".to_owned())
}

/// Kinds of files known by their first bytes.
fn plain(bytes: &[u8]) -> Option<&'static str> {
    let starts = |magic: &[u8]| bytes.starts_with(magic);
    Some(match bytes {
        [] => "an empty file: fetch it again",
        _ if starts(b"version https://git-lfs") => {
            "a Git LFS pointer, not the data it stands for: run `git lfs pull`"
        }
        _ if starts(b"PK\x03\x04") || starts(b"PK\x05\x06") => {
            "a zip archive: unpack it and name the folder with its files"
        }
        _ if starts(b"PAR1") => {
            "a Parquet file, which is not read here: convert it with data/to_idx.py"
        }
        _ if starts(b"\x89HDF") => "an HDF5 file, which is not read here: write its arrays as .npz",
        _ if starts(b"\x93NUMPY") => "a NumPy array (.npy)",
        [0x80, 2..=5, ..] => {
            "a Python pickle, which is not read here: convert it with data/to_idx.py"
        }
        _ if starts(b"\x89PNG") || starts(&[0xff, 0xd8, 0xff]) => {
            "a picture: write all of them into one .npz or IDX file"
        }
        _ if starts(b"\xfd7zXZ") || starts(b"BZh") || starts(b"7z\xbc\xaf") || starts(b"Rar!") => {
            "a packed file of another kind than gzip: unpack it"
        }
        _ if bytes.get(257..262) == Some(b"ustar") => {
            "a tar archive: unpack it and name the folder with its files"
        }
        _ => return None,
    })
}

/// An HTML page with its title.
fn page(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(HEAD as usize)];
    let text = String::from_utf8_lossy(head).trim_start().to_owned();
    // Only ASCII letters change, so positions stay.
    let small = text.to_ascii_lowercase();
    if !(small.starts_with("<!doctype") || small.starts_with("<html") || small.starts_with("<?xml"))
    {
        return None;
    }
    let title = small.find("<title>").zip(small.find("</title>"));
    let title = title.and_then(|(start, end)| text.get(start + 7..end));
    let title = title.map_or_else(String::new, |title| format!(" ({})", title.trim()));
    Some(format!(
        "an HTML page{title}, not data: the download failed, fetch the file again"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_pointers_and_archives_are_named() {
        for (bytes, words) in [
            (&b""[..], "an empty file"),
            (
                b"\n<!DOCTYPE html><TITLE> 403 Forbidden</TITLE>",
                "an HTML page (403 Forbidden)",
            ),
            (b"<html></title><title>", "an HTML page, not data"),
            (
                b"version https://git-lfs.github.com/spec/v1\n",
                "a Git LFS pointer",
            ),
            (b"PK\x03\x04", "a zip archive"),
            (b"PAR1", "a Parquet file"),
            (b"\x80\x04\x95", "a Python pickle"),
        ] {
            let said = describe(bytes).expect("known");
            assert!(said.starts_with(words), "{said}");
        }
        assert_eq!(describe(&[0, 0, 8, 3]), None);
        assert_eq!(describe(&[0x1f, 0x8b, 8]), None);
    }
}

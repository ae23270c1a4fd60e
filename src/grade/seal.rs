//! A seal on a stored grade, so that one that somebody else has written is not taken for ours: the
//! folder of results may be one that students write into.
//!
//! The key lies in `.lab/grade/key`, is made once, and leaves this machine in no release and no
//! autograder. Without it, or with another, a grade is graded anew.

use std::io::Write;
use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use rand::RngExt;
use sha2::Sha256;

use super::toolchain::ROOT;
use crate::{Error, Result};

/// What stands between a grade and its seal, in the place of the last brace.
const BEFORE: &str = ",\n  \"seal\": \"";
/// What stands after the seal.
const AFTER: &str = "\"\n}\n";

/// Seals grades, and knows its own seals again.
#[derive(Clone)]
pub(crate) struct Seal(Hmac<Sha256>);

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal(…)")
    }
}

impl Seal {
    /// With the key of this repository, made if there is none.
    pub(super) fn ours() -> Result<Self> {
        Self::at(&Path::new(ROOT).join(".lab/grade"))
    }

    /// With the key in this folder, made if there is none.
    fn at(folder: &Path) -> Result<Self> {
        let path = folder.join("key");
        let failed = |error| Error::io(&path, error);
        std::fs::create_dir_all(folder).map_err(failed)?;
        if !path.exists() {
            // Only its owner may read it. Of two who make one at once the first wins.
            let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
            let key: [u8; 32] = rand::rng().random();
            file.write_all(&key).map_err(failed)?;
            file.as_file().sync_all().map_err(failed)?;
            match file.persist_noclobber(&path) {
                Err(error) if error.error.kind() != std::io::ErrorKind::AlreadyExists => {
                    return Err(failed(error.error));
                }
                _ => {}
            }
        }
        let key = std::fs::read(&path).map_err(failed)?;
        if key.len() != 32 {
            return Err(Error::Data {
                path,
                expected: "the 32 bytes of the key that seals grades".into(),
                found: format!("{} bytes: remove it, and a new one is made", key.len()),
            });
        }
        let mac = Hmac::new_from_slice(&key);
        mac.map(Self)
            .map_err(|error| Error::Grading(format!("{}: {error}", path.display())))
    }

    /// A grade as JSON, as an object whose last line is `}`, with a field `seal` at its end.
    pub(crate) fn seal(&self, grade: &str) -> String {
        let body = grade.trim_end().trim_end_matches('}').trim_end();
        let tag = self.0.clone().chain_update(body).finalize().into_bytes();
        let tag: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{body}{BEFORE}{tag}{AFTER}")
    }

    /// Whether this text has our seal.
    pub(crate) fn is_ours(&self, sealed: &str) -> bool {
        let parts = sealed
            .strip_suffix(AFTER)
            .and_then(|text| text.rsplit_once(BEFORE));
        parts.is_some_and(|(body, tag)| {
            let bytes: Option<Vec<u8>> = tag
                .as_bytes()
                .chunks(2)
                .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
                .collect();
            let mac = self.0.clone().chain_update(body);
            bytes.is_some_and(|bytes| mac.verify_slice(&bytes).is_ok())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_is_known_again_and_no_other_is() {
        use std::os::unix::fs::PermissionsExt;
        let [place, other] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let seal = Seal::at(place.path()).unwrap();
        let sealed = seal.seal("{\n  \"points\": 1.5,\n  \"findings\": []\n}");
        let json: serde_json::Value = serde_json::from_str(&sealed).unwrap();
        assert_eq!(json["points"], 1.5);
        assert_eq!(json["seal"].as_str().unwrap().len(), 64);
        assert!(Seal::at(place.path()).unwrap().is_ours(&sealed));
        assert!(!Seal::at(other.path()).unwrap().is_ours(&sealed));
        for changed in [
            sealed.replace("1.5", "9.5"),
            sealed.replace(json["seal"].as_str().unwrap(), ""),
            sealed.replace(json["seal"].as_str().unwrap(), "not hexadecimal"),
            format!("{sealed}\n"),
            sealed.replace('\n', " "),
            String::new(),
        ] {
            assert!(!seal.is_ours(&changed), "{changed}");
        }
        let mode = std::fs::metadata(place.path().join("key")).unwrap();
        assert_eq!(mode.permissions().mode() & 0o777, 0o600);

        std::fs::write(place.path().join("key"), "short").unwrap();
        let error = Seal::at(place.path()).unwrap_err().to_string();
        assert!(error.contains("a new one is made"), "{error}");
    }
}

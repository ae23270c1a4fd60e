//! What student code is compiled against: built once, in `.lab/grade/`, and found again.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;

use crate::{Error, Result};

/// The root of this repository.
pub(crate) const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What was built last: a hash of the sources.
const BUILT: &str = env!("DLTHEORY_GRADING");

fn home() -> PathBuf {
    Path::new(ROOT).join(".lab/grade")
}

/// A compiler, the compiled workbench, and the program that confines the compiler.
#[derive(Clone, Debug)]
pub struct Toolchain {
    /// The compiler itself, not a launcher that reads files to choose one.
    pub(crate) rustc: PathBuf,
    /// Where the compiler's own libraries are.
    pub(crate) sysroot: PathBuf,
    /// Its version, for reports.
    pub version: String,
    /// The workbench, an rlib.
    pub(crate) workbench: PathBuf,
    /// The compiled dependencies of the workbench.
    pub(crate) dependencies: PathBuf,
    /// Confines a compiler, then becomes it.
    pub(crate) confine: PathBuf,
}

impl Toolchain {
    /// Whether [`Toolchain::prepare`] has nothing to build, as far as is known before.
    #[must_use]
    pub fn is_ready() -> bool {
        std::fs::read_to_string(home().join("built")).is_ok_and(|built| built == BUILT)
    }

    /// Builds what is missing: a minute the first time, a moment later. The build is ours alone;
    /// none of a student's time limits covers it.
    ///
    /// # Errors
    /// Cargo or the compiler cannot be run, or the workbench does not compile.
    pub fn prepare() -> Result<Self> {
        let home = home();
        let package = home.join("package");
        let sources = package.join("src");
        std::fs::create_dir_all(&sources).map_err(|error| Error::io(&sources, error))?;
        write_if_changed(&package.join("Cargo.toml"), &manifest())?;
        write_if_changed(&package.join("src/main.rs"), MAIN)?;
        // The same versions as everywhere else in the project.
        let lock = Path::new(ROOT).join("Cargo.lock");
        let locked = std::fs::read_to_string(&lock).map_err(|error| Error::io(&lock, error))?;
        if write_if_changed(&package.join("Cargo.lock.project"), &locked)? {
            write_if_changed(&package.join("Cargo.lock"), &locked)?;
        }

        let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
        let sysroot = run(Command::new(&rustc).args(["--print", "sysroot"]))?;
        let sysroot = PathBuf::from(sysroot.trim());
        let version = run(Command::new(&rustc).arg("--version"))?
            .trim()
            .to_owned();

        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = run(Command::new(cargo)
            .args(["build", "--release", "--quiet", "--message-format=json"])
            .current_dir(&package)
            .env("CARGO_TARGET_DIR", home.join("target"))
            .env_remove("RUSTFLAGS"))?;
        let (mut workbench, mut confine) = (None, None);
        for line in built.lines() {
            let Ok(message) = serde_json::from_str::<Json>(line) else {
                continue;
            };
            if message["reason"] != "compiler-artifact" {
                continue;
            }
            let file = |wanted: &str| {
                let files = message["filenames"].as_array().into_iter().flatten();
                files
                    .filter_map(Json::as_str)
                    .find(|f| f.ends_with(wanted))
                    .map(PathBuf::from)
            };
            match message["target"]["name"].as_str() {
                Some("dltheory_workbench") => workbench = file(".rlib"),
                Some("confine") => confine = message["executable"].as_str().map(PathBuf::from),
                _ => {}
            }
        }
        let missing = || Error::Grading("cargo built no workbench".into());
        let workbench = workbench.ok_or_else(missing)?;
        write_if_changed(&home.join("built"), BUILT)?;
        Ok(Self {
            rustc: sysroot.join("bin/rustc"),
            sysroot,
            version,
            dependencies: workbench.parent().unwrap_or(&home).to_owned(),
            workbench,
            confine: confine.ok_or_else(missing)?,
        })
    }
}

/// The package that holds the confining program and pulls in the workbench.
fn manifest() -> String {
    let engine = if cfg!(feature = "openblas") {
        "\"openblas\", "
    } else {
        ""
    };
    let workbench = Path::new(ROOT).join("src/workbench");
    format!(
        "[workspace]\n\n[package]\nname = \"confine\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
         [dependencies]\ndltheory-workbench = {{ path = {workbench:?}, features = [{engine}\"worker\"] }}\n\n\
         [profile.release]\nopt-level = 2\n"
    )
}

const MAIN: &str =
    "fn main() -> std::process::ExitCode {\n    dltheory_workbench::confine::main()\n}\n";

/// Standard output of a program that must succeed.
fn run(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| {
        Error::Grading(format!(
            "{name}, which comes with Rust, cannot be run: {error} (is it in PATH?)"
        ))
    })?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Error::Grading(format!(
            "{name} failed ({}):\n{said}",
            output.status
        )));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Writes `text`, whole or not at all, unless the file has it already. Whether it was written.
fn write_if_changed(path: &Path, text: &str) -> Result<bool> {
    if std::fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(false);
    }
    write_whole(path, text.as_bytes())?;
    Ok(true)
}

/// Writes a file whole or not at all.
///
/// # Errors
/// It cannot be written.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let save = || {
        let mut file = draft(folder)?;
        file.write_all(bytes)?;
        // Some file systems tell only now that there was no room.
        file.as_file().sync_all()?;
        file.persist(path)?;
        Ok(())
    };
    save().map_err(|error: std::io::Error| Error::io(path, error))
}

/// A file without a name yet, which all may read once it has one.
pub(crate) fn draft(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;
    tempfile::Builder::new()
        .permissions(std::fs::Permissions::from_mode(0o644))
        .tempfile_in(folder)
}

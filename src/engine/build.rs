//! Finds the system's OpenBLAS through pkg-config, tries whether it brings LAPACK, and links it.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rustc-env=DLTHEORY_FAER={}", faer_version());
    #[cfg(feature = "openblas")]
    openblas::link();
}

/// What the lock says; Cargo tells a build script nothing of its dependencies' versions.
fn faer_version() -> String {
    let lock = std::path::Path::new("../../Cargo.lock");
    println!("cargo:rerun-if-changed={}", lock.display());
    let lock = std::fs::read_to_string(lock).unwrap_or_default();
    let version = lock
        .split_once("name = \"faer\"\nversion = \"")
        .and_then(|(_, rest)| rest.split_once('"'));
    version.map_or("0.24", |(version, _)| version).to_owned()
}

#[cfg(feature = "openblas")]
mod openblas {
    use std::path::Path;
    use std::process::{Command, exit};

    const INSTALL: &str = "On Debian or Ubuntu:  sudo apt-get install libopenblas-dev pkg-config\n\
        (or run ./lab setup, which does this). Without OpenBLAS: --no-default-features --features pure.";

    pub(crate) fn link() {
        let found = pkg_config::Config::new()
            .atleast_version("0.3")
            .probe("openblas");
        let library = found.unwrap_or_else(|error| {
            eprintln!(
                "dltheory needs OpenBLAS, and pkg-config did not find it.\n{INSTALL}\n\
                 pkg-config said: {error}"
            );
            exit(1);
        });
        // What this machine's linker cannot link for another machine, that machine's will.
        if std::env::var("HOST") == std::env::var("TARGET") {
            probe(&library);
        }
    }

    /// OpenBLAS can be built without LAPACK, which would show only as a page of linker errors at
    /// the very end: link one symbol of it now.
    fn probe(library: &pkg_config::Library) {
        let out = std::env::var("OUT_DIR").expect("Cargo names a folder for output");
        let source = Path::new(&out).join("probe.rs");
        let program = "unsafe extern \"C\" { fn dgesdd_(); }\n\
            fn main() { println!(\"{:?}\", dgesdd_ as *const ()); }\n";
        std::fs::write(&source, program).expect("the folder for output is writable");
        let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        rustc.args([
            "--edition",
            "2024",
            "--crate-name",
            "probe",
            "--out-dir",
            &out,
        ]);
        for path in &library.link_paths {
            rustc.arg("-L").arg(path);
        }
        for name in &library.libs {
            rustc.arg("-l").arg(name);
        }
        let output = rustc.arg(&source).output().expect("Cargo runs rustc");
        if !output.status.success() {
            eprintln!(
                "dltheory needs LAPACK, and the OpenBLAS that pkg-config found (version {}) has no \
                 dgesdd: it was built without LAPACK.\n{INSTALL}\nThe linker said:\n{}",
                library.version,
                String::from_utf8_lossy(&output.stderr)
            );
            exit(1);
        }
    }
}

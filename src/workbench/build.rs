//! Finds the system's OpenBLAS through pkg-config and links it.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // OpenBLAS carries BLAS, CBLAS and LAPACK in one library.
    if let Err(error) = pkg_config::Config::new()
        .atleast_version("0.3")
        .probe("openblas")
    {
        eprintln!(
            "dltheory needs OpenBLAS, and pkg-config did not find it.\n\
             On Debian or Ubuntu:  sudo apt-get install libopenblas-dev pkg-config\n\
             (or run ./lab setup, which does this). pkg-config said: {error}"
        );
        std::process::exit(1);
    }
}

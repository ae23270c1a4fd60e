//! Cells that the lint stops before anything is compiled.

use super::{Case, attack, case};
use crate::grader;

fn outside() -> Vec<Case> {
    vec![
        case(
            "unsafe memory writes",
            "$SIGNATURE { unsafe { *(8 as *mut u8) = 1 } $WRONG }",
            "line 1: unsafe is not allowed",
        ),
        case(
            "a raw identifier",
            "$SIGNATURE { let r#unsafe = 1; $WRONG }",
            "unsafe is not allowed",
        ),
        case(
            "the hidden checks",
            "const A: &str = include_str!(\"../src/exercise/hidden/chapter_13.rs\");",
            "include_str!",
        ),
        case(
            "bytes of the grader",
            "use std::include_bytes as bytes;\nconst A: &[u8] = bytes!(\"/proc/self/exe\");",
            "line 1: include_bytes!",
        ),
        case(
            "include built by a macro",
            "macro_rules! m { ($p:expr) => { include!($p) } }\nm!(\"/etc/passwd\");",
            "include!",
        ),
        case(
            "include renamed",
            "use core::{include as harmless};\nharmless!(\"/etc/passwd\");",
            "include!",
        ),
        case(
            "env!",
            "const A: &str = env!(\"CARGO_MANIFEST_DIR\");",
            "env!",
        ),
        case(
            "option_env!",
            "const A: Option<&str> = option_env!(\"HOME\");",
            "option_env!",
        ),
        case(
            "std::env::vars",
            "$SIGNATURE { for v in std::env::vars() { println!(\"{v:?}\") } $WRONG }",
            "std::env reaches outside",
        ),
        case(
            "std::fs",
            "$SIGNATURE { let _ = std::fs::read(\"/proc/self/maps\"); $WRONG }",
            "std::fs",
        ),
        case(
            "std::fs by another name",
            "use std as s;\n$SIGNATURE { let _ = s::fs::write(\"/tmp/a\", \"b\"); $WRONG }",
            "line 2: std::fs",
        ),
        case(
            "everything of std",
            "use std::*;\n$SIGNATURE { process::exit(0) }",
            "std::process",
        ),
        case(
            "a fork bomb",
            "$SIGNATURE { loop { std::process::Command::new(\"sh\").spawn().unwrap(); } }",
            "std::process",
        ),
        case("TcpStream", "use std::net::TcpStream;", "std::net"),
        case(
            "UdpSocket",
            "$SIGNATURE { let _ = std::net::UdpSocket::bind(\"0.0.0.0:0\"); $WRONG }",
            "std::net",
        ),
        case("descriptors", "use std::os::fd::FromRawFd;", "std::os"),
        case(
            "the library's solution",
            "$SIGNATURE { dltheory::fit::min_norm(x, y) }",
            "dltheory::fit",
        ),
        case(
            "the exercises",
            "use dltheory::exercise::hidden;",
            "dltheory::exercise",
        ),
        case(
            "the calls",
            "$SIGNATURE { ::dltheory::call::$NAME($NAME); $WRONG }",
            "dltheory::call",
        ),
        case(
            "the worker",
            "$SIGNATURE { ::dltheory::worker::main(&[]); $WRONG }",
            "dltheory::worker",
        ),
        case(
            "the confinement",
            "use dltheory::{confine};",
            "is not there",
        ),
        case("inline assembly", "use std::arch::asm;", "asm"),
        case("the parent", "use super::*;", "super::"),
        case(
            "another exercise",
            "$SIGNATURE { crate::min_norm::graded_solution(); $WRONG }",
            "crate::",
        ),
    ]
}

fn whole_program() -> Vec<Case> {
    vec![
        case(
            "#[global_allocator]",
            "#[global_allocator] static A: std::alloc::System = std::alloc::System;",
            "#[global_allocator]",
        ),
        case(
            "#[no_mangle]",
            "#[no_mangle] pub fn cblas_dgemm() {}",
            "#[no_mangle]",
        ),
        case(
            "#[unsafe(no_mangle)]",
            "#[unsafe(no_mangle)] pub fn malloc() {}",
            "no_mangle",
        ),
        case(
            "#[export_name]",
            "#[unsafe(export_name = \"memcpy\")] pub fn copy() {}",
            "export_name",
        ),
        case(
            "in a cfg_attr",
            "#[cfg_attr(all(), unsafe(no_mangle))] pub fn malloc() {}",
            "no_mangle",
        ),
        case(
            "the attribute by a macro",
            "macro_rules! m { ($a:meta) => { #[$a] pub fn malloc() {} } }\nm!(unsafe(no_mangle));",
            "unsafe",
        ),
        case(
            "code before main",
            "#[used] #[unsafe(link_section = \".init_array\")] static A: fn() = || ();",
            "#[used]",
        ),
        case("extern crate", "extern crate std as dltheory;", "extern"),
        case(
            "extern functions",
            "extern \"C\" { fn system(c: *const u8) -> i32; }",
            "extern",
        ),
        case("another file", "mod min_norm;", "mod min_norm;"),
        case(
            "another file by its path",
            "#[path = \"main.rs\"] mod a;",
            "#[path]",
        ),
        case(
            "another file by a macro",
            "macro_rules! m { ($a:meta $n:ident) => { #[$a] mod $n; } }\nm!(path = \"main.rs\" a);",
            "reads another file",
        ),
        case(
            "another file by a token",
            "macro_rules! m { ($k:tt $n:ident) => { $k $n; } }\nm!(mod min_norm);",
            "reads another file",
        ),
        case(
            "a macro for everyone",
            "#[macro_export] macro_rules! vec { ($($t:tt)*) => { compile_error!() } }",
            "macro_export",
        ),
        case(
            "procedural macros",
            "#[proc_macro] pub fn m(_: ()) {}",
            "#[proc_macro]",
        ),
    ]
}

#[test]
fn what_reaches_outside_is_named() {
    attack(&grader(), &outside());
}

#[test]
fn what_speaks_about_the_whole_program_is_named() {
    attack(&grader(), &whole_program());
}

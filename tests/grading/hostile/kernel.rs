//! What a cell reaches once it is past the lint: nothing. Every case tells the kernel's answer as
//! the message of a panic.

use super::{Case, attack, evading};
use crate::grader;

fn tells(attack: &'static str, expression: &str, says: &'static str) -> Case {
    let expression = expression.replace("IMPORT", IMPORT);
    let cell = format!("$SIGNATURE {{ panic!(\"kernel: {{:?}}\", {expression}) }}");
    evading(attack, &cell, says)
}

/// `use` that the lint does not recognise.
const IMPORT: &str = "macro_rules! q { ($($a:ident)*) => { use $($a)::*; } }";

const DENIED: &str = "it panicked: kernel: Err(Os { code: 1, kind: PermissionDenied";

fn cases() -> Vec<Case> {
    vec![
        tells("read a file", "p!(std fs read)(\"/etc/passwd\")", DENIED),
        tells(
            "read a library, which a compiler may",
            "p!(std fs read_dir)(\"/usr/lib\").map(|_| ())",
            DENIED,
        ),
        tells(
            "read its own sources",
            "p!(std fs read)(\"main.rs\")",
            DENIED,
        ),
        tells(
            "write a file",
            "p!(std fs write)(\"/tmp/hostile\", \"x\")",
            DENIED,
        ),
        tells(
            "write a file beside itself",
            "p!(std fs write)(\"hostile\", \"x\")",
            DENIED,
        ),
        tells(
            "remove its program",
            "p!(std fs remove_file)(\"submission\")",
            DENIED,
        ),
        tells(
            "link to a file",
            "p!(std fs hard_link)(\"/etc/passwd\", \"link\")",
            DENIED,
        ),
        tells(
            "the answers' pipe through /proc",
            "p!(std fs write)(\"/proc/self/fd/3\", \"x\")",
            DENIED,
        ),
        tells(
            "the memory of the grader",
            "p!(std fs read)(format!(\"/proc/{}/mem\", 1))",
            DENIED,
        ),
        tells(
            "list processes",
            "p!(std fs read_dir)(\"/proc\").map(|_| ())",
            DENIED,
        ),
        tells(
            "TCP",
            "p!(std net TcpStream connect)(\"127.0.0.1:80\").map(|_| ())",
            DENIED,
        ),
        tells(
            "UDP",
            "p!(std net UdpSocket bind)(\"127.0.0.1:0\").map(|_| ())",
            DENIED,
        ),
        tells(
            "a TCP server",
            "p!(std net TcpListener bind)(\"127.0.0.1:0\").map(|_| ())",
            DENIED,
        ),
        tells(
            "start a program",
            "p!(std process Command new)(\"/bin/true\").spawn().map(|_| ())",
            DENIED,
        ),
        tells(
            "become a program",
            "{ IMPORT q!(std os unix process CommandExt); p!(std process Command new)(\"/bin/true\").exec() }",
            "kernel: Os { code: 1, kind: PermissionDenied",
        ),
        tells("a pipe of its own", "std::io::pipe().map(|_| ())", DENIED),
        tells(
            "another descriptor for its output",
            "{ IMPORT q!(std os fd AsFd); std::io::stdout().as_fd().try_clone_to_owned().map(|_| ()) }",
            DENIED,
        ),
        tells(
            "a pair of sockets",
            "{ IMPORT q!(std os unix net UnixStream); UnixStream::pair().map(|_| ()) }",
            DENIED,
        ),
        tells(
            "another folder",
            "std::env::set_current_dir(\"/\")",
            "which is not allowed",
        ),
    ]
}

#[test]
fn past_the_lint_there_is_the_kernel() {
    attack(&grader(), &cases());
}

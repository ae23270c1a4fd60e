//! Names and texts that students choose, made fit for folders, terminals and tables.

use super::fnv::Fnv;
pub(crate) use crate::exercise::person::misleading;

/// The longest name of a result's folder, bytes: a file system takes 255, and a number may follow.
const LONGEST: usize = 200;

/// A file's name as a sentence may show it: what misleads is written as an escape.
pub(crate) fn shown(name: &str) -> String {
    let mut shown = String::new();
    for c in name.chars() {
        match misleading(c) {
            true => shown.extend(c.escape_default()),
            false => shown.push(c),
        }
    }
    shown
}

/// The name of a submission, and of its folder: nothing in it misleads or leads elsewhere, and it is
/// not too long. Two that differ stay different unless they differ in what misleads alone.
pub(crate) fn folder(name: &str) -> String {
    let mut folder: String = name
        .chars()
        .map(|c| if misleading(c) || c == '/' { '_' } else { c })
        .collect();
    if folder.trim_matches(['.', ' ']).is_empty() {
        folder = "submission".into();
    }
    if folder.len() > LONGEST {
        let mut hash = Fnv::default();
        hash.add(name.as_bytes());
        let end = folder.floor_char_boundary(LONGEST - 9);
        folder.truncate(end);
        folder.push('-');
        folder.push_str(&hash.hex()[..8]);
    }
    folder
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_misleads_is_no_part_of_a_folder_and_is_told_as_an_escape() {
        assert_eq!(folder("a\u{202e}b\u{2028}c/d"), "a_b_c_d");
        assert_eq!(folder(".."), "submission");
        assert_eq!(folder("Ada Lovelace_101"), "Ada Lovelace_101");
        assert_eq!(shown("x\u{202e}y"), "x\\u{202e}y");
    }

    #[test]
    fn long_names_are_cut_and_stay_different() {
        let names = ["a", "b"].map(|end| folder(&("ä".repeat(127) + end)));
        assert!(names.iter().all(|name| name.len() <= LONGEST));
        assert_ne!(names[0], names[1]);
    }
}

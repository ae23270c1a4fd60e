//! Classes as platforms and people give them: who is a student, what counts, what is left out.

use std::fs;
use std::io::Write;
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::symlink;
use std::path::Path;

use dltheory::grade::{Class, HandedIn, Submission, find};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const NAME: &str = "13_double_descent.ipynb";

/// A notebook that says whose it is.
fn notebook(whose: &str) -> String {
    serde_json::json!({ "cells": [{ "cell_type": "markdown", "source": whose }] }).to_string()
}

fn put(root: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// A zip of these entries.
fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A zip whose entries have these very bytes for names, stored, with this flag and method each.
fn raw_zip(entries: &[(&[u8], &[u8], u16, u16)]) -> Vec<u8> {
    let (mut body, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes, flags, method) in entries {
        let mut crc = flate2_crc(bytes);
        if *flags & 0x8000 != 0 {
            crc = !crc;
        }
        let mut head = Vec::new();
        for short in [20, flags & 0x7fff, *method, 0, 0x5a21] {
            head.extend(short.to_le_bytes());
        }
        head.extend(crc.to_le_bytes());
        for _ in 0..2 {
            head.extend((bytes.len() as u32).to_le_bytes());
        }
        head.extend((name.len() as u16).to_le_bytes());
        head.extend([0, 0]);
        let offset = body.len() as u32;
        body.extend(b"PK\x03\x04");
        body.extend(&head);
        body.extend(*name);
        body.extend(*bytes);
        directory.extend(b"PK\x01\x02");
        directory.extend(20u16.to_le_bytes());
        directory.extend(&head);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(*name);
    }
    let start = body.len() as u32;
    let (count, size) = (entries.len() as u16, directory.len() as u32);
    body.extend(directory);
    body.extend(b"PK\x05\x06\0\0\0\0");
    body.extend(count.to_le_bytes());
    body.extend(count.to_le_bytes());
    body.extend(size.to_le_bytes());
    body.extend(start.to_le_bytes());
    body.extend([0, 0]);
    body
}

/// CRC-32 as zips have it.
fn flate2_crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

/// Whose notebooks each submission has, by its name.
fn whose(class: &Class) -> Vec<(String, Vec<String>)> {
    class
        .submissions
        .iter()
        .map(|handed_in| {
            let submission = Submission::read_all(handed_in).unwrap();
            let of = |bytes: &[u8]| -> String {
                let json: serde_json::Value = serde_json::from_slice(bytes).unwrap();
                json["cells"][0]["source"].as_str().unwrap().to_owned()
            };
            let notebooks = submission.notebooks.iter().map(|n| of(&n.bytes));
            (handed_in.name.clone(), notebooks.collect())
        })
        .collect()
}

fn assert_whose(class: &Class, expected: &[(&str, &[&str])]) {
    let expected: Vec<(String, Vec<String>)> = expected
        .iter()
        .map(|(name, of)| ((*name).into(), of.iter().map(|s| (*s).into()).collect()))
        .collect();
    assert_eq!(whose(class), expected);
}

/// Names and reasons of what was left out.
fn left_out(class: &Class) -> Vec<(&str, &str)> {
    let each = class.left_out.iter();
    each.map(|left| (left.name.as_str(), left.why.as_str()))
        .collect()
}

fn assert_left_out(class: &Class, name: &str, says: &str) {
    let found = left_out(class);
    let told = |(other, why): &(&str, &str)| *other == name && why.contains(says);
    assert!(found.iter().any(told), "{name}, {says}: {found:?}");
}

fn findings(handed_in: &HandedIn) -> String {
    Submission::read_all(handed_in).unwrap().findings.join("\n")
}

#[test]
fn what_lies_beside_the_students_is_no_student() {
    let folder = TempDir::new().unwrap();
    let class = folder.path();
    for student in ["ada", "bob"] {
        put(class, &format!("{student}/{NAME}"), notebook(student));
    }
    for hidden in [
        ".git/config",
        "__MACOSX/._x.ipynb",
        ".ipynb_checkpoints/x.ipynb",
        ".DS_Store",
    ] {
        put(class, hidden, "{}");
    }
    put(class, "old/grades.csv", "");
    put(class, "old/grades.xml", "");
    put(class, "old/ada/feedback.html", "");
    let students: &[(&str, &[&str])] = &[("ada", &["ada"]), ("bob", &["bob"])];
    let found = find(class).unwrap();
    assert_whose(&found, students);
    assert_left_out(&found, "old", "earlier grading");

    put(class, NAME, notebook("template"));
    symlink("nowhere", class.join("gone.ipynb")).unwrap();
    symlink(class.join("ada"), class.join("eve")).unwrap();
    put(class, "ada.zip.bak/x", "");
    fs::remove_dir_all(class.join("ada.zip.bak")).unwrap();
    symlink("/etc/passwd", class.join("mallory.zip")).unwrap();
    let made = std::process::Command::new("mkfifo")
        .arg(class.join("pipe.zip"))
        .status();
    assert!(made.unwrap().success());
    for bad in ["eve.tar.gz", "fay.7z", "gus.rar", "hal.ipynb.txt", "ivy.rs"] {
        put(class, bad, "x");
    }
    let found = find(class).unwrap();
    assert_whose(&found, students);
    assert_left_out(&found, NAME, "beside the students' folders");
    for link in ["gone.ipynb", "eve", "mallory.zip"] {
        assert_left_out(&found, link, "a link");
    }
    assert_left_out(&found, "pipe.zip", "a pipe");
    for archive in ["eve.tar.gz", "fay.7z", "gus.rar"] {
        assert_left_out(&found, archive, "make it a .zip");
    }
    assert_left_out(&found, "hal.ipynb.txt", "must end in .ipynb");
    assert_left_out(&found, "ivy.rs", "no notebook");

    fs::create_dir(class.join("x.ipynb")).unwrap();
    let found = find(class).unwrap();
    assert_eq!(
        found.submissions.len(),
        3,
        "a folder is one, whatever its name"
    );
}

#[test]
fn one_folder_and_notebooks_beside_it_may_be_either() {
    let folder = TempDir::new().unwrap();
    put(folder.path(), &format!("ada/{NAME}"), notebook("ada"));
    put(folder.path(), NAME, notebook("template"));
    let error = find(folder.path()).unwrap_err().to_string();
    assert!(error.contains("--one") && error.contains(NAME), "{error}");
    let one = Class::one(folder.path()).unwrap();
    assert_eq!(whose(&one)[0].1.len(), 2);
}

#[test]
fn canvas_gives_one_flat_folder() {
    let folder = TempDir::new().unwrap();
    for (file, whose) in [
        ("lovelaceada_101_9001_13_double_descent.ipynb", "ada"),
        ("noetheremmy_102_9002_13_double_descent.ipynb", "emmy early"),
        (
            "noetheremmy_LATE_102_9003_13_double_descent-1.ipynb",
            "emmy",
        ),
        ("hopper_103_9011_07_kernel.ipynb", "hopper 7"),
        ("hopper_103_9012_13_double_descent.ipynb", "hopper 13"),
        (
            "hopper_103_9020_13_double_descent-1.ipynb",
            "hopper 13 again",
        ),
    ] {
        put(folder.path(), file, notebook(whose));
    }
    let inner = zip(&[(NAME, notebook("meitner").as_bytes())]);
    put(folder.path(), "meitner_104_9030_work.zip", inner);
    put(folder.path(), "curie_105_9031_work.tar.gz", "x");
    let expected: &[(&str, &[&str])] = &[
        ("hopper_103", &["hopper 7", "hopper 13 again"]),
        ("lovelaceada_101", &["ada"]),
        ("meitner_104", &["meitner"]),
        ("noetheremmy_102", &["emmy"]),
    ];
    let check = |class: &Class| {
        assert_whose(class, expected);
        assert_left_out(class, "curie_105_9031_work.tar.gz", "archive");
        for earlier in [
            "noetheremmy_102_9002_13_double_descent.ipynb",
            "hopper_103_9012_13_double_descent.ipynb",
        ] {
            assert_left_out(class, earlier, "a later attempt counts");
        }
        let emmy = findings(&class.submissions[3]);
        assert!(
            emmy.contains("handed in late") && emmy.contains("earlier attempt"),
            "{emmy}"
        );
        assert_eq!(class.submissions[3].student.ids, ["102"]);
    };
    check(&find(folder.path()).unwrap());

    // The same, zipped: as itself, and in a folder.
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        entries.push((name, fs::read(&path).unwrap()));
    }
    let entries: Vec<(&str, &[u8])> = entries.iter().map(|(n, b)| (n.as_str(), &b[..])).collect();
    let zipped = TempDir::new().unwrap();
    put(zipped.path(), "submissions.zip", zip(&entries));
    check(&find(&zipped.path().join("submissions.zip")).unwrap());
    check(&find(zipped.path()).unwrap());
}

#[test]
fn moodle_and_ilias_give_folders() {
    let moodle = TempDir::new().unwrap();
    let work = zip(&[(NAME, notebook("emmy").as_bytes())]);
    let root = moodle.path();
    put(
        root,
        &format!("Ada Lovelace_101_assignsubmission_file_/{NAME}"),
        notebook("ada"),
    );
    put(
        root,
        "Ada Lovelace_101_assignsubmission_onlinetext_/onlinetext.html",
        "",
    );
    put(
        root,
        "Emmy Noether_102_assignsubmission_file/work.zip",
        &work,
    );
    put(
        root,
        &format!("Lise Meitner_103_assignsubmission_file_{NAME}"),
        notebook("lise"),
    );
    let class = find(root).unwrap();
    assert_whose(
        &class,
        &[
            ("Ada Lovelace_101", &["ada"]),
            ("Emmy Noether_102", &["emmy"]),
            ("Lise Meitner_103", &["lise"]),
        ],
    );
    assert_eq!(
        class.submissions[0].student.name.as_deref(),
        Some("Ada Lovelace")
    );

    let ilias = TempDir::new().unwrap();
    let sheet = "Sheet 4_77";
    for (file, of) in [
        (format!("Lovelace_Ada_alove_101/{NAME}"), "ada"),
        (
            "Lovelace_Ada_alove_101/13_double_descent (2).ipynb".into(),
            "ada again",
        ),
        (
            format!("Noether_Emmy_enoet_102/Late Submission - {NAME}"),
            "emmy",
        ),
    ] {
        put(ilias.path(), &format!("{sheet}/{file}"), notebook(of));
    }
    put(ilias.path(), &format!("{sheet}/status.xlsx"), "");
    let class = find(ilias.path()).unwrap();
    let students: &[(&str, &[&str])] = &[
        ("Lovelace_Ada_alove_101", &["ada again"]),
        ("Noether_Emmy_enoet_102", &["emmy"]),
    ];
    assert_whose(&class, students);
    assert_left_out(&class, "status.xlsx", "neither");
    assert!(class.notes[0].contains(sheet), "{:?}", class.notes);
    let ada = findings(&class.submissions[0]);
    assert!(
        ada.contains(&format!("an earlier attempt does not count: {NAME}")),
        "{ada}"
    );
    assert!(findings(&class.submissions[1]).contains("handed in late"));
}

#[test]
fn a_zip_is_a_class_or_one_submission() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    let (ada, bob) = (notebook("ada"), notebook("bob"));
    let of = |prefix: &str| {
        let names = ["ada/", "bob/"].map(|student| format!("{prefix}{student}{NAME}"));
        zip(&[(&names[0], ada.as_bytes()), (&names[1], bob.as_bytes())])
    };
    put(root, "class.zip", of(""));
    put(root, "wrapped.zip", of("wrapped/"));
    let nested = [
        zip(&[(NAME, ada.as_bytes())]),
        zip(&[(NAME, bob.as_bytes())]),
    ];
    put(
        root,
        "zips.zip",
        zip(&[("ada.zip", &nested[0]), ("bob.zip", &nested[1])]),
    );
    for class in ["class.zip", "wrapped.zip", "zips.zip"] {
        let found = find(&root.join(class)).unwrap();
        assert_whose(&found, &[("ada", &["ada"]), ("bob", &["bob"])]);
        assert!(found.notes.join(" ").contains("--one"), "{:?}", found.notes);
    }
    // Chapters in folders of their own are no students.
    let one = zip(&[
        ("07/07_a.ipynb", ada.as_bytes()),
        ("08/08_b.ipynb", bob.as_bytes()),
    ]);
    put(root, "eve.zip", one);
    assert_whose(
        &find(&root.join("eve.zip")).unwrap(),
        &[("eve", &["ada", "bob"])],
    );
    put(root, "broken.zip", "PK\x03\x04 and nothing more");
    let broken = find(&root.join("broken.zip")).unwrap();
    assert!(findings(&broken.submissions[0]).contains("cannot be read"));
}

/// Who may name the files in a zip could else hand in for others, or twice for them.
#[test]
fn a_students_zip_is_no_class_beside_other_students() {
    let folder = TempDir::new().unwrap();
    let forged = notebook("forged");
    let inside = zip(&[
        ("noetheremmy_102_9999_x.ipynb", forged.as_bytes()),
        ("Lovelace_Ada_alove_101/x.ipynb", forged.as_bytes()),
    ]);
    put(folder.path(), "mallory.zip", inside);
    put(folder.path(), &format!("emmy/{NAME}"), notebook("emmy"));
    let class = find(folder.path()).unwrap();
    assert_whose(
        &class,
        &[("emmy", &["emmy"]), ("mallory", &["forged", "forged"])],
    );
}

/// However many names are in a zip, it is read in time that grows no faster.
#[test]
fn a_zip_of_many_folders_holds_nobody_up() {
    let folder = TempDir::new().unwrap();
    let good = notebook("ada");
    let mut names: Vec<String> = (0..60_000).map(|i| format!("{i}/x/y/{i}.txt")).collect();
    names.insert(0, NAME.into());
    let entries: Vec<(&[u8], &[u8], u16, u16)> = names
        .iter()
        .map(|name| match name == NAME {
            true => (name.as_bytes(), good.as_bytes(), 0, 0),
            false => (name.as_bytes(), &b""[..], 0, 0),
        })
        .collect();
    fs::write(folder.path().join("ada.zip"), raw_zip(&entries)).unwrap();
    assert_whose(
        &find(&folder.path().join("ada.zip")).unwrap(),
        &[("ada", &["ada"])],
    );
    assert_whose(&find(folder.path()).unwrap(), &[("ada", &["ada"])]);
}

#[test]
fn zips_of_every_program_lead_to_their_notebooks() {
    let folder = TempDir::new().unwrap();
    let good = notebook("ada");
    let name = NAME.as_bytes();
    let cp932: &[u8] = b"\x89\xdb\x91\xe8/";
    let inner = zip(&[(NAME, good.as_bytes())]);
    type Entries<'a> = Vec<(Vec<u8>, &'a [u8])>;
    let cases: Vec<(&str, Entries)> = vec![
        (
            "backslash",
            vec![([b"work\\", name].concat(), good.as_bytes())],
        ),
        (
            "macosx",
            vec![
                (name.to_vec(), good.as_bytes()),
                ([b"__MACOSX\\._", name].concat(), b"\0\x05\x16\x07"),
                ([b"__MACOSX/._", name].concat(), b"\0\x05\x16\x07"),
            ],
        ),
        ("cp932", vec![([cp932, name].concat(), good.as_bytes())]),
        (
            "utf8",
            vec![(["übung/".as_bytes(), name].concat(), good.as_bytes())],
        ),
        (
            "absolute",
            vec![([b"/home/me/", name].concat(), good.as_bytes())],
        ),
        (
            "drive",
            vec![([b"C:\\work\\", name].concat(), good.as_bytes())],
        ),
        ("dot", vec![([b"./", name].concat(), good.as_bytes())]),
        ("json", vec![([name, b".json"].concat(), good.as_bytes())]),
        ("zip", vec![(b"inner.zip".to_vec(), &inner)]),
    ];
    for (case, entries) in &cases {
        let entries: Vec<_> = entries.iter().map(|(n, b)| (&n[..], *b, 0, 0)).collect();
        let path = folder.path().join(format!("{case}.zip"));
        fs::write(&path, raw_zip(&entries)).unwrap();
        assert_whose(&find(&path).unwrap(), &[(case, &["ada"])]);
        let findings = Submission::read(&path).unwrap().findings;
        assert!(findings.is_empty(), "{case}: {findings:?}");
    }
}

#[test]
fn one_odd_entry_costs_itself_only() {
    let folder = TempDir::new().unwrap();
    let good = notebook("ada");
    let good = good.as_bytes();
    let entries: Vec<(&[u8], &[u8], u16, u16)> = vec![
        (b"a.png", b"LZMA", 0, 14),
        (b"secret.png", b"encrypted", 1, 0),
        (b"bad.ipynb", b"{}", 0x8000, 0),
        (b"lzma.ipynb", b"{}", 0, 14),
        (b"locked.ipynb", b"encrypted {}", 1, 0),
        (b"../out.ipynb", good, 0, 0),
        (b"bad.zip", b"PK no zip", 0, 0),
        (NAME.as_bytes(), good, 0, 0),
    ];
    let path = folder.path().join("ada.zip");
    fs::write(&path, raw_zip(&entries)).unwrap();
    assert_whose(&find(&path).unwrap(), &[("ada", &["ada"])]);
    let findings = Submission::read(&path).unwrap().findings.join("\n");
    for says in [
        "bad.ipynb in the zip cannot be read: it is damaged",
        "lzma.ipynb in the zip cannot be read: it is packed in a way",
        "locked.ipynb in the zip cannot be read: it is encrypted",
        "leads out of it: ../out.ipynb",
        "bad.zip cannot be read",
    ] {
        assert!(findings.contains(says), "{says}: {findings}");
    }
    assert!(
        !findings.contains(".png"),
        "what is no notebook is not opened: {findings}"
    );
}

#[test]
fn zips_in_zips_have_an_end() {
    let folder = TempDir::new().unwrap();
    let mut bytes = zip(&[(NAME, notebook("deep").as_bytes())]);
    for _ in 0..6 {
        bytes = zip(&[("inner.zip", &bytes)]);
    }
    put(folder.path(), "deep.zip", &bytes);
    let deep = Submission::read(&folder.path().join("deep.zip")).unwrap();
    assert!(deep.notebooks.is_empty());
    assert!(
        deep.findings.join("\n").contains("more than 3 deep"),
        "{:?}",
        deep.findings
    );

    // Many zips of many zips.
    let leaf = zip(&[("x.ipynb", b"{\"cells\":[]}")]);
    let names: Vec<String> = (0..300).map(|i| format!("{i}.zip")).collect();
    let entries: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), &leaf[..])).collect();
    put(folder.path(), "wide.zip", zip(&entries));
    let wide = Submission::read(&folder.path().join("wide.zip")).unwrap();
    assert_eq!(wide.findings, ["only the first 50 zips are opened"]);

    // A zip that is large when opened.
    let mut bomb = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    bomb.start_file(
        "inner.zip",
        SimpleFileOptions::default().compression_method(CompressionMethod::Deflated),
    )
    .unwrap();
    for _ in 0..200 {
        bomb.write_all(&vec![0; 1 << 20]).unwrap();
    }
    put(
        folder.path(),
        "bomb.zip",
        bomb.finish().unwrap().into_inner(),
    );
    let bomb = Submission::read(&folder.path().join("bomb.zip")).unwrap();
    assert!(
        bomb.findings.join("\n").contains("more than 128 MiB"),
        "{:?}",
        bomb.findings
    );
}

#[test]
fn names_that_are_no_text_and_folders_that_are_deep_are_read() {
    let folder = TempDir::new().unwrap();
    for bytes in [b"caf\xe9", b"caf\xe8"] {
        let student = folder
            .path()
            .join(std::ffi::OsString::from_vec(bytes.to_vec()));
        put(&student, NAME, notebook("cafe"));
    }
    put(
        folder.path(),
        &format!("ada/{}{NAME}", "d/".repeat(10)),
        notebook("ada"),
    );
    put(
        folder.path(),
        &format!("eve/{}{NAME}", "d/".repeat(20)),
        notebook("eve"),
    );
    let class = find(folder.path()).unwrap();
    let cafe: &[&str] = &["cafe"];
    assert_whose(
        &class,
        &[
            ("ada", &["ada"]),
            ("caf\u{fffd}", cafe),
            ("caf\u{fffd}", cafe),
            ("eve", &[]),
        ],
    );
    let eve = findings(&class.submissions[3]);
    assert!(eve.contains("folders deeper than 16 are not read"), "{eve}");
}

#[test]
fn what_was_left_out_of_a_submission_is_named_with_it() {
    let folder = TempDir::new().unwrap();
    put(folder.path(), &format!("ada/{NAME}"), notebook("ada"));
    for file in ["work.tar.gz", "min_norm.rs", "x.ipynb.txt", "plot.png"] {
        put(folder.path(), &format!("ada/{file}"), "x");
    }
    put(folder.path(), "bob/answers.7z", "x");
    put(folder.path(), "bob/plot.png", "x");
    let class = find(folder.path()).unwrap();
    let ada = findings(&class.submissions[0]);
    for name in ["work.tar.gz", "min_norm.rs", "x.ipynb.txt"] {
        assert!(ada.contains(name), "{ada}");
    }
    assert!(!ada.contains("plot.png"), "{ada}");
    let bob = findings(&class.submissions[1]);
    assert!(
        bob.contains("there is no notebook in it\nleft out: answers.7z (an archive"),
        "{bob}"
    );
    assert!(bob.contains("plot.png"), "{bob}");
}

#[test]
fn more_notebooks_than_are_read_are_told() {
    let folder = TempDir::new().unwrap();
    for i in 0..201 {
        put(folder.path(), &format!("{i}.ipynb"), notebook("ada"));
    }
    let submission = Submission::read(folder.path()).unwrap();
    assert_eq!(submission.notebooks.len(), 200);
    assert_eq!(
        submission.findings,
        ["only the first 200 notebooks are read"]
    );
}

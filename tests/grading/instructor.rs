//! What an instructor asks of a class's grades: what was set, who is on the roster, what moved.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use dltheory::grade::class::{Graded, Plan, grade_class};
use dltheory::grade::verify::references;
use dltheory::grade::{Earlier, GradeSettings, Roster, find};
use tempfile::TempDir;

use crate::{Own, short};

fn own(grading: Option<&Path>, chapters: &[&str]) -> Own {
    Own::new(GradeSettings {
        grading: grading.map(Path::to_owned),
        chapters: chapters.iter().map(|name| (*name).to_owned()).collect(),
        ..short()
    })
}

/// Writes a student's notebook: the right answers, or stubs.
fn hand_in(class: &Path, student: &str, right: bool) {
    let folder = class.join(student);
    fs::create_dir_all(&folder).unwrap();
    let bytes = match right {
        true => references().unwrap().notebooks[0].bytes.clone(),
        false => fs::read(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/notebooks/13_double_descent.ipynb"
        ))
        .unwrap(),
    };
    fs::write(folder.join("work.ipynb"), bytes).unwrap();
}

fn points(all: &[Graded]) -> Vec<(&str, f64, f64)> {
    let of = |one: &Graded| one.grade.as_ref().map(|g| (g.points, g.out_of)).unwrap();
    let each = all.iter().map(|one| (one.name.as_str(), of(one)));
    each.map(|(name, (points, out_of))| (name, points, out_of))
        .collect()
}

#[test]
fn a_class_is_graded_for_what_was_set_and_joined_with_its_roster() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name);
    let class = path("class");
    hand_in(&class, "Lovelace_Ada_alove_101", true);
    hand_in(&class, "Noether_Emmy_enoet_102", false);
    fs::write(class.join("eve.7z"), "x").unwrap();
    fs::write(
        path("roster.csv"),
        "Student,ID,SIS Login ID,Section,Homework 1 (77)\n    Points Possible,,,,10\n\
         \"Lovelace, Ada\",101,alove,A,9\n\"Noether, Emmy\",102,enoet,A,8\n\"Curie, Marie\",103,mcurie,A,7\n",
    )
    .unwrap();
    let grader = own(None, &["min_norm"]);
    let out_of = grader.scheme().out_of();
    let found = find(&class).unwrap();
    let plan = Plan {
        roster: Some(Roster::read(&path("roster.csv"), None).unwrap()),
        ..Plan::new(&path("out"))
    };
    let (all, notes) = grade_class(&grader, &found, &plan, |_| ()).unwrap();
    assert_eq!(notes, ["no submission: Curie, Marie"]);
    let (ada, emmy) = ("Lovelace_Ada_alove_101", "Noether_Emmy_enoet_102");
    assert_eq!(points(&all), [(ada, out_of, out_of), (emmy, 0.0, out_of)]);

    let csv = fs::read_to_string(path("out/grades.csv")).unwrap();
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines[0],
        "submission,id,student,points,out_of,13_double_descent/min_norm,findings"
    );
    assert_eq!(
        lines[1],
        format!("{ada},101,\"Lovelace, Ada\",{out_of},{out_of},{out_of},")
    );
    let absent = format!("\"Curie, Marie\",103,\"Curie, Marie\",0,{out_of},0,no submission");
    assert_eq!(lines[3], absent);
    assert!(
        lines[4].starts_with("eve.7z,,,,,,\"left out: an archive"),
        "{csv}"
    );
    assert_eq!(
        fs::read_to_string(path("out/roster.csv")).unwrap(),
        format!(
            "Student,ID,SIS Login ID,Section,Homework 1 (77),dltheory\n    Points Possible,,,,10,{out_of}\n\
             \"Lovelace, Ada\",101,alove,A,9,{out_of}\n\"Noether, Emmy\",102,enoet,A,8,0\n\"Curie, Marie\",103,mcurie,A,7,0\n"
        )
    );

    // Regraded with a worse answer: told by check, and kept if that is wished.
    hand_in(&class, ada, false);
    let earlier = Earlier::read(&path("out")).unwrap();
    let plan = Plan::new(&path("again"));
    let (all, _) = grade_class(&grader, &found, &plan, |_| ()).unwrap();
    let (moved, table) = earlier.moved(&all).unwrap();
    let [sentence] = moved.as_slice() else {
        panic!("{moved:?}");
    };
    assert!(
        sentence.starts_with(&format!("{ada}: {out_of} → 0: ")),
        "{sentence}"
    );
    assert!(
        sentence.contains("13_double_descent/min_norm: shortest "),
        "{sentence}"
    );
    assert!(
        table.starts_with("submission,check,before,after\n"),
        "{table}"
    );
    let plan = Plan {
        never_lower: Some(earlier.clone()),
        ..plan
    };
    for _ in 0..2 {
        let (all, _) = grade_class(&grader, &found, &plan, |_| ()).unwrap();
        let grade = all[0].grade.as_ref().unwrap();
        assert_eq!(grade.points, out_of);
        assert_eq!(
            grade.findings.last().unwrap(),
            &format!("the earlier grade is kept: graded again it would be 0 of {out_of}")
        );
        assert_eq!(earlier.moved(&all).unwrap().0, [""; 0]);
    }

    // Points of another scale cannot be kept.
    let other = own(None, &["13"]);
    let error = grade_class(&other, &found, &plan, |_| ()).unwrap_err();
    assert!(
        error.to_string().contains("earlier grades out of"),
        "{error}"
    );

    // What is a link among the results is not written through.
    let (elsewhere, out) = (path("elsewhere"), path("linked"));
    fs::create_dir_all(&elsewhere).unwrap();
    fs::create_dir_all(&out).unwrap();
    symlink(&elsewhere, out.join(ada)).unwrap();
    let (all, _) = grade_class(&grader, &found, &Plan::new(&out), |_| ()).unwrap();
    let error = all[0].grade.as_ref().unwrap_err();
    assert!(error.contains("found a link"), "{error}");
    assert_eq!(fs::read_dir(&elsewhere).unwrap().count(), 0);
    let csv = fs::read_to_string(out.join("grades.csv")).unwrap();
    assert!(
        csv.contains(&format!("{ada},,,,\"could not be graded: ")),
        "{csv}"
    );
    let xml = fs::read_to_string(out.join("grades.xml")).unwrap();
    let suite = format!("<testsuite name=\"{ada}\" tests=\"1\"");
    assert!(
        xml.contains(&suite) && xml.contains("<error message=\"could not be graded: "),
        "{xml}"
    );
}

#[test]
fn the_table_of_points_is_read_when_grading_starts() {
    let folder = TempDir::new().unwrap();
    let grading = folder.path().join("grading.csv");
    let write = |text: &str| fs::write(&grading, text).unwrap();
    write("\u{feff}exercise;check;points;visibility;seeds\r\nmin_norm;shortest;2,5;visible;1\r\n");
    let first = own(Some(&grading), &[]);
    assert_eq!(first.scheme().out_of(), 2.5);
    let notes = first.scheme().notes().join("\n");
    assert!(
        notes.contains("no row for") && notes.contains("13_double_descent/min_norm"),
        "{notes}"
    );
    let grade = first.grade(&references().unwrap()).unwrap();
    assert_eq!((grade.points, grade.out_of), (2.5, 2.5));
    assert_eq!(grade.exercises.len(), 1);
    write("exercise,check,points,visibility,seeds\nmin_norm,shortest,3,visible,1\n");
    assert_ne!(own(Some(&grading), &[]).hash(), first.hash());
    write("exercise,check,points,visibility,seeds\nmin_norm,shortes,3,visible,1\n");
    let wrong = dltheory::grade::Grader::new(GradeSettings {
        grading: Some(grading.clone()),
        ..short()
    });
    let error = wrong.unwrap_err().to_string();
    assert!(
        error.contains("line 2: min_norm has no check \"shortes\"; nearest: shortest"),
        "{error}"
    );
}

/// Students of a roster and what they are called in folders and files.
#[test]
fn rosters_of_every_platform_are_read() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("roster.csv");
    let read = |text: &[u8], column: Option<&str>| {
        fs::write(&path, text).unwrap();
        Roster::read(&path, column)
    };
    let error = read(b"section,group\nA,1\n", None).unwrap_err().to_string();
    assert!(
        error.contains("a column named id, login, email or name"),
        "{error}"
    );
    let error = read(b"name,full name\nAda,Ada\n", None)
        .unwrap_err()
        .to_string();
    assert!(error.contains("one column with the name"), "{error}");
    let error = read(b"n\0a\0m\0e\0", None).unwrap_err().to_string();
    assert!(error.contains("CSV UTF-8"), "{error}");
    for header in [
        "Identifier,Full name,Email address,Status,Grade,Maximum Grade",
        "ID;Vollständiger Name;E-Mail-Adresse;Status;Bewertung",
        "First name,Surname,Username",
        "Nachname;Vorname;Matrikelnummer",
    ] {
        let text = format!("\u{feff}{header}\n");
        read(text.as_bytes(), Some("Points")).unwrap();
    }
}

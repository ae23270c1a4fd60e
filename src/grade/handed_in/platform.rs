//! Names as learning platforms give them to what students handed in.
//!
//! | platform | what it writes |
//! |---|---|
//! | Canvas | one flat folder of `lovelaceada_LATE_101_9001_work-1.ipynb`: name, whether late, user, file, the student's own name for it with `-1` at a second attempt |
//! | Moodle | folders `Ada Lovelace_101_assignsubmission_file_`, or files whose names begin so |
//! | ILIAS | folders `Lovelace_Ada_alovelace_101`; in them `work (2).ipynb` for a second attempt, `Late Submission - work.ipynb` for a late one |

/// What a name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// Who: the same for all that one student handed in.
    pub(crate) key: String,
    /// What a roster may know the student by: first the names, then numbers and logins.
    pub(crate) student: Student,
    /// Whether it came after the deadline.
    pub(crate) late: bool,
    /// Rises with time.
    pub(crate) order: u64,
    /// The student's own name for it.
    pub(crate) rest: String,
}

/// What a roster may know a student by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Student {
    /// First and last name in either order, with or without something between them.
    pub name: Option<String>,
    /// Numbers, logins, addresses.
    pub ids: Vec<String>,
}

/// Reads the name of a file in a class.
pub(crate) fn file(name: &str) -> Option<Named> {
    moodle(name).or_else(|| canvas(name))
}

/// Reads the name of a folder in a class. ILIAS's have no mark of their own: [`ilias`].
pub(crate) fn folder(name: &str) -> Option<Named> {
    moodle(name)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() < 19 && text.bytes().all(|b| b.is_ascii_digit())
}

fn canvas(name: &str) -> Option<Named> {
    let parts: Vec<&str> = name.split('_').collect();
    let at = (1..parts.len().saturating_sub(2))
        .find(|&i| is_number(parts[i]) && is_number(parts[i + 1]))?;
    let late = at > 1 && parts[at - 1] == "LATE";
    let who = parts[..at - usize::from(late)].join("_");
    if !who.chars().any(char::is_alphabetic) {
        return None;
    }
    Some(Named {
        key: format!("{who}_{}", parts[at]),
        student: Student {
            name: Some(who),
            ids: vec![parts[at].to_owned()],
        },
        late,
        order: parts[at + 1].parse().ok()?,
        rest: parts[at + 2..].join("_"),
    })
}

fn moodle(name: &str) -> Option<Named> {
    let (who, rest) = name.split_once("_assignsubmission_")?;
    let (full_name, number) = who.rsplit_once('_')?;
    if !is_number(number) || full_name.is_empty() {
        return None;
    }
    Some(Named {
        key: who.to_owned(),
        student: Student {
            name: Some(full_name.to_owned()),
            ids: vec![number.to_owned()],
        },
        late: false,
        order: 0,
        rest: rest.split_once('_').map_or("", |(_, rest)| rest).to_owned(),
    })
}

/// The student of a folder of ILIAS. Only where all folders are named so does a name say anything.
pub(crate) fn ilias(name: &str) -> Option<Student> {
    let parts: Vec<&str> = name.split('_').collect();
    let [last, first, login @ .., number] = parts.as_slice() else {
        return None;
    };
    let is_name = |part: &str| {
        part.chars().any(char::is_alphabetic) && !part.chars().any(|c| c.is_ascii_digit())
    };
    let login = login.join("_");
    if !is_name(last) || !is_name(first) || login.is_empty() || !is_number(number) {
        return None;
    }
    Some(Student {
        name: Some(format!("{first} {last}")),
        ids: vec![(*number).to_owned(), login],
    })
}

/// A student's own name for a file without what a platform adds at a second attempt, and which
/// attempt it is: `work-1.ipynb` of Canvas, `work (2).ipynb` of ILIAS.
pub(crate) fn attempt(name: &str) -> (String, u64) {
    let (stem, ending) = name.split_once('.').unwrap_or((name, ""));
    let numbered = stem
        .rsplit_once('-')
        .or_else(|| stem.strip_suffix(')')?.rsplit_once(" ("));
    match numbered {
        Some((base, number)) if is_number(number) && !base.is_empty() => {
            (format!("{base}.{ending}"), number.parse().unwrap_or(0))
        }
        _ => (name.to_owned(), 0),
    }
}

/// Whether a file in a folder of ILIAS came after the deadline, and its name without the words that
/// say so.
pub(crate) fn ilias_late(name: &str) -> (bool, &str) {
    const WORDS: &[&str] = &[
        "Late Submission - ",
        "Verspaetete Abgabe - ",
        "Verspätete Abgabe - ",
    ];
    match WORDS.iter().find_map(|words| name.strip_prefix(words)) {
        Some(rest) => (true, rest),
        None => (false, name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_of_canvas() {
        let named = file("noetheremmy_LATE_102_9003_13_double_descent-1.ipynb").unwrap();
        assert_eq!(
            (named.key.as_str(), named.late, named.order),
            ("noetheremmy_102", true, 9003)
        );
        assert_eq!(named.rest, "13_double_descent-1.ipynb");
        assert_eq!(named.student.ids, ["102"]);
        for own in [
            "13_double_descent.ipynb",
            "double_descent.ipynb",
            "07_1_2_x.ipynb",
        ] {
            assert_eq!(file(own), None, "{own}");
        }
    }

    #[test]
    fn the_names_of_moodle() {
        for name in [
            "Ada Lovelace_101_assignsubmission_file_",
            "Ada Lovelace_101_assignsubmission_file",
        ] {
            let named = folder(name).unwrap();
            assert_eq!(named.key, "Ada Lovelace_101");
            assert_eq!(named.student.name.as_deref(), Some("Ada Lovelace"));
        }
        let named = file("Ada Lovelace_101_assignsubmission_file_13_double.ipynb").unwrap();
        assert_eq!(named.rest, "13_double.ipynb");
    }

    #[test]
    fn the_names_of_ilias() {
        let student = ilias("Lovelace_Ada_ada_l_101").unwrap();
        assert_eq!(student.name.as_deref(), Some("Ada Lovelace"));
        assert_eq!(student.ids, ["101", "ada_l"]);
        for own in ["chapter_07_try_2", "ada", "a_b_3", "Lovelace_Ada_ada"] {
            assert_eq!(ilias(own), None, "{own}");
        }
        assert_eq!(
            ilias_late("Late Submission - work.ipynb"),
            (true, "work.ipynb")
        );
    }

    #[test]
    fn second_attempts_have_the_name_of_the_first() {
        assert_eq!(attempt("work-1.ipynb"), ("work.ipynb".into(), 1));
        assert_eq!(attempt("work (2).ipynb"), ("work.ipynb".into(), 2));
        assert_eq!(
            attempt("13_double_descent.ipynb"),
            ("13_double_descent.ipynb".into(), 0)
        );
    }
}

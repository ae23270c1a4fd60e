//! What a class handed in, as platforms and people give it: notebooks, folders, zips, and folders
//! or zips of all that. What is left out is named, with the reason.

mod platform;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::names;
use crate::{Error, Result, exercise};
use platform::Named;
pub use platform::Student;
pub(super) use platform::{attempt, ilias_late};
use tree::Child;
pub(super) use tree::{
    DEEPEST, Entry, Kind, MOST_NAMES, NO_ANSWER, Tree, by_name, entries, file_name, regular,
};

/// What one student handed in, not read yet.
#[derive(Clone, Debug, Default)]
pub struct HandedIn {
    /// Whose: the name of the folder or file, or what a platform's name says.
    pub name: String,
    /// What a roster may know the student by.
    pub student: Student,
    /// Where it is.
    pub(super) parts: Vec<Part>,
    /// What must be said of it.
    pub findings: Vec<String>,
    /// Whether its folder is one of ILIAS, which numbers attempts.
    pub(super) numbered: bool,
}

/// A file or a folder, or one within a zip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) path: PathBuf,
    pub(super) within: Option<PathBuf>,
}

/// Something that was not read, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// Its name.
    pub name: String,
    /// Why, as the end of a sentence: "a link, which is not followed".
    pub why: String,
}

/// What a path stands for.
#[derive(Clone, Debug, Default)]
pub struct Class {
    /// The submissions, sorted by name.
    pub submissions: Vec<HandedIn>,
    /// What is none.
    pub left_out: Vec<LeftOut>,
    /// What the person who grades should know.
    pub notes: Vec<String>,
    /// The paths all this was found at.
    pub paths: Vec<PathBuf>,
}

impl HandedIn {
    /// One submission, whatever is in the folder, notebook or zip at `path`.
    #[must_use]
    pub fn one(path: &Path) -> Self {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let name = match path.is_dir() {
            true => absolute.file_name(),
            false => absolute.file_stem(),
        };
        let name = name.map_or_else(|| "submission".into(), |n| n.to_string_lossy().into_owned());
        Self {
            student: Student {
                name: Some(name.clone()),
                ids: vec![name.clone()],
            },
            name,
            // What was named on the command line may be a link.
            parts: vec![Part {
                path: path.canonicalize().unwrap_or(absolute),
                within: None,
            }],
            ..Self::default()
        }
    }
}

impl Class {
    /// One submission, whatever is in the folder, notebook or zip at `path`.
    ///
    /// # Errors
    /// There is nothing at `path`.
    pub fn one(path: &Path) -> Result<Self> {
        std::fs::metadata(path).map_err(|error| Error::io(path, error))?;
        Ok(Self {
            submissions: vec![HandedIn::one(path)],
            paths: vec![path.to_owned()],
            ..Self::default()
        })
    }

    /// Adds the submissions of another path.
    pub fn extend(&mut self, other: Self) {
        for submission in other.submissions {
            // The same path named twice is one submission.
            if !self.submissions.iter().any(|s| s.parts == submission.parts) {
                self.submissions.push(submission);
            }
        }
        self.left_out.extend(other.left_out);
        self.notes.extend(other.notes);
        self.paths.extend(other.paths);
    }
}

/// The submissions that `path` stands for. A folder is a class if there are folders or zips with
/// notebooks in it, or files named as Canvas and Moodle name them; a zip likewise, if that is
/// certain. Else it is one submission.
///
/// # Errors
/// There is nothing at `path`, or no submission in it, or it could be either.
pub fn find(path: &Path) -> Result<Class> {
    let metadata = std::fs::metadata(path).map_err(|error| Error::io(path, error))?;
    let shown = names::shown(&path.to_string_lossy());
    if metadata.is_dir() {
        let root = path.canonicalize().map_err(|e| Error::io(path, e))?;
        let tree = Tree::Folder(root);
        let at = inner(&tree, PathBuf::new())?;
        let level = Level::read(&tree, &at)?;
        let wrapped = (at != Path::new("")).then(|| {
            format!(
                "the class is in {shown}/{}",
                names::shown(&at.to_string_lossy())
            )
        });
        let beside = level.holding.len() + level.named;
        if level.own.is_empty() || beside > 0 {
            if beside == 1 && level.named == 0 && level.own.iter().any(is_chapter) {
                let (own, other) = (level.own[0].name(), level.holding[0].name());
                return Err(Error::domain(
                    &names::shown(&format!("{shown} ({own} beside {other})")),
                    "--one if it is the first, the notebook elsewhere if it is the second",
                    "one submission or a class",
                ));
            }
            let mut class = level.class(&tree)?;
            class.notes.extend(wrapped);
            class.paths.push(path.to_owned());
            return match class.submissions.is_empty() {
                false => Ok(class),
                true => Err(Error::Data {
                    path: path.to_owned(),
                    expected: "notebooks (*.ipynb), or a folder or zip for each student".into(),
                    found: "none of these".into(),
                }),
            };
        }
        let mut class = Class::one(path)?;
        if level.own.len() > 1 && !level.own.iter().any(is_chapter) {
            class.notes.push(format!(
                "{shown} is read as one submission of {} notebooks; of several students each needs a folder",
                level.own.len()
            ));
        }
        return Ok(class);
    }
    if by_name(path) == Kind::Zip
        && let Ok(tree) = Tree::zip(&path.canonicalize().map_err(|e| Error::io(path, e))?)
    {
        let at = inner(&tree, PathBuf::new())?;
        let level = Level::read(&tree, &at)?;
        if level.is_certain() {
            let mut class = level.class(&tree)?;
            class.paths.push(path.to_owned());
            class.notes.push(format!(
                "{shown} is read as a class of {}; --one makes it one submission",
                class.submissions.len()
            ));
            return Ok(class);
        }
    }
    Class::one(path)
}

/// The folder of the class: platforms and people wrap it in another one.
fn inner(tree: &Tree, at: PathBuf) -> Result<PathBuf> {
    let mut inner = at;
    for _ in 0..3 {
        let level = Level::read(tree, &inner)?;
        let [folder] = level.holding.as_slice() else {
            break;
        };
        let only = folder.kind == Kind::Folder && level.own.is_empty() && level.named == 0;
        if !only || platform::ilias(&folder.name()).is_some() {
            break;
        }
        let path = folder.path.clone();
        let below = Level::read(tree, &path)?;
        let wraps = below.holding.len() == 1
            && below.own.is_empty()
            && below.named == 0
            && matches!(tree, Tree::Zip(..));
        if !below.is_certain() && !wraps {
            break;
        }
        inner = path;
    }
    Ok(inner)
}

/// What is in one folder of a tree.
struct Level {
    children: Vec<Child>,
    /// Notebooks whose names no platform gave.
    own: Vec<Child>,
    /// Folders and zips in which notebooks may be, that no platform named.
    holding: Vec<Child>,
    /// The names of the notebooks and zips in these folders.
    names: BTreeMap<PathBuf, Vec<String>>,
    /// How many names a platform gave.
    named: usize,
    /// Whether all folders, and at least one, are named as ILIAS names them.
    ilias: bool,
}

impl Level {
    fn read(tree: &Tree, at: &Path) -> Result<Self> {
        let children = tree.children(at)?;
        let names = tree.notebooks(at)?;
        let (named, plain): (Vec<&Child>, Vec<&Child>) =
            children.iter().partition(|child| platform(child).is_some());
        let of = |wanted: Kind| plain.iter().filter(move |child| child.kind == wanted);
        let own = of(Kind::Notebook).map(|child| (*child).clone()).collect();
        let folders: Vec<&&Child> = of(Kind::Folder).collect();
        let ilias = !folders.is_empty()
            && folders
                .iter()
                .all(|child| platform::ilias(&child.name()).is_some());
        let holding = folders
            .into_iter()
            .filter(|child| names.contains_key(&child.path))
            .chain(of(Kind::Zip))
            .map(|child| (*child).clone())
            .collect();
        let named = named.len();
        Ok(Self {
            own,
            holding,
            names,
            named,
            ilias,
            children,
        })
    }

    /// Whether this can be nothing but a class: a platform's names, or the same notebook twice.
    fn is_certain(&self) -> bool {
        if self.named > 0 || (self.ilias && self.own.is_empty()) {
            return true;
        }
        let mut seen = BTreeSet::new();
        let twice = self.holding.iter().any(|child| {
            let names = self
                .names
                .get(&child.path)
                .filter(|_| child.kind == Kind::Folder);
            let of_zip = vec![String::new()];
            let names: BTreeSet<&String> = names.unwrap_or(&of_zip).iter().collect();
            names.into_iter().any(|name| !seen.insert(name.clone()))
        });
        self.own.is_empty() && twice
    }

    /// Whether nothing else here could be a submission. Beside others a zip is a student's: what is
    /// in it must not pass for what others handed in.
    fn is_only(&self, child: &Child) -> bool {
        let read = |child: &&Child| !matches!(child.kind, Kind::Other(_));
        self.children
            .iter()
            .filter(read)
            .all(|other| other.path == child.path)
    }

    fn class(&self, tree: &Tree) -> Result<Class> {
        let mut class = Class::default();
        let mut of_student: BTreeMap<String, Vec<(Named, &Child)>> = BTreeMap::new();
        for child in &self.children {
            match (&child.kind, platform(child)) {
                (Kind::Other(why), _) => class.leave_out(child, why),
                (_, Some(named)) => {
                    let key = named.key.clone();
                    of_student.entry(key).or_default().push((named, child));
                }
                (Kind::Notebook, None) => class.leave_out(
                    child,
                    "it lies beside the students' folders: in one of its own it would be graded",
                ),
                (Kind::Folder, None) if results(tree, child) => {
                    class.leave_out(child, "the results of an earlier grading");
                }
                (Kind::Zip, None) if self.is_only(child) && class.of_platform(tree, child) => {}
                (Kind::Folder | Kind::Zip, None) => {
                    let name = match child.kind {
                        Kind::Zip => {
                            file_name(Path::new(child.path.file_stem().unwrap_or_default()))
                        }
                        _ => child.name(),
                    };
                    let student = platform::ilias(&name).filter(|_| self.ilias);
                    class.submissions.push(HandedIn {
                        parts: vec![part(tree, child)],
                        numbered: student.is_some(),
                        student: student.unwrap_or(Student {
                            name: Some(name.clone()),
                            ids: vec![name.clone()],
                        }),
                        name,
                        findings: Vec::new(),
                    });
                }
            }
        }
        for (key, all) in of_student {
            class.add_named(tree, key, all);
        }
        class.submissions.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(class)
    }
}

impl Class {
    fn leave_out(&mut self, child: &Child, why: &str) {
        self.left_out.push(LeftOut {
            name: names::shown(&child.name()),
            why: why.to_owned(),
        });
    }

    /// A platform's download that lies zipped in a folder, alone, is taken as the class it holds.
    fn of_platform(&mut self, tree: &Tree, child: &Child) -> bool {
        let Tree::Folder(root) = tree else {
            return false;
        };
        let Ok(inside) = Tree::zip(&root.join(&child.path)) else {
            return false;
        };
        let found = || -> Result<Option<Self>> {
            let at = inner(&inside, PathBuf::new())?;
            let level = Level::read(&inside, &at)?;
            let certain = level.named > 0 || (level.ilias && level.own.is_empty());
            certain.then(|| level.class(&inside)).transpose()
        };
        match found() {
            Ok(Some(class)) => {
                self.extend(class);
                true
            }
            _ => false,
        }
    }

    /// All that one student handed in over a platform: the latest counts, the others are named.
    fn add_named(&mut self, tree: &Tree, key: String, mut all: Vec<(Named, &Child)>) {
        all.sort_by_key(|(named, _)| (named.order, attempt(&named.rest).1));
        let Some((last, _)) = all.last().cloned() else {
            return;
        };
        let mut submission = HandedIn {
            name: key,
            student: last.student.clone(),
            ..HandedIn::default()
        };
        if last.late {
            submission.findings.push("handed in late".into());
        }
        let mut counted: BTreeMap<String, &Child> = BTreeMap::new();
        let mut earlier = Vec::new();
        for (named, child) in &all {
            // What is not late beside something late is of an attempt before the deadline.
            if named.late != last.late {
                earlier.push(*child);
            } else {
                let base = match child.kind {
                    Kind::Folder => child.name(),
                    _ => attempt(&named.rest).0,
                };
                earlier.extend(counted.insert(base, child));
            }
        }
        submission.parts = counted.values().map(|child| part(tree, child)).collect();
        for child in earlier {
            self.leave_out(child, "a later attempt counts");
            let name = names::shown(&child.name());
            submission
                .findings
                .push(format!("an earlier attempt does not count: {name}"));
        }
        self.submissions.push(submission);
    }
}

fn platform(child: &Child) -> Option<Named> {
    match child.kind {
        Kind::Folder => platform::folder(&child.name()),
        _ => platform::file(&child.name()),
    }
}

fn part(tree: &Tree, child: &Child) -> Part {
    match tree {
        Tree::Folder(root) => Part {
            path: root.join(&child.path),
            within: None,
        },
        Tree::Zip(zip, _) => Part {
            path: zip.clone(),
            within: Some(child.path.clone()),
        },
    }
}

/// Whether a folder is what `--out` was, once.
fn results(tree: &Tree, child: &Child) -> bool {
    let names = tree.children(&child.path).unwrap_or_default();
    ["grades.csv", "grades.xml"].iter().all(|name| {
        let is = |child: &Child| child.name() == *name && child.kind != Kind::Folder;
        names.iter().any(is)
    })
}

/// Whether a notebook has the name of one of ours, however a browser changed it.
fn is_chapter(child: &Child) -> bool {
    let name = child.name();
    exercise::all().any(|exercise| name.starts_with(exercise.chapter))
}

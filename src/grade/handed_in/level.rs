//! One folder of a class: who is a student in it, what counts of what they handed in, what does not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::platform::{self, Named, attempt};
use super::tree::{Child, Kind, Tree, file_name};
use super::{Class, HandedIn, LeftOut, Part, Student};
use crate::Result;
use crate::grade::names;

/// What is in one folder of a tree.
pub(super) struct Level {
    children: Vec<Child>,
    /// Notebooks whose names no platform gave.
    pub(super) own: Vec<Child>,
    /// Folders and zips in which notebooks may be, that no platform named.
    pub(super) holding: Vec<Child>,
    /// The names of the notebooks and zips in these folders.
    names: BTreeMap<PathBuf, Vec<String>>,
    /// How many names a platform gave.
    pub(super) named: usize,
    /// Whether all folders, and at least one, are named as ILIAS names them.
    ilias: bool,
}

impl Level {
    pub(super) fn read(tree: &Tree, at: &Path) -> Result<Self> {
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
    pub(super) fn is_certain(&self) -> bool {
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

    pub(super) fn class(&self, tree: &Tree) -> Result<Class> {
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

/// The folder of the class: platforms and people wrap it in another one.
pub(super) fn inner(tree: &Tree, at: PathBuf) -> Result<PathBuf> {
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

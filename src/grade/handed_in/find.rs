//! What a path on the command line stands for: a class or one submission.

use std::path::{Path, PathBuf};

use super::Class;
use super::level::{Level, inner};
use super::tree::{Child, Kind, Tree, by_name};
use crate::grade::names;
use crate::{Error, Result, exercise};

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

/// Whether a notebook has the name of one of ours, however a browser changed it.
fn is_chapter(child: &Child) -> bool {
    let name = child.name();
    exercise::all().any(|exercise| name.starts_with(exercise.chapter))
}

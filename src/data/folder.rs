//! Which of the files in a folder are a set of images, and reading it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::array::Array;
use super::file::{self, mismatch};
use super::listing::{Listing, Part, Role};
use super::pair::{Pair, finish, join};
use super::{Images, cifar, idx, npy, table};
use crate::{Error, Result};

/// Reads the set of images in `folder`, see [`super::load`].
pub(super) fn load(folder: &Path) -> Result<Images> {
    let found = std::fs::metadata(folder).map_err(|source| Error::io(folder, source))?;
    if !found.is_dir() {
        return Err(mismatch(folder, "a folder", "a file"));
    }
    let listing = Listing::of(folder)?;
    let sets = Set::all(&listing);
    for parts in [
        &[Part::Train, Part::Test][..],
        &[Part::All],
        &[Part::Train],
        &[Part::Test],
    ] {
        let whole = sets.iter().filter(|set| set.is(parts)).collect();
        if let Some(set) = only(folder, whole, |set| set.depth(), |set| set.words())? {
            return set.read(parts);
        }
    }
    let batches = batches(&listing);
    if let Some(Batches {
        missing: None,
        files,
    }) = &batches
    {
        return cifar_set(files);
    }
    let holds_many = |path: &&Path| Role::of(&name(path)).is_none();
    let npz = listing
        .ending(".npz")
        .into_iter()
        .filter(holds_many)
        .collect();
    if let Some(path) = only(folder, npz, |_| 0, |path| path.display().to_string())? {
        return npz_set(path);
    }
    if let Some(images) = tables(folder, &listing)? {
        return Ok(images);
    }
    if let Some(set) = sets.iter().min_by_key(|set| set.depth()) {
        return Err(set.missing());
    }
    if let Some(Batches {
        missing: Some(missing),
        files,
    }) = batches
    {
        return Err(beside(&missing, &files[0]));
    }
    Err(mismatch(folder, looked_for(), listing.words()))
}

/// The sets of files that [`load`] knows, in words.
fn looked_for() -> String {
    let usual = |part, labels| Role::usual_name("", part, labels);
    format!(
        "{}, {}, {}, {} (each also with .gz, and also spelled train-images.idx3-ubyte), or one such pair, \
         or {} and {} (in {}), or train.bin, test.bin (CIFAR-100), or one .npz with x_train, y_train, or \
         .csv tables with a label and grey levels a line",
        usual(Part::Train, false),
        usual(Part::Train, true),
        usual(Part::Test, false),
        usual(Part::Test, true),
        cifar::BATCHES.join(", "),
        cifar::TEST_BATCH,
        cifar::FOLDER
    )
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn beside(missing: &Path, present: &Path) -> Error {
    let expected = format!("a file beside {}", present.display());
    mismatch(missing, expected, "no such file")
}

/// The one candidate, or the one that lies least deep.
///
/// # Errors
/// [`Error::Data`] where several lie equally deep.
fn only<T>(
    folder: &Path,
    candidates: Vec<T>,
    depth: impl Fn(&T) -> usize,
    words: impl Fn(&T) -> String,
) -> Result<Option<T>> {
    let Some(least) = candidates.iter().map(&depth).min() else {
        return Ok(None);
    };
    let mut first: Vec<T> = candidates
        .into_iter()
        .filter(|one| depth(one) == least)
        .collect();
    if first.len() > 1 {
        let words: Vec<String> = first.iter().map(words).collect();
        let found = format!(
            "{}; name the folder of one, or move one into a folder of its own",
            words.join(" and ")
        );
        return Err(mismatch(folder, "one set of images", found));
    }
    Ok(first.pop())
}

/// Files in one folder whose names start alike and promise parts of one set.
struct Set {
    folder: PathBuf,
    prefix: String,
    /// For each part, images or labels: the files that may hold them, likeliest first.
    files: BTreeMap<(Part, bool), Vec<(usize, PathBuf)>>,
}

impl Set {
    fn all(listing: &Listing) -> Vec<Self> {
        let mut sets: Vec<Self> = Vec::new();
        for path in &listing.files {
            let (Some(mut role), Some(mut folder)) = (Role::of(&name(path)), path.parent()) else {
                continue;
            };
            // Kaggle's archive has each file once more in a folder of the same name.
            if let (Some(own), Some(above)) = (Role::of(&name(folder)), folder.parent())
                && (own.part, own.labels) == (role.part, role.labels)
            {
                folder = above;
                role.rank += 4;
            }
            let same = |set: &&mut Self| set.folder == folder && set.prefix == role.prefix;
            let at = (role.part, role.labels);
            let file = (role.rank, path.clone());
            match sets.iter_mut().find(same) {
                Some(set) => set.files.entry(at).or_default().push(file),
                None => sets.push(Self {
                    folder: folder.to_owned(),
                    prefix: role.prefix,
                    files: BTreeMap::from([(at, vec![file])]),
                }),
            }
        }
        for files in sets.iter_mut().flat_map(|set| set.files.values_mut()) {
            files.sort();
        }
        sets
    }

    /// Whether it has images and labels for each of `parts` and nothing of another part.
    fn is(&self, parts: &[Part]) -> bool {
        let due = parts.iter().flat_map(|&part| [(part, false), (part, true)]);
        let mut due: Vec<_> = due.collect();
        due.sort_unstable();
        self.files.keys().copied().eq(due)
    }

    fn depth(&self) -> usize {
        self.folder.components().count()
    }

    fn words(&self) -> String {
        let first = self.files.values().next().and_then(|files| files.first());
        let first = first.map_or(&self.folder, |(_, path)| path);
        format!("the set with {}", first.display())
    }

    fn read(&self, parts: &[Part]) -> Result<Images> {
        let mut pairs = parts.iter().map(|&part| self.pair(part));
        let first = pairs.next().unwrap_or_else(|| Err(self.missing()))?;
        let second = pairs.next().transpose()?;
        let mut images = join(first, second, &self.prefix)?;
        match parts {
            [Part::Train] => images
                .notes
                .push("there are training files only".to_owned()),
            [Part::Test] => {
                images.n_train = 0;
                images.notes.push("there are test files only".to_owned());
            }
            _ => (),
        }
        Ok(images)
    }

    fn pair(&self, part: Part) -> Result<Pair> {
        let (images, labels) = (self.array(part, false)?, self.array(part, true)?);
        Pair::new(images, labels)
    }

    /// The first file that can be read.
    fn array(&self, part: Part, labels: bool) -> Result<(PathBuf, Array)> {
        let mut refused: Option<Error> = None;
        for (_, path) in self.files.get(&(part, labels)).into_iter().flatten() {
            match file::read(path).and_then(|bytes| idx::array(path, &bytes)) {
                Ok(mut array) => {
                    let note = |bad: Error| format!("{bad}; {} was read instead", path.display());
                    array.notes.extend(refused.map(note));
                    return Ok((path.clone(), array));
                }
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        Err(refused.unwrap_or_else(|| self.missing()))
    }

    /// What to say of a set without some of its files.
    fn missing(&self) -> Error {
        let parts = [Part::Train, Part::Test, Part::All];
        let both = parts.iter().flat_map(|&part| [(part, false), (part, true)]);
        let begun = |part| self.files.keys().any(|&(found, _)| found == part);
        let absent = both
            .filter(|at| begun(at.0))
            .find(|at| !self.files.contains_key(at));
        let (part, labels) = absent.unwrap_or((Part::Train, false));
        let missing = self
            .folder
            .join(Role::usual_name(&self.prefix, part, labels));
        let present = self.files.values().flatten().map(|(_, path)| path).next();
        beside(&missing, present.unwrap_or(&self.folder))
    }
}

/// Files of CIFAR-10 or CIFAR-100.
struct Batches {
    /// Those that are there, in order.
    files: Vec<PathBuf>,
    missing: Option<PathBuf>,
}

/// The least deep folder with CIFAR's files.
fn batches(listing: &Listing) -> Option<Batches> {
    let ten = cifar::BATCHES.iter().chain([&cifar::TEST_BATCH]).copied();
    let hundred = cifar::FILES_100.iter().copied();
    [ten.collect::<Vec<_>>(), hundred.collect()]
        .into_iter()
        .find_map(|names| {
            let first = names.iter().flat_map(|name| listing.named(name));
            let folder = first
                .min_by_key(|path| path.components().count())?
                .parent()?;
            let paths = names.iter().map(|name| folder.join(name));
            let (files, missing): (Vec<_>, Vec<_>) =
                paths.partition(|path| listing.files.contains(path));
            let missing = missing.into_iter().next();
            Some(Batches { files, missing })
        })
}

/// Training batches, then the test batch.
fn cifar_set(files: &[PathBuf]) -> Result<Images> {
    let (test, train) = files.split_last().unwrap_or((&files[0], &[]));
    let read = |path: &PathBuf| cifar::parse_any(path, &file::read(path)?);
    let mut parts = train.iter().map(read);
    let mut images = parts.next().unwrap_or_else(|| read(test))?;
    for part in parts {
        images.append(&part?)?;
    }
    images.n_train = images.len();
    images.append(&read(test)?)?;
    let classes = images.classes;
    let (train, test) = (images.n_train, images.len() - images.n_train);
    images.name = format!(
        "images in CIFAR-{classes}'s format ({train} + {test} of 32×32 in colour, {classes} classes)"
    );
    if classes > cifar::CLASSES {
        let under = if files.len() > 2 {
            ", under CIFAR-10's names"
        } else {
            ""
        };
        images.notes.push(format!(
            "records with two labels are CIFAR-100's{under}; the fine ones were read, 100 classes"
        ));
    }
    finish(images)
}

/// The arrays of one `.npz`, as Keras gives them.
fn npz_set(path: &Path) -> Result<Images> {
    let mut arrays = BTreeMap::new();
    let mut names = Vec::new();
    for (key, array) in npy::parse_npz(path, &file::read(path)?)? {
        if let Some(role) = Role::of(&key).or_else(|| Role::of(&format!("{key}-idx"))) {
            arrays.insert((role.part, role.labels), (path.join(&key), array));
        }
        names.push(key);
    }
    let mut pair = |part| {
        let (images, labels) = (arrays.remove(&(part, false)), arrays.remove(&(part, true)));
        images
            .zip(labels)
            .map(|(images, labels)| Pair::new(images, labels))
            .transpose()
    };
    let first = match pair(Part::Train)? {
        Some(train) => Some(train),
        None => pair(Part::All)?,
    };
    let test = pair(Part::Test)?;
    let first = first.ok_or_else(|| {
        let expected = "arrays x_train, y_train, and x_test, y_test if there are any";
        mismatch(path, expected, format!("arrays {}", names.join(", ")))
    })?;
    join(first, test, &name(path).to_lowercase())
}

/// CSV tables: one, or one for training and one for testing.
fn tables(folder: &Path, listing: &Listing) -> Result<Option<Images>> {
    let mut paths = listing.ending(".csv");
    paths.extend(listing.ending(".csv.gz"));
    let mut named = |word: &str| -> Result<Option<&Path>> {
        let (with, without) = paths
            .iter()
            .partition(|path| name(path).to_lowercase().contains(word));
        paths = without;
        only(
            folder,
            with,
            |_| 0,
            |path: &&Path| path.display().to_string(),
        )
    };
    let (train, test) = (named("train")?, named("test")?);
    let first = match (train, test) {
        (Some(train), _) => train,
        (None, Some(test)) => return join(table::read(test)?, None, "").map(Some),
        (None, None) => match named("")? {
            Some(path) => path,
            None => return Ok(None),
        },
    };
    let pair = table::read(first)?;
    // Kaggle's own test table has no labels.
    let (test, note) = match test.map(table::read).transpose() {
        Ok(test) => (test, None),
        Err(error) => (None, Some(format!("not read: {error}"))),
    };
    let mut images = join(pair, test, "")?;
    images.notes.extend(note);
    Ok(Some(images))
}

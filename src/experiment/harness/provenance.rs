//! What a run was computed by and from: two results that differ can be told apart.

use std::path::Path;

use serde_json::{Value, json};

use crate::data::Identity;
use crate::engine;

/// What a run was computed by and from.
#[derive(Debug, Clone, PartialEq)]
pub struct Provenance {
    /// The library's version.
    pub version: &'static str,
    /// The commit of the checkout that the program was built in, as it stood when the run began;
    /// `None` outside a checkout.
    pub commit: Option<String>,
    /// The set of images, for an experiment that reads one.
    pub data: Option<Identity>,
    /// The engine that multiplied matrices, its version, kernel and threads.
    pub engine: engine::About,
    /// The processor's own name, or its architecture.
    pub processor: String,
}

impl Provenance {
    /// Of this process, with the images it read.
    #[must_use]
    pub fn here(data: Option<Identity>) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION"),
            commit: commit(Path::new(env!("CARGO_MANIFEST_DIR"))),
            data,
            engine: engine::about(),
            processor: processor(),
        }
    }

    /// `{"version", "commit", "data": {"name", "sha256"}, "engine": {"name", "version", "kernel"}, "threads",
    /// "processor"}`; what there is not is null.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let data = self.data.as_ref();
        json!({
            "version": self.version,
            "commit": self.commit,
            "data": data.map(|data| json!({"name": data.name, "sha256": data.sha256})),
            "engine": {
                "name": self.engine.name,
                "version": self.engine.version,
                "kernel": self.engine.kernel,
            },
            "threads": self.engine.threads,
            "processor": self.processor,
        })
    }
}

/// What HEAD of the checkout at `root` points to. Read when it is asked for: known when the program was
/// built, every commit would compile the library again.
fn commit(root: &Path) -> Option<String> {
    let text = |path: &Path| Some(std::fs::read_to_string(path).ok()?.trim().to_owned());
    let mut git = root.join(".git");
    if git.is_file() {
        // A further work tree of a repository.
        git = root.join(text(&git)?.strip_prefix("gitdir: ")?);
    }
    let head = text(&git.join("HEAD"))?;
    let Some(name) = head.strip_prefix("ref: ") else {
        return Some(head);
    };
    let common = match text(&git.join("commondir")) {
        Some(common) => git.join(common),
        None => git,
    };
    text(&common.join(name)).or_else(|| {
        let packed = text(&common.join("packed-refs"))?;
        let line = packed
            .lines()
            .find(|line| line.ends_with(&format!(" {name}")))?;
        Some(line.split_once(' ')?.0.to_owned())
    })
}

fn processor() -> String {
    let told = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = told.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == "model name").then(|| value.trim().to_owned())
    });
    name.unwrap_or_else(|| std::env::consts::ARCH.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_commit_is_found_loose_packed_detached_and_in_a_further_work_tree() {
        let dir = tempfile::tempdir().expect("a folder");
        let (root, git) = (dir.path().join("root"), dir.path().join("root/.git"));
        fs::create_dir_all(git.join("refs/heads")).expect("folders");
        assert_eq!(commit(&root), None);
        let write = |path: &Path, text: &str| fs::write(path, text).expect("writes");
        write(&git.join("HEAD"), "ref: refs/heads/main\n");
        assert_eq!(commit(&root), None);
        write(
            &git.join("packed-refs"),
            "# pack-refs\n12ab refs/heads/main\n",
        );
        assert_eq!(commit(&root).as_deref(), Some("12ab"));
        write(&git.join("refs/heads/main"), "34cd\n");
        assert_eq!(commit(&root).as_deref(), Some("34cd"));
        write(&git.join("HEAD"), "56ef\n");
        assert_eq!(commit(&root).as_deref(), Some("56ef"));

        let (tree, own) = (dir.path().join("tree"), git.join("worktrees/tree"));
        fs::create_dir_all(&tree).expect("a folder");
        fs::create_dir_all(&own).expect("a folder");
        write(&tree.join(".git"), &format!("gitdir: {}\n", own.display()));
        write(&own.join("HEAD"), "ref: refs/heads/main\n");
        write(&own.join("commondir"), "../..\n");
        assert_eq!(commit(&tree).as_deref(), Some("34cd"));
    }

    #[test]
    fn json_names_everything() {
        let json = Provenance::here(None).to_json();
        assert_eq!(json["version"], env!("CARGO_PKG_VERSION"));
        assert!(json["data"].is_null());
        for part in ["name", "version", "kernel"] {
            assert!(
                json["engine"][part]
                    .as_str()
                    .is_some_and(|part| !part.is_empty())
            );
        }
        assert!(json["threads"].as_u64().is_some_and(|threads| threads > 0));
        assert!(
            json["processor"]
                .as_str()
                .is_some_and(|name| !name.is_empty())
        );
    }
}

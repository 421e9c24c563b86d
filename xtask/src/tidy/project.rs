//! The files of the repository, read once for all checks.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::source::Source;

/// Folders that hold what tools made.
const SKIPPED: &[&str] = &[".git", "target"];

/// Every file, by its path from the root of the repository, with `/` between the parts.
#[derive(Debug, Default)]
pub(crate) struct Project {
    files: BTreeMap<String, File>,
}

/// A file, and its text if it has one.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) text: String,
    source: Option<Source>,
}

impl Project {
    pub(crate) fn load(root: &Path) -> Result<Self> {
        let mut project = Self::default();
        project.read_folder(root, "")?;
        Ok(project)
    }

    fn read_folder(&mut self, folder: &Path, prefix: &str) -> Result<()> {
        let shown = || folder.display().to_string();
        for entry in fs::read_dir(folder).with_context(shown)? {
            let entry = entry.with_context(shown)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{prefix}{name}");
            // Links are not followed: what they stand for is read where it is.
            let kind = entry.file_type().with_context(shown)?;
            // In a second work tree `.git` is a file.
            if SKIPPED.contains(&name.as_str()) {
                continue;
            }
            if kind.is_dir() {
                self.read_folder(&entry.path(), &format!("{path}/"))?;
            } else if kind.is_file() {
                // A picture has a path, and no text.
                let bytes = fs::read(entry.path()).with_context(shown)?;
                self.add(path, String::from_utf8(bytes).unwrap_or_default());
            }
        }
        Ok(())
    }

    fn add(&mut self, path: String, text: String) {
        let source = path.ends_with(".rs").then(|| Source::parse(&path, &text));
        let file = File { path: path.clone(), text, source: source.flatten() };
        self.files.insert(path, file);
    }

    /// A project of files written in place.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let mut project = Self::default();
        for (path, text) in files {
            project.add((*path).to_owned(), (*text).to_owned());
        }
        project
    }

    pub(crate) fn files(&self) -> impl Iterator<Item = &File> {
        self.files.values()
    }

    /// Whether the path is a file, or a folder with a file in it.
    pub(crate) fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        self.files.contains_key(path)
            || self.files.range(folder.clone()..).next().is_some_and(|(next, _)| next.starts_with(&folder))
    }

    /// The Rust files, with their tokens.
    pub(crate) fn sources(&self) -> impl Iterator<Item = (&File, &Source)> {
        self.files().filter_map(|file| Some((file, file.source.as_ref()?)))
    }

    /// The Rust files that become part of a crate that users build: not its tests, not its examples.
    pub(crate) fn shipped(&self) -> impl Iterator<Item = (&File, &Source)> {
        self.sources().filter(|(file, _)| file.crate_name().is_some() && file.path.split('/').nth(2) == Some("src"))
    }
}

impl File {
    /// `aludel-sql` for all that is in `crates/aludel-sql/`.
    pub(crate) fn crate_name(&self) -> Option<&str> {
        let (name, _) = self.path.strip_prefix("crates/")?.split_once('/')?;
        Some(name)
    }

    /// Whether a folder on the way, or the file itself without its extension, has this name.
    pub(crate) fn is_within(&self, name: &str) -> bool {
        self.path.split('/').any(|part| part.strip_suffix(".rs").unwrap_or(part) == name)
    }

    /// The lines with their numbers, from 1.
    pub(crate) fn numbered_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..).zip(self.text.lines())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_from_the_disk_without_what_tools_made() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, bytes: &[u8]| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        };
        write("crates/a/src/lib.rs", b"//! Docs.");
        write(".ci/run", b"true");
        write("picture.png", &[0xff, 0xfe, 0x00]);
        write("target/debug/out.rs", b"");
        write("benches/peers/target/out.rs", b"");
        write(".git/HEAD", b"");

        let project = Project::load(folder.path()).unwrap();
        let paths: Vec<_> = project.files().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, [".ci/run", "crates/a/src/lib.rs", "picture.png"]);
        assert_eq!(project.sources().count(), 1);
    }

    #[test]
    fn a_folder_exists_when_a_file_is_in_it() {
        let project = Project::of(&[("docs/design/a.md", ""), ("docs-old/b.md", "")]);
        assert!(project.has("docs/design/a.md"));
        assert!(project.has("docs/design/"));
        assert!(project.has("docs"));
        assert!(!project.has("doc"));
        assert!(!project.has("docs/design/b.md"));
    }

    #[test]
    fn shipped_code_is_in_the_src_folder_of_a_crate() {
        let project =
            Project::of(&[("crates/a/src/lib.rs", ""), ("crates/a/tests/it.rs", ""), ("xtask/src/main.rs", "")]);
        let shipped: Vec<_> = project.shipped().map(|(file, _)| &file.path).collect();
        assert_eq!(shipped, ["crates/a/src/lib.rs"]);
    }
}

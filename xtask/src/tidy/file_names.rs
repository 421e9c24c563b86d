//! A module `foo` is `foo.rs`, with its parts in `foo/`.

use super::findings::Findings;
use super::project::Project;

pub(crate) fn check(project: &Project, findings: &mut Findings) {
    for file in project.files() {
        // Each file of a `tests/` folder is a program, so what they share has to be `tests/NAME/mod.rs`.
        let is_shared_by_tests = file.path.split('/').rev().nth(2) == Some("tests");
        if let Some(folder) = file.path.strip_suffix("/mod.rs")
            && !is_shared_by_tests
        {
            findings.error(&file.path, 1, format!("a module in `mod.rs`: move it to {folder}.rs"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::findings::expect;
    use super::*;

    #[test]
    fn modules_are_named_by_their_files() {
        expect(
            check,
            &[("crates/a/src/b/mod.rs", ""), ("crates/a/src/c.rs", ""), ("crates/a/tests/common/mod.rs", "")],
            &["crates/a/src/b/mod.rs:1: a module in `mod.rs`: move it to crates/a/src/b.rs"],
        );
    }
}

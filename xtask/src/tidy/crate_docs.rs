//! Every crate says what it is for.

use super::findings::Findings;
use super::project::Project;
use super::source::Source;

pub(crate) fn check(project: &Project, findings: &mut Findings) {
    for (file, source) in project.shipped() {
        let is_root = file.path.ends_with("/src/lib.rs") || file.path.ends_with("/src/main.rs");
        if is_root && !documents_itself(source) {
            findings.error(
                &file.path,
                1,
                "a crate without documentation: begin with `//!`, what it is for and an example that runs",
            );
        }
    }
}

fn documents_itself(source: &Source) -> bool {
    let mut indexes = 0..source.tokens.len();
    indexes.any(|at| source.tokens[at].depth == 0 && source.texts(at) == ["#!", "[", "doc"])
}

#[cfg(test)]
mod tests {
    use super::super::findings::expect;
    use super::*;

    #[test]
    fn documentation_of_the_crate_is_found_in_both_forms() {
        expect(
            check,
            &[
                ("crates/a/src/lib.rs", "// Note.\n//! What for.\n"),
                ("crates/b/src/lib.rs", "#![warn(x)]\n#![doc = include_str!(\"a.md\")]\n"),
                ("crates/c/src/other.rs", ""),
            ],
            &[],
        );
    }

    #[test]
    fn documentation_of_an_item_is_none_of_the_crate() {
        expect(
            check,
            &[("crates/a/src/lib.rs", "/// Item.\nfn f() {}\n"), ("crates/b/src/main.rs", "")],
            &[
                "crates/a/src/lib.rs:1: a crate without documentation",
                "crates/b/src/main.rs:1: a crate without documentation",
            ],
        );
    }
}

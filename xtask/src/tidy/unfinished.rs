//! Nothing is left to be done later: a part that is missing has an issue, not a stub.

use super::findings::Findings;
use super::project::{File, Project};
use super::source::Source;

// In two parts, so that this file doesn't hold the word.
const MARKER: &str = concat!("FIX", "ME");

pub(crate) fn check(project: &Project, findings: &mut Findings) {
    for file in project.files() {
        for (line, text) in file.numbered_lines() {
            if text.contains(MARKER) {
                findings.error(
                    &file.path,
                    line,
                    format!("{MARKER}: put it right, or say in a comment what holds and why"),
                );
            }
        }
    }
    for (file, source) in project.sources() {
        check_stubs(file, source, findings);
        check_ignored_examples(file, findings);
    }
}

fn check_stubs(file: &File, source: &Source, findings: &mut Findings) {
    for (index, token) in source.tokens.iter().enumerate() {
        match source.texts(index) {
            [name @ ("todo" | "unimplemented"), "!", "(" | "[" | "{"] => findings.error(
                &file.path,
                token.line,
                format!("`{name}!`: write it, or return an error that says what can't be done"),
            ),
            ["[", "ignore", "]"] => findings.error(
                &file.path,
                token.line,
                "a test ignored without a reason: give one with `= \"...\"`, or run the test",
            ),
            _ => {}
        }
    }
}

/// An example that isn't compiled says why: ```` ```ignore (why) ````.
fn check_ignored_examples(file: &File, findings: &mut Findings) {
    for (line, text) in file.numbered_lines() {
        let text = text.trim_start();
        let Some(doc) = text.strip_prefix("///").or(text.strip_prefix("//!")) else {
            continue;
        };
        if let Some(info) = doc.trim_start().strip_prefix("```")
            && info.split(',').any(|word| word.trim() == "ignore")
        {
            findings.error(
                &file.path,
                line,
                "an example ignored without a reason: let it run, or write `ignore (why)`",
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::findings::expect;
    use super::*;

    const FILE: &str = "crates/a/src/b.rs";

    #[test]
    fn names_and_reasons_are_fine() {
        let ignored = format!("#[{} = \"needs a server\"]\nfn t() {{}}", "ignore");
        for text in [
            "fn todo() { todo(); ignore }",
            "const A: &str = \"unimplemented\";",
            "/// ```ignore (needs a server)\nfn f() {}",
            "/// ```no_run\nfn f() {}",
            &ignored,
        ] {
            expect(check, &[(FILE, text)], &[]);
        }
    }

    #[test]
    fn stubs_are_found_in_code_and_in_tests() {
        let (todo, gap) = (concat!("to", "do!()"), concat!("unimpl", "emented!()"));
        let text = format!("fn f() {{ {todo} }}\n#[cfg(test)]\nmod tests {{ fn f() {{ {gap} }} }}");
        expect(check, &[(FILE, &text)], &["crates/a/src/b.rs:1: `todo!`", "crates/a/src/b.rs:3: `unimplemented!`"]);
    }

    #[test]
    fn ignoring_needs_a_reason() {
        let text = format!("/// ```rust,ignore\nfn f() {{}}\n#[test]\n#[{}]\nfn t() {{}}", "ignore");
        expect(
            check,
            &[(FILE, &text)],
            &["crates/a/src/b.rs:4: a test ignored", "crates/a/src/b.rs:1: an example ignored"],
        );
    }

    #[test]
    fn markers_are_found_in_any_file() {
        expect(check, &[("docs/a.md", &format!("a\nb {MARKER} c"))], &[concat!("docs/a.md:2: FIX", "ME")]);
    }
}

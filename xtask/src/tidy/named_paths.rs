//! Paths that the documents name exist, in backticks and in links.

use super::findings::Findings;
use super::project::{File, Project};

/// A word in backticks that starts with one of these is a path from the root of the repository.
const TOP_FOLDERS: &[&str] =
    &[".cargo/", ".ci/", "benches/", "changelog.d/", "crates/", "docs/", "examples/", "xtask/"];

pub(crate) fn check(project: &Project, findings: &mut Findings) {
    for file in project.files().filter(|file| is_document(&file.path)) {
        let mut in_code = false;
        for (line, text) in file.numbered_lines() {
            if text.trim_start().starts_with("```") {
                in_code = !in_code;
            }
            if !in_code {
                check_line(project, file, (line, text), findings);
            }
        }
    }
}

fn check_line(project: &Project, file: &File, (line, text): (usize, &str), findings: &mut Findings) {
    for path in quoted_paths(text).filter(|path| !exists(project, path)) {
        let message = format!("`{path}` does not exist: name what does, or leave it out");
        findings.error(&file.path, line, message);
    }
    for target in link_targets(text) {
        let path = resolve(file, target);
        if !project.has(&path) {
            let message = format!("a link to {target}, but there is no {path}: put the link right");
            findings.error(&file.path, line, message);
        }
    }
}

fn is_document(path: &str) -> bool {
    path.ends_with(".md") && (path.starts_with("docs/") || !path.contains('/') || path.ends_with("/README.md"))
}

/// The words in backticks that look like paths, without a line number after them.
fn quoted_paths(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2).map(|word| word.split(':').next().unwrap_or(word)).filter(|word| {
        let is_path = TOP_FOLDERS.iter().any(|folder| word.starts_with(folder));
        // A placeholder, or a command.
        is_path && !word.contains(['<', '{', ' ', '…'])
    })
}

/// Where the links of a line go, as far as they stay in the repository.
fn link_targets(text: &str) -> impl Iterator<Item = &str> {
    text.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', '#', ' ']).next())
        .filter(|target| !target.is_empty() && !target.contains(':'))
}

/// The path from the root of the repository of a link in the file.
fn resolve(file: &File, target: &str) -> String {
    let mut parts: Vec<&str> = file.path.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            ".." => {
                parts.pop();
            }
            "." | "" => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Whether the path, in which `*` may stand for any part of a name, is there.
fn exists(project: &Project, path: &str) -> bool {
    if !path.contains('*') {
        return project.has(path);
    }
    let wanted: Vec<&str> = path.trim_end_matches('/').split('/').collect();
    project.files().any(|file| {
        let parts: Vec<&str> = file.path.split('/').collect();
        parts.len() >= wanted.len() && wanted.iter().zip(&parts).all(|(wanted, part)| fits(wanted, part))
    })
}

/// Whether the name fits the pattern, in which one `*` stands for anything.
fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, end)) => name.len() >= start.len() + end.len() && name.starts_with(start) && name.ends_with(end),
    }
}

#[cfg(test)]
mod tests {
    use super::super::findings::expect;
    use super::*;

    const FILES: &[(&str, &str)] =
        &[("crates/aludel-sql/src/tape.rs", ""), ("docs/design/tape.md", ""), ("README.md", "")];

    fn expect_in(path: &str, text: &str, expected: &[&str]) {
        let mut files = FILES.to_vec();
        files.push((path, text));
        expect(check, &files, expected);
    }

    #[test]
    fn paths_that_exist_are_fine() {
        let text = "`crates/aludel-sql/src/tape.rs:12`, `crates/`, `crates/aludel-*/src`, `crates/*/src/*.rs`\n\
            [tape](design/tape.md#keys), [top](../README.md), [here](#a), [web](https://x.org/docs/a)\n\
            `cargo xtask`, `src/none.rs`, `docs/design/<name>.md`, crates/none\n\
            ```\n`docs/none.md`\n```\n";
        expect_in("docs/a.md", text, &[]);
    }

    #[test]
    fn paths_that_do_not_exist_are_found() {
        let text = "See `crates/aludel-sql/src/none.rs`.\nOr `crates/*/tests`, and [tape](../tape.md).\n";
        expect_in(
            "docs/a.md",
            text,
            &[
                "docs/a.md:1: `crates/aludel-sql/src/none.rs` does not exist",
                "docs/a.md:2: `crates/*/tests` does not exist",
                "docs/a.md:2: a link to ../tape.md, but there is no tape.md",
            ],
        );
    }

    #[test]
    fn only_documents_are_read() {
        expect_in("crates/aludel-sql/src/guide.md", "`docs/none.md`", &[]);
        expect_in("examples/a/README.md", "`docs/none.md`", &["examples/a/README.md:1: `docs/none.md` does not exist"]);
    }
}

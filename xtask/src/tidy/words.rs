//! Words that belong to somebody's machine or tools, and not to the project.

use super::findings::Findings;
use super::project::Project;

/// A word, and what is wrong with it. Each is written in two parts, so that this file doesn't hold it.
const WORDS: &[(&str, &str)] = &[
    (concat!("/wo", "rk/"), MACHINE),
    (concat!("/fa", "rm"), MACHINE),
    (concat!("/ro", "ot/"), MACHINE),
    (concat!("index.crates", ".io"), REGISTRY),
    (concat!("static.crates", ".io"), REGISTRY),
    (concat!("cla", "ude"), TOOL),
    (concat!("anth", "ropic"), TOOL),
    (concat!("open", "ai"), TOOL),
    (concat!("copi", "lot"), TOOL),
    (concat!("chat", "gpt"), TOOL),
];

const MACHINE: &str = "a path of one machine: make it relative, or find it at run time";
const REGISTRY: &str = "the host of a registry: leave the choice of registry to cargo";
const TOOL: &str = "the name of somebody's tool: leave it out";

/// Rows of data may hold any word.
const DATA: &[&str] = &[".csv", ".tbl", ".sql"];

pub(crate) fn check(project: &Project, findings: &mut Findings) {
    for file in project.files() {
        if let Some((word, wrong)) = find_word(&file.path) {
            findings.error(&file.path, 1, format!("the path has `{word}`, {wrong}"));
        }
        if DATA.iter().any(|extension| file.path.ends_with(extension)) {
            continue;
        }
        for (line, text) in file.numbered_lines() {
            if let Some((word, wrong)) = find_word(text) {
                findings.error(&file.path, line, format!("`{word}`, {wrong}"));
            }
        }
    }
}

fn find_word(text: &str) -> Option<(&'static str, &'static str)> {
    let text = text.to_ascii_lowercase();
    let found = WORDS
        .iter()
        .find(|(word, _)| text.match_indices(word).any(|(at, _)| !word.starts_with('/') || starts_path(&text[..at])));
    found.copied()
}

/// Whether a slash after this text begins an absolute path, instead of going on with a relative one.
fn starts_path(before: &str) -> bool {
    !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '*' | '}'))
}

#[cfg(test)]
mod tests {
    use super::super::findings::expect;
    use super::*;

    #[test]
    fn words_of_machines_and_tools_are_found() {
        for (word, wrong) in WORDS {
            let text = format!("one\ntwo \"{}x\"\n", word.to_uppercase());
            let expected = format!("docs/a.md:2: `{word}`, {wrong}");
            expect(check, &[("docs/a.md", &text)], &[&expected]);
        }
    }

    #[test]
    fn relative_paths_and_longer_ones_are_fine() {
        let text = format!("a{0}b ../a{0}b ${{dir}}{0}b", WORDS[0].0);
        expect(check, &[("docs/a.md", &text)], &[]);
    }

    #[test]
    fn data_may_hold_any_word_but_its_path_may_not() {
        let tool = WORDS[5].0;
        let path = format!("data/{tool}.csv");
        let expected = format!("{path}:1: the path has `{tool}`");
        expect(check, &[(&path, tool)], &[&expected]);
    }
}

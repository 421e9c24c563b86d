//! The lower crates only compute: no I/O, nothing asynchronous.

use super::findings::Findings;
use super::project::Project;
use super::source::Source;

const PURE_CRATES: &[&str] = &["aludel-core", "aludel-sql"];

/// Parts of `std` that reach outside the process, or wait.
const OUTSIDE: &[&str] = &["env", "fs", "net", "process", "thread"];

/// Crates that exist for I/O or for waiting.
const RUNTIMES: &[&str] = &["tokio", "async_std", "smol", "futures", "futures_util", "mio"];

pub(crate) fn check(project: &Project, findings: &mut Findings) {
    for (file, source) in project.shipped() {
        let Some(name) = file.crate_name().filter(|name| PURE_CRATES.contains(name)) else {
            continue;
        };
        for (index, token) in source.code() {
            if let Some(what) = impurity(source, index) {
                findings.error(
                    &file.path,
                    token.line,
                    format!("`{what}` in `{name}`, which only computes: move it to aludel-engine"),
                );
            }
        }
    }
}

fn impurity(source: &Source, index: usize) -> Option<String> {
    let [first, colons, second] = source.texts(index);
    if first == "async" || RUNTIMES.contains(&first) && colons == "::" {
        return Some(first.to_owned());
    }
    if first != "std" || colons != "::" {
        return None;
    }
    let imported = match second {
        "{" => modules_in_braces(source, index + 2),
        module => vec![module],
    };
    let outside = imported.into_iter().find(|name| OUTSIDE.contains(name))?;
    Some(format!("std::{outside}"))
}

/// The first word of each entry in the braces of a `use`.
fn modules_in_braces(source: &Source, open: usize) -> Vec<&str> {
    let depth = source.tokens[open].depth + 1;
    let inside = (open + 1..source.tokens.len()).take_while(|&at| source.tokens[at].depth >= depth);
    inside
        .filter(|&at| source.tokens[at].depth == depth && matches!(source.text_before(at), "{" | ","))
        .map(|at| source.tokens[at].text.as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::findings::expect;
    use super::*;

    const FILE: &str = "crates/aludel-sql/src/a.rs";

    #[test]
    fn computing_is_fine() {
        for text in [
            "// async std::fs",
            "use std::{fmt::{self, Write}, io::fs};",
            "const TOKIO: &str = \"tokio\";",
            "#[cfg(test)]\nmod tests { use std::fs; async fn f() {} }",
        ] {
            expect(check, &[(FILE, text)], &[]);
        }
    }

    #[test]
    fn other_crates_may_wait() {
        let text = "use std::fs; pub async fn f() {}";
        expect(check, &[("crates/aludel-engine/src/a.rs", text)], &[]);
    }

    #[test]
    fn waiting_and_reaching_outside_are_found() {
        let text = "use std::fs::File;\nuse std::{fmt, net::{TcpStream}};\nasync fn f() {}\nfn g() { tokio::spawn(h) }";
        expect(
            check,
            &[(FILE, text)],
            &[
                "crates/aludel-sql/src/a.rs:1: `std::fs` in `aludel-sql`",
                "crates/aludel-sql/src/a.rs:2: `std::net` in",
                "crates/aludel-sql/src/a.rs:3: `async` in",
                "crates/aludel-sql/src/a.rs:4: `tokio` in",
            ],
        );
    }
}

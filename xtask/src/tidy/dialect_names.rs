//! Code that all databases share never asks for a dialect by name: it asks the `Dialect` trait, or a
//! capability that is data.

use super::findings::Findings;
use super::project::{File, Project};
use super::source::Source;

/// What all databases share. The rest are drivers, and the facade that chooses among them.
const SHARED_CRATES: &[&str] = &["aludel-core", "aludel-sql", "aludel-engine", "aludel-macros"];

/// In small letters.
const NAMES: &[&str] = &["sqlite", "postgres", "postgresql", "mysql", "mariadb", "mssql", "oracle"];

pub(crate) fn check(project: &Project, findings: &mut Findings) {
    for (file, source) in project.shipped() {
        if !is_shared(file) {
            continue;
        }
        for (index, token) in source.code() {
            let name = token.string().unwrap_or(&token.text);
            if NAMES.contains(&name.to_lowercase().as_str()) && is_compared(source, index) {
                findings.error(
                    &file.path,
                    token.line,
                    format!("shared code asks for `{name}` by name: add a method to `Dialect`, or a capability"),
                );
            }
        }
    }
}

fn is_shared(file: &File) -> bool {
    file.crate_name().is_some_and(|name| SHARED_CRATES.contains(&name)) && !file.is_within("dialect")
}

/// Whether the name at this place is matched or compared with something.
fn is_compared(source: &Source, index: usize) -> bool {
    let before = source.text_before(index);
    let [_, after] = source.texts(index);
    let is_argument = before == "(" && index >= 2 && is_comparison(&source.tokens[index - 2].text);
    before.starts_with("==")
        || before.starts_with("!=")
        || before == "|"
        || after.starts_with("==")
        || after.starts_with("!=")
        || after == "|"
        || is_argument
        || is_arm(source, index)
        || in_matches(source, index)
}

/// Whether an arm of a `match` ends here: `"name" =>`, `Some("name") =>`, `Name(_) =>`, `Name { .. } =>`.
fn is_arm(source: &Source, index: usize) -> bool {
    let mut at = index + 1;
    if let ["(", "_" | "..", ")"] | ["{", "..", "}"] = source.texts(at) {
        at += 3;
    }
    while let [")"] = source.texts(at) {
        at += 1;
    }
    source.texts(at) == ["=>"]
}

fn is_comparison(method: &str) -> bool {
    matches!(method, "eq" | "ne" | "eq_ignore_ascii_case" | "starts_with" | "ends_with" | "contains")
}

/// Whether the brackets around this place are those of `matches!`.
fn in_matches(source: &Source, index: usize) -> bool {
    let depth = source.tokens[index].depth;
    let open = (0..index).rfind(|&at| source.tokens[at].depth < depth);
    open.is_some_and(|open| {
        open >= 2 && source.tokens[open - 1].text == "!" && source.tokens[open - 2].text == "matches"
    })
}

#[cfg(test)]
mod tests {
    use super::super::findings::expect;
    use super::*;

    const FILE: &str = "crates/aludel-engine/src/a.rs";

    #[test]
    fn every_way_to_compare_is_found() {
        for text in [
            "if name == \"sqlite\" {}",
            "if \"mysql\" != name {}",
            "match n { \"postgres\" => 1, _ => 2 }",
            "match n { \"a\" | \"mariadb\" if x => 1, _ => 2 }",
            "match n { Some(\"postgres\") => 1, _ => 2 }",
            "match n { Dialect::Sqlite => 1, _ => 2 }",
            "match n { Dialect::MySql(_) => 1, _ => 2 }",
            "match n { Dialect::Oracle { .. } => 1, _ => 2 }",
            "if matches!(n, Kind::Postgres) {}",
            "if url.starts_with(\"sqlite\") {}",
        ] {
            let text = format!("fn f() {{ {text} }}");
            let expected = "crates/aludel-engine/src/a.rs:1: shared code asks for";
            expect(check, &[(FILE, &text)], &[expected]);
        }
    }

    #[test]
    fn naming_without_comparing_is_fine() {
        for text in [
            "register(\"sqlite\")",
            "let scheme = \"sqlite\";",
            "match n { A => f(\"sqlite\"), _ => g(\"sqlite\") }",
            "match n { A => { f(\"sqlite\") } _ => 1 }",
            "#[cfg(feature = \"sqlite\")] let a = Sqlite::new();",
            "// name == \"sqlite\"",
            "if name == \"sqlite3_column\" {}",
        ] {
            let text = format!("fn f() {{ {text} \n}}");
            expect(check, &[(FILE, &text)], &[]);
        }
    }

    #[test]
    fn dialects_drivers_and_tests_know_their_names() {
        let text = "fn f() { name == \"sqlite\" }";
        let tests = format!("#[cfg(test)] mod tests {{ {text} }}");
        expect(
            check,
            &[
                ("crates/aludel-sql/src/dialect/sqlite.rs", text),
                ("crates/aludel-sqlite/src/url.rs", text),
                ("crates/aludel-sql/tests/it.rs", text),
                ("crates/aludel-sql/src/a.rs", &tests),
            ],
            &[],
        );
    }
}

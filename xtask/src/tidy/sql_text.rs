//! SQL text is made in the `compile` and `dialect` folders of aludel-sql, and by drivers for what only
//! their database understands. Everywhere else a statement is built with the language.

use super::findings::Findings;
use super::project::{File, Project};

/// Crates that know one database, and those that are there for tests.
const EXEMPT: &[&str] = &["aludel-sqlite", "aludel-postgres", "aludel-mysql", "aludel-servers", "aludel-testsuite"];

/// A string that starts with one of these is taken for SQL.
const STARTS: &[&str] = &["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "CREATE ", "ALTER ", "DROP "];

pub(crate) fn check(project: &Project, findings: &mut Findings) {
    for (file, source) in project.shipped() {
        if makes_sql(file) {
            continue;
        }
        for (_, token) in source.code() {
            let Some(string) = token.string() else {
                continue;
            };
            let string = string.trim_start_matches(['\n', ' ']);
            if STARTS.iter().any(|start| string.starts_with(start)) {
                let shown: String = string.chars().take(20).collect();
                let advice = "build the statement, or move the text to the dialect";
                let message = format!("SQL text \"{shown}\" made outside the compiler: {advice}");
                findings.error(&file.path, token.line, message);
            }
        }
    }
}

fn makes_sql(file: &File) -> bool {
    match file.crate_name() {
        Some("aludel-sql") => file.is_within("compile") || file.is_within("dialect"),
        name => name.is_some_and(|name| EXEMPT.contains(&name)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::findings::expect;
    use super::*;

    const TEXT: &str = "/// \"SELECT 1\"\nfn f() -> &'static str {\n    \"SELECT 1\"\n}\n";

    #[test]
    fn sql_outside_its_folders_is_found() {
        expect(
            check,
            &[("crates/aludel-engine/src/a.rs", TEXT), ("crates/aludel-sql/src/statement.rs", TEXT)],
            &[
                "crates/aludel-engine/src/a.rs:3: SQL text \"SELECT 1\" made outside",
                "crates/aludel-sql/src/statement.rs:3: SQL text",
            ],
        );
    }

    #[test]
    fn sql_in_its_folders_in_drivers_and_in_tests_is_fine() {
        let tests = format!("#[cfg(test)]\nmod tests {{ {TEXT} }}");
        expect(
            check,
            &[
                ("crates/aludel-sql/src/compile/select.rs", TEXT),
                ("crates/aludel-sql/src/compile.rs", TEXT),
                ("crates/aludel-sql/src/dialect/sqlite.rs", TEXT),
                ("crates/aludel-sqlite/src/reflect.rs", TEXT),
                ("crates/aludel-engine/tests/it.rs", TEXT),
                ("crates/aludel-engine/src/a.rs", &tests),
                ("examples/a/main.rs", TEXT),
            ],
            &[],
        );
    }

    #[test]
    fn other_strings_are_fine() {
        let text = "fn f() { (\"SELECTED\", \"select one\", \"no SELECT here\", \"UPDATE\") }";
        expect(check, &[("crates/aludel-engine/src/a.rs", text)], &[]);
    }
}

//! Files and functions that a reader can hold in mind. Only lines of code count: no comments, no
//! documentation, no tests.

use super::findings::Findings;
use super::project::{File, Project};
use super::source::{Role, Source};

/// More than `note` is worth a look, more than `most` is an error.
struct Budget {
    note: usize,
    most: usize,
}

const FILE: Budget = Budget { note: 400, most: 800 };
const FUNCTION: Budget = Budget { note: 80, most: 120 };
const LIB: Budget = Budget { note: 150, most: 150 };

/// Files that are one flat table, which splitting would only hide.
const FLAT_TABLES: &[&str] = &[];

pub(crate) fn check(project: &Project, findings: &mut Findings) {
    for (file, source) in project.sources() {
        check_file(file, source, findings);
        check_functions(file, source, findings);
    }
}

fn check_file(file: &File, source: &Source, findings: &mut Findings) {
    if FLAT_TABLES.contains(&file.path.as_str()) {
        return;
    }
    let lines = source.code_lines(1, usize::MAX);
    let is_lib = file.crate_name().is_some() && file.path.ends_with("/src/lib.rs");
    if is_lib {
        let advice = "it is a table of contents: move code to modules";
        LIB.judge(file, 1, "lib.rs", lines, advice, findings);
    } else {
        FILE.judge(file, 1, "the file", lines, "split it by concept", findings);
    }
}

fn check_functions(file: &File, source: &Source, findings: &mut Findings) {
    for (index, token) in source.code() {
        let [word, name] = source.texts(index);
        if word != "fn" || !name.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            continue; // `fn(A) -> B` is a type
        }
        let Some(body) = source.find_beside(index, &["{", ";"]) else {
            continue;
        };
        let Some(end) = source.find_beside(body, &["}"]) else {
            continue;
        };
        if source.tokens[body].text == "{" && source.tokens[end].role == Role::Code {
            let lines = source.code_lines(token.line, source.tokens[end].last_line);
            let what = format!("`fn {name}`");
            let advice = "name its parts and move them out";
            FUNCTION.judge(file, token.line, &what, lines, advice, findings);
        }
    }
}

impl Budget {
    fn judge(&self, file: &File, line: usize, what: &str, lines: usize, advice: &str, findings: &mut Findings) {
        if lines > self.most {
            let message = format!("{what} has {lines} lines of code, over {}: {advice}", self.most);
            findings.error(&file.path, line, message);
        } else if lines > self.note {
            let message = format!("{what} has {lines} lines of code, over {}", self.note);
            findings.note(&file.path, line, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::findings::expect;
    use super::*;

    fn consts(count: usize) -> String {
        "/// Docs.\nconst A: u8 = 1;\n\n// Comment.\n".repeat(count)
    }

    fn function(lines: usize) -> String {
        format!("fn long() -> [u8; 2] {{\n{}}}\n", "    f();\n".repeat(lines - 2))
    }

    fn expect_one(path: &str, text: &str, expected: &[&str]) {
        expect(check, &[(path, text)], expected);
    }

    #[test]
    fn files_have_a_budget() {
        let path = "crates/a/src/b.rs";
        expect_one(path, &consts(400), &[]);
        expect_one(path, &consts(401), &["crates/a/src/b.rs:1: note: the file has 401"]);
        expect_one(path, &consts(800), &["crates/a/src/b.rs:1: note: the file has 800"]);
        expect_one(path, &consts(801), &["crates/a/src/b.rs:1: the file has 801"]);
    }

    #[test]
    fn lib_is_a_table_of_contents() {
        expect_one("crates/a/src/lib.rs", &consts(150), &[]);
        expect_one(
            "crates/a/src/lib.rs",
            &consts(151),
            &["crates/a/src/lib.rs:1: lib.rs has 151 lines of code, over 150"],
        );
    }

    #[test]
    fn functions_have_a_budget() {
        let path = "crates/a/src/b.rs";
        expect_one(path, &function(80), &[]);
        expect_one(path, &function(81), &["crates/a/src/b.rs:1: note: `fn long` has 81"]);
        expect_one(
            path,
            &format!("impl A {{\n{}}}", function(121)),
            &["crates/a/src/b.rs:2: `fn long` has 121 lines of code, over 120: name its parts"],
        );
    }

    #[test]
    fn tests_types_and_declarations_do_not_count() {
        let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", function(900));
        expect_one("crates/a/src/b.rs", &tests, &[]);
        expect_one("crates/a/src/b/tests.rs", &function(900), &[]);
        let declared = format!("trait A {{ fn a(); }}\ntype B = fn(u8);\n{}", consts(200));
        expect_one("crates/a/src/b.rs", &declared, &[]);
    }
}

//! `unsafe` stands in named files only, and says why it is sound.

use super::findings::Findings;
use super::project::{File, Project};

/// The files that need it, each for the reason given.
const ALLOWED: &[(&str, &str)] = &[
    ("crates/aludel-sqlite/src/ffi.rs", "reads columns through SQLite's C interface"),
    ("crates/aludel-sql/benches/cost.rs", "counts allocations, which an allocator has to do"),
];

/// How many lines of the same statement may stand between the comment and the word.
const REACH: usize = 3;

pub(crate) fn check(project: &Project, findings: &mut Findings) {
    for (file, source) in project.sources() {
        let allowed = ALLOWED.iter().any(|(path, _)| *path == file.path);
        for (index, token) in source.tokens.iter().enumerate() {
            if token.text != "unsafe" {
                continue;
            }
            if !allowed {
                findings.error(
                    &file.path,
                    token.line,
                    "`unsafe` outside the files that may: find a safe way, or name the file and its reason in xtask/src/tidy/unsafe_code.rs",
                );
            } else if matches!(source.texts(index), [_, "{" | "impl"]) && !is_explained(file, token.line) {
                findings.error(
                    &file.path,
                    token.line,
                    "`unsafe` without a SAFETY comment: write above it why this is sound",
                );
            }
        }
    }
}

/// Whether a `// SAFETY:` comment stands on the line, or above the statement that the line belongs to.
fn is_explained(file: &File, line: usize) -> bool {
    let lines: Vec<&str> = file.text.lines().take(line).collect();
    let mut code_lines = 0;
    for text in lines.iter().rev().map(|text| text.trim()) {
        if text.contains("// SAFETY:") {
            return true;
        }
        if text.starts_with("//") {
            continue;
        }
        let is_before = code_lines > 0 && (text.is_empty() || text.ends_with([';', '{', '}']));
        if is_before || code_lines == REACH {
            return false;
        }
        code_lines += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::super::findings::expect;
    use super::*;

    const FILE: &str = "crates/aludel-sqlite/src/ffi.rs";

    #[test]
    fn other_files_do_without() {
        expect(
            check,
            &[
                ("crates/aludel-sql/src/a.rs", "// unsafe\nfn f() { unsafe { g() } }"),
                ("crates/aludel/tests/it.rs", "unsafe impl Send for A {}"),
            ],
            &["crates/aludel-sql/src/a.rs:2: `unsafe` outside", "crates/aludel/tests/it.rs:1: `unsafe` outside"],
        );
    }

    #[test]
    fn an_explained_block_is_fine() {
        for text in [
            "fn f() {\n    // SAFETY: it is.\n    // Still.\n    unsafe { g() }\n}",
            "fn f() {\n    // SAFETY: it is.\n    let a =\n        unsafe { g() };\n}",
            "// SAFETY: it is.\nunsafe impl Send for A {}",
            "fn f() {\n    unsafe { g() } // SAFETY: it is.\n}",
            "unsafe fn f() {}",
        ] {
            expect(check, &[(FILE, text)], &[]);
        }
    }

    #[test]
    fn an_explanation_holds_for_one_statement() {
        let text = "fn f() {\n    // SAFETY: it is.\n    unsafe { g() };\n    unsafe { h() }\n}";
        expect(check, &[(FILE, text)], &["crates/aludel-sqlite/src/ffi.rs:4: `unsafe` without a SAFETY comment"]);
    }
}

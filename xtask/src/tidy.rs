//! `cargo xtask tidy`: the invariants of `docs/ARCHITECTURE.md` that a program can check.
//!
//! A check is a function from the files of the repository to findings, in a file of its own under
//! `tidy/`. It reads no disk, so its tests are small sets of files written in place. A finding says where,
//! what, and what to do.
//!
//! Some checks are guesses about meaning: whether a string is SQL, whether a match is on a dialect. Where
//! they guess wrong, `// tidy: allow(NAME) REASON` on the same line or the line above lets it pass.

mod changelog;
mod crate_docs;
mod dialect_names;
mod excuses;
mod file_names;
mod findings;
mod imports;
mod named_paths;
mod project;
mod purity;
mod sizes;
mod source;
mod sql_text;
mod unfinished;
mod unsafe_code;
mod words;

use anyhow::{Result, bail};

use crate::root;
use excuses::Excuses;
use findings::{Finding, Findings, Level};
use project::Project;

struct Check {
    name: &'static str,
    run: fn(&Project, &mut Findings),
    /// Whether a comment in the source can let a finding pass.
    excusable: bool,
}

const CHECKS: &[Check] = &[
    strict("imports", imports::check),
    strict("purity", purity::check),
    strict("unsafe", unsafe_code::check),
    strict("file-names", file_names::check),
    strict("sizes", sizes::check),
    strict("named-paths", named_paths::check),
    strict("crate-docs", crate_docs::check),
    strict("unfinished", unfinished::check),
    lenient("dialect-names", dialect_names::check),
    lenient("sql-text", sql_text::check),
    strict("changelog", changelog::check),
    strict("words", words::check),
];

const fn strict(name: &'static str, run: fn(&Project, &mut Findings)) -> Check {
    Check { name, run, excusable: false }
}

const fn lenient(name: &'static str, run: fn(&Project, &mut Findings)) -> Check {
    Check { excusable: true, ..strict(name, run) }
}

pub(crate) fn run(words: &[String]) -> Result<()> {
    if let Some(word) = words.first() {
        bail!("`cargo xtask tidy` takes no arguments, not `{word}`");
    }
    let project = Project::load(root())?;
    let findings = check_all(&project);
    for (check, finding) in &findings {
        println!("{}", finding.line(check));
    }
    let errors = count(&findings, Level::Error);
    println!(
        "tidy: {} files, {} checks, {errors} errors, {} notes",
        project.files().count(),
        CHECKS.len(),
        count(&findings, Level::Note)
    );
    if errors > 0 {
        bail!("the tree is not tidy");
    }
    Ok(())
}

fn count(findings: &[(&str, Finding)], level: Level) -> usize {
    findings.iter().filter(|(_, finding)| finding.level == level).count()
}

/// What each check finds: notes before errors, so that errors are the last thing on the screen.
fn check_all(project: &Project) -> Vec<(&'static str, Finding)> {
    let mut excuses = Excuses::read(project);
    let mut all = Vec::new();
    for check in CHECKS {
        let mut findings = Findings::default();
        (check.run)(project, &mut findings);
        let kept = findings.into_iter().filter(|finding| !(check.excusable && excuses.cover(check.name, finding)));
        all.extend(kept.map(|finding| (check.name, finding)));
    }
    let unused = excuses.unused().into_iter();
    all.extend(unused.map(|finding| ("excuses", finding)));
    all.sort_by(|a, b| a.1.cmp(&b.1));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excuse_lets_a_guess_pass() {
        let errors = |comment: &str| {
            let text = format!("//! Docs.\nconst A: &str = \"DELETE FROM t\"; // {comment}\n");
            let project = Project::of(&[("crates/aludel-engine/src/lib.rs", &text)]);
            count(&check_all(&project), Level::Error)
        };
        assert_eq!(errors(concat!("tidy: ", "allow(sql-text) a message")), 0);
        assert_eq!(errors("no excuse"), 1);
    }

    #[test]
    fn notes_come_before_errors() {
        let long = format!("//! Docs.\n{}", "const A: u8 = 0;\n".repeat(401));
        let project = Project::of(&[("crates/aludel-sql/src/a.rs", &long), ("crates/aludel-core/src/a/mod.rs", "")]);
        let levels: Vec<_> = check_all(&project).iter().map(|(_, finding)| finding.level).collect();
        assert_eq!(levels, [Level::Note, Level::Error]);
    }
}

//! `--sqlalchemy`: the ORM cases of SQLAlchemy's published performance suite, done by it and by Aludel in turns.
//!
//! SQLAlchemy runs in a Python process that [`python`] makes an environment for and [`server`] talks with;
//! Aludel's side is in `libraries`. Each measures its own work, and the result is what either was best at.

mod customers;
mod python;
mod server;

use std::path::Path;

use serde::{Deserialize, Serialize};

pub(crate) use self::customers::{CHUNK, Database, WRITTEN};
use self::server::Server;
use crate::libraries::aludel_suite;
use crate::turns::Result;
use crate::versions;

/// A case of the suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Suite {
    /// 100,000 objects without keys are added and flushed.
    Inserts,
    /// 100,000 objects are loaded, changed and flushed.
    Updates,
    /// 500,000 objects are read into a list.
    List,
}

/// One round of a case; `rows` and `total` are the same for both, or the comparison is void.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Outcome {
    /// How long the work took.
    pub(crate) seconds: f64,
    /// How many rows or objects there were in the end.
    pub(crate) rows: i64,
    /// All of their keys and all lengths of their texts.
    pub(crate) total: i64,
}

/// What both were best at.
#[derive(Debug, Serialize)]
struct Line {
    case: &'static str,
    sqlalchemy_seconds: f64,
    aludel_seconds: f64,
    /// SQLAlchemy's seconds by Aludel's.
    ratio: f64,
}

impl Suite {
    /// Every case, in the order in which they run.
    pub(crate) const ALL: [Self; 3] = [Suite::Inserts, Suite::Updates, Suite::List];

    /// Its name, by which the Python program knows it as well.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Suite::Inserts => "inserts100k",
            Suite::Updates => "updates100k",
            Suite::List => "list500k",
        }
    }
}

/// Runs the cases so many times and prints the best of each; also as JSON to the file, if there is one.
pub(crate) fn run(cases: &[Suite], rounds: u32, json: Option<&Path>) -> Result {
    let mut sqlalchemy = Server::start(&python::interpreter()?)?;
    println!("{}", sqlalchemy.versions());
    println!("Aludel {}, SQLite {}; the best of {rounds} rounds", versions::of("aludel"), ::rusqlite::version());
    println!("\n{:<16} {:>12} {:>12} {:>8}", "case", "SQLAlchemy", "Aludel", "ratio");
    let mut lines = Vec::new();
    for &case in cases {
        let line = compare(&mut sqlalchemy, case, rounds)?;
        let Line { case, sqlalchemy_seconds, aludel_seconds, ratio } = &line;
        println!("{case:<16} {sqlalchemy_seconds:>10.3} s {aludel_seconds:>10.4} s {ratio:>8.1}");
        lines.push(line);
    }
    match json {
        Some(path) => Ok(std::fs::write(path, serde_json::to_string_pretty(&lines)? + "\n")?),
        None => Ok(()),
    }
}

fn compare(sqlalchemy: &mut Server, case: Suite, rounds: u32) -> Result<Line> {
    let aludel = aludel_suite::Objects::new(case)?;
    let (mut best_sqlalchemy, mut best_aludel) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..rounds {
        let theirs = sqlalchemy.run(case)?;
        let ours = aludel.run(case)?;
        if (theirs.rows, theirs.total) != (ours.rows, ours.total) {
            return Err(format!("{}: not the same result: {theirs:?} and {ours:?}", case.name()).into());
        }
        best_sqlalchemy = best_sqlalchemy.min(theirs.seconds);
        best_aludel = best_aludel.min(ours.seconds);
    }
    Ok(Line {
        case: case.name(),
        sqlalchemy_seconds: best_sqlalchemy,
        aludel_seconds: best_aludel,
        ratio: best_sqlalchemy / best_aludel,
    })
}

#[cfg(test)]
mod tests {
    use super::customers::READ;
    use super::{CHUNK, Suite, WRITTEN};

    /// The Python program, which states the same things in its own words.
    const PROGRAM: &str = include_str!("../../sqlalchemy/suite.py");

    fn number(name: &str) -> Option<i64> {
        let line = PROGRAM.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = "))?;
        line.replace('_', "").parse().ok()
    }

    #[test]
    fn both_programs_have_the_same_cases_of_the_same_size() {
        for case in Suite::ALL {
            assert!(PROGRAM.contains(&format!("name = \"{}\"", case.name())), "{case:?}");
        }
        assert_eq!(number("WRITTEN"), Some(WRITTEN));
        assert_eq!(number("READ"), Some(READ));
        assert_eq!(number("CHUNK"), Some(CHUNK));
    }
}

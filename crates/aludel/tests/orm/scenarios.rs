//! What SQLAlchemy does in 49 scenarios, as `scenarios.json` tells it, and that a session does the same with the same statements
//! or fewer.
//!
//! A statement that runs for several rows is one statement here; there it is often one for each row. So what is compared is
//! rows: each with what its statement does, to which tables, with which values. What differs on purpose is said in the test.

mod inheritance;
mod loading;
mod queries;
mod reading;
mod statement;
mod writing;

use aludel::blocking::Session;
use serde_json::Value as Json;

use crate::model::{Log, database};
use statement::Ran;

/// Scenarios that have no test.
const NOT_DONE: &[&str] = &[];

/// A scenario that is being played.
struct Scenario {
    id: &'static str,
    log: Log,
    expected: Vec<Ran>,
    result: Json,
    is_ordered: bool,
}

/// A session on the scenarios' database, and what is expected of it.
fn play(id: &'static str) -> (Session, Scenario) {
    let (engine, log) = database();
    (Session::new(&engine), Scenario::of(id, log))
}

impl Scenario {
    fn of(id: &'static str, log: Log) -> Self {
        let entry = all().into_iter().find(|entry| entry["id"] == id).unwrap_or_else(|| panic!("no scenario {id}"));
        let statements = entry["statements"].as_array().unwrap();
        let expected = statements.iter().map(|statement| Ran::expected(&statement[0], &statement[1])).collect();
        Self { id, log, expected, result: entry["result"].clone(), is_ordered: true }
    }

    /// Leaves out statements that a session does not need, by their places from 0; the reason stands beside it.
    fn without(mut self, places: &[usize], _reason: &str) -> Self {
        let mut at = 0;
        self.expected.retain(|_| {
            at += 1;
            !places.contains(&(at - 1))
        });
        self
    }

    /// The statements are the same in another order, for the reason that stands beside it.
    fn in_any_order(mut self, _reason: &str) -> Self {
        self.is_ordered = false;
        self
    }

    /// Compares what ran, and what came of it.
    fn is(self, result: impl Into<Json>) {
        let Self { id, log, expected, result: wanted, is_ordered } = self;
        let ran: Vec<Ran> = log.take().iter().map(Ran::of).collect();
        let texts = |all: &[Ran]| all.iter().map(|ran| format!("    {ran}")).collect::<Vec<_>>().join("\n");
        let both = format!("{id}: ran\n{}\nand expected\n{}", texts(&ran), texts(&expected));
        assert!(ran.len() <= expected.len(), "more statements than expected: {both}");
        let rows = |all: &[Ran]| {
            let mut rows: Vec<String> = all.iter().flat_map(Ran::rows).collect();
            if !is_ordered {
                rows.sort();
            }
            rows
        };
        assert_eq!(rows(&ran), rows(&expected), "{both}");
        assert_eq!(result.into(), wanted, "the result of {id}");
    }
}

fn all() -> Vec<Json> {
    serde_json::from_str(include_str!("scenarios.json")).unwrap()
}

#[test]
fn every_scenario_has_one_test() {
    let sources = [
        include_str!("scenarios/inheritance.rs"),
        include_str!("scenarios/loading.rs"),
        include_str!("scenarios/queries.rs"),
        include_str!("scenarios/reading.rs"),
        include_str!("scenarios/writing.rs"),
    ];
    let all = all();
    assert_eq!(all.len(), 49);
    for entry in &all {
        let id = entry["id"].as_str().unwrap();
        let played: usize = sources.iter().map(|source| source.matches(&format!("(\"{id}\"")).count()).sum();
        let wanted = usize::from(!NOT_DONE.contains(&id));
        assert_eq!(played, wanted, "{id} is played {played} time(s)");
    }
}

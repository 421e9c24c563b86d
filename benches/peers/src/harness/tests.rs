use std::time::Duration;

use super::{Effort, median, run};
use crate::cases::Case;
use crate::library::{Blocking, Library};
use crate::orm::Orm;
use crate::servers::Site;
use crate::turns::{Result, Turns};

/// A library that finds `N` rows whatever it is asked for, and has no tables for an insert.
struct Fake<const N: u8>;

impl<const N: u8> Blocking for Fake<N> {
    const NAME: &'static str = "fake";
    const PACKAGE: &'static str = "rusqlite";

    fn trivial(mut turns: Turns, _: usize) -> Result {
        while let Some(turn) = turns.next() {
            while turn.again() {
                turn.done((0..N).collect::<Vec<_>>());
            }
        }
        Ok(())
    }

    fn medium(turns: Turns, rows: usize) -> Result {
        Self::trivial(turns, rows)
    }

    fn insert(_: Turns, _: usize) -> Result {
        Err("no such table: users".into())
    }

    fn associations(turns: Turns) -> Result {
        Self::trivial(turns, 0)
    }

    fn reference_call(turns: Turns) -> Result {
        Self::trivial(turns, 0)
    }

    fn bulk(turns: Turns) -> Result {
        Self::trivial(turns, 0)
    }

    fn orm(case: Orm) -> Option<fn(Turns) -> Result> {
        case.loads().then_some(|turns| Self::trivial(turns, 0))
    }
}

/// Runs a case with small effort; the figures as one line, or the error.
fn outcome(case: Case, libraries: &[Library]) -> String {
    race(&[case], libraries)
}

/// The same for a race.
fn race(cases: &[Case], libraries: &[Library]) -> String {
    let effort = Effort {
        rounds: 2,
        long_rounds: 1,
        sample: Duration::from_micros(50),
        warm_up: Duration::from_micros(50),
        passes: None,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().expect("a runtime");
    match run(&runtime, &mut Site::Sqlite, cases, libraries, effort) {
        Ok(figures) => figures.iter().map(|row| format!("{} {} {};", row.case, row.library, row.rounds)).collect(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn equal_results_are_timed() {
    let libraries = [Library::blocking::<Fake<3>>(), Library::blocking::<Fake<3>>()];
    assert_eq!(outcome(Case::Trivial(3), &libraries), "trivial/3 fake 2;trivial/3 fake 2;");
    assert_eq!(outcome(Case::Bulk, &libraries), "bulk400k fake 1;bulk400k fake 1;");
}

#[test]
fn different_results_end_the_run() {
    let libraries = [Library::blocking::<Fake<3>>(), Library::blocking::<Fake<4>>()];
    let error = outcome(Case::Trivial(3), &libraries);
    assert!(error.starts_with("trivial/3: fake gives another result than fake: 4 rows"), "{error}");
}

#[test]
fn a_library_that_fails_is_named_with_its_reason() {
    let error = outcome(Case::Insert(1), &[Library::blocking::<Fake<3>>()]);
    assert_eq!(error, "insert/1: fake: no such table: users");
}

#[test]
fn a_library_without_a_language_is_left_out_of_building() {
    assert_eq!(outcome(Case::ReferenceBuild, &[Library::blocking::<Fake<3>>()]), "");
}

#[test]
fn cases_of_one_race_take_turns_and_are_compared() {
    let cases = [Case::Orm(Orm::LoadVec), Case::Orm(Orm::LoadIdentity)];
    assert!(cases[0].runs_with(cases[1]) && !cases[0].runs_with(Case::Orm(Orm::Insert)));
    let libraries = [Library::blocking::<Fake<3>>()];
    assert_eq!(race(&cases, &libraries), "orm/load10k_vec fake 2;orm/load10k_identity fake 2;");
}

#[test]
fn a_library_takes_part_in_the_cases_that_it_has() {
    assert_eq!(outcome(Case::Orm(Orm::Update), &[Library::blocking::<Fake<3>>()]), "");
}

#[test]
fn the_median_is_the_middle() {
    assert_eq!(median(&[1.0, 2.0, 9.0]), 2.0);
    assert_eq!(median(&[1.0, 2.0, 4.0, 9.0]), 3.0);
}

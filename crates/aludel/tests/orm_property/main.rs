//! Random graphs of objects and random work on them, beside a model that predicts the database and the session.
//! In some runs futures are dropped half-way.
//!
//! `ALUDEL_ORM_RUNS` says how many runs there are, and `ALUDEL_ORM_SEED` which seed the first one has. On a server there are fewer:
//! each statement is a way to it and back.

#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

mod act;
#[path = "../backend/mod.rs"]
mod backend;
mod handle;
mod model;
mod random;
mod regressions;
mod run;
mod shrink;
#[path = "../orm_faults/slow.rs"]
mod slow;
mod world;

use aludel::prelude::*;

use crate::act::End;
use crate::model::{database, empty, now, slow_database};
use crate::random::{Op, Random, work};
use crate::run::Run;

/// What is done in one run.
const LENGTH: usize = 60;

#[test]
fn objects_and_database_agree() {
    let number = |name: &str, default: u64| std::env::var(name).map_or(default, |text| text.parse().unwrap());
    let (runs, first) = (number("ALUDEL_ORM_RUNS", backend::on(1_000, 80, 80)), number("ALUDEL_ORM_SEED", 1));
    let (engine, slow) = (database(), slow_database());
    for seed in first..first + runs {
        let ops = work(&mut Random::new(seed), LENGTH);
        let engine = if seed % 4 == 1 { &slow } else { &engine };
        if let Err(words) = shrink::caught(|| one(engine, seed, &ops)) {
            panic!("{}", shrink::report(seed, words, ops, |ops| one(engine, seed, ops)));
        }
    }
}

/// One run; an error tells what was done and what went wrong.
fn one(engine: &Engine, seed: u64, ops: &[Op]) -> Result<(), String> {
    empty(engine);
    let autoflush = !seed.is_multiple_of(4);
    let settings = Session::builder(engine).autoflush(autoflush).expire_on_commit(!seed.is_multiple_of(3));
    let mut session = settings.load_chunk(if seed.is_multiple_of(2) { 2 } else { 500 }).build();
    let mut run = Run::new(engine, autoflush);
    let mut ops = ops.iter();
    let result = loop {
        match run.go(&mut session, &mut ops, 0) {
            Ok(End::RolledBack) => {}
            other => break other,
        }
    };
    let result = result.and_then(|_| run.ends(&mut session));
    result.map_err(|error| format!("{}\n{error}", run.trail.join("\n")))?;
    now(session.close()).map_err(|error| error.to_string())
}

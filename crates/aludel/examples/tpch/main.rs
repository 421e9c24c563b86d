//! TPC-H, end to end: eight tables from entities, their rows from the `tpchgen` generator, and the benchmark's 22 queries
//! in Aludel's typed language, each run twice.
//!
//! ```text
//! cargo run --release --example tpch -- --scale 0.05 --query 1 --query 9 --echo
//! ```
//!
//! Where to look:
//!
//! - `entities` has a file for each table: the struct, and how it comes from the generator's row;
//! - `load` fills the tables, with `progress` for who watches;
//! - `queries` has a file for each query, `ask` runs them, and `compare` tests them against `reference`, the same queries as
//!   SQL text;
//! - `report` prints what happened, `answers` writes it as JSON.

mod answers;
mod ask;
#[cfg(test)]
mod compare;
mod database;
mod entities;
mod generate;
mod load;
mod options;
mod progress;
mod queries;
#[cfg(test)]
mod reference;
mod report;
mod timing;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use answers::Answers;
use ask::Asker;
use database::Database;
use options::Options;
use queries::QUERIES;
use timing::Asked;

/// What can go wrong: in the database, or with the program's files.
type Failure = Box<dyn Error>;

fn main() -> ExitCode {
    match run(&Options::parse(), &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The whole job: load, ask, report, and write the answers where they are wanted.
fn run(options: &Options, out: &mut impl Write) -> Result<(), Failure> {
    if let Some(path) = &options.answers {
        answers::check(path)?;
    }
    let database = Database::open(options.url.as_deref(), options.echo)?;
    writeln!(out, "database: {database}\n")?;
    let loaded = load::load(database.engine(), options.scale)?;
    report::loaded(out, &loaded)?;

    let asked = ask_all(&database, options)?;
    report::queries(out, &asked)?;
    report::phases(out, &asked)?;

    if let Some(path) = &options.answers {
        Answers::new(&loaded, &asked).write(path)?;
    }
    Ok(())
}

fn ask_all(database: &Database, options: &Options) -> Result<Vec<Asked>, Failure> {
    let asker = Asker::new(database.engine());
    QUERIES.iter().filter(|query| options.wants(query.number)).map(|query| asker.ask_twice(query)).collect()
}

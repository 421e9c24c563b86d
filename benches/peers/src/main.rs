//! Measures Aludel against other database libraries for Rust: the same work, in one run.
//!
//! `cargo run --release --manifest-path benches/peers/Cargo.toml -- --backend sqlite`
//!
//! - [`cases`] names the work, [`data`], [`reference`] and [`bulk`] hold its tables and rows;
//! - [`libraries`] has a file for each library, with the shape that [`library`] gives;
//! - [`servers`] makes databases on servers, [`place`] is where a case runs;
//! - [`harness`] lets them run in turns, [`turns`] is how the two talk, [`report`] prints.
//!
//! To add a library: one file in `src/libraries/`, one line in `src/libraries.rs`.

mod backend;
mod bulk;
mod cases;
mod data;
mod grouping;
mod harness;
mod libraries;
mod library;
mod orm;
mod place;
mod reference;
mod report;
mod resident;
mod servers;
mod sqlalchemy;
mod turns;
mod versions;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;

use crate::backend::Backend;
use crate::cases::Case;
use crate::harness::Effort;
use crate::library::Library;
use crate::servers::Site;
use crate::sqlalchemy::Suite;
use crate::turns::Result;

/// Measures Aludel against other database libraries, on the same work, in interleaved rounds.
#[derive(Debug, Parser)]
struct Options {
    /// The database to run on.
    #[arg(long, value_enum, default_value = "sqlite")]
    backend: Backend,
    /// The server, in which databases are made and dropped; else that of ALUDEL_TEST_POSTGRES_URL or ALUDEL_TEST_MYSQL_URL,
    /// else a private one is started.
    #[arg(long)]
    url: Option<String>,
    /// Reach a private server over TCP, not over a Unix socket.
    #[arg(long, conflicts_with = "url")]
    tcp: bool,
    /// Only this case, or these cases ("medium" is all of medium/N); may be given more than once.
    #[arg(long = "case", value_name = "NAME")]
    cases: Vec<String>,
    /// Only this library; may be given more than once.
    #[arg(long = "library", value_name = "NAME")]
    libraries: Vec<String>,
    /// Also write the figures to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Rounds of each case; bulk400k runs a tenth of them, at least three.
    #[arg(long, value_name = "N", default_value_t = 51, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// What a sample takes at least, in microseconds. On a busy machine short ones come through undisturbed more often.
    #[arg(long, value_name = "N", default_value_t = 3_000, value_parser = clap::value_parser!(u64).range(1..))]
    sample: u64,
    /// So many iterations make a sample, without a warm-up: to count what one costs, as the difference of two runs.
    #[arg(long, value_name = "N", conflicts_with = "sample", value_parser = clap::value_parser!(u32).range(1..))]
    passes: Option<u32>,
    /// Three short rounds of each case and one of bulk400k: shows that all works, measures little.
    #[arg(long, conflicts_with = "rounds")]
    quick: bool,
    /// Measure the three cases of SQLAlchemy's suite instead, in turns with SQLAlchemy: needs Python 3.
    #[arg(long, conflicts_with = "libraries")]
    sqlalchemy: bool,
    /// Print the names of the cases and of the libraries, and run nothing.
    #[arg(long)]
    list: bool,
}

fn main() -> ExitCode {
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result {
    if options.sqlalchemy {
        return run_sqlalchemy(options);
    }
    let cases = chosen(Case::all(options.backend), &options.cases, |case, name| case.is_called(name))?;
    let libraries = chosen(libraries::all(options.backend), &options.libraries, |library, name| library.name == name)?;
    if options.list {
        println!("{}", report::list(&cases, libraries.iter().map(|library| (library.name, version(library)))));
        return Ok(());
    }
    if let Some(path) = &options.json {
        report::check_json(path)?;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let mut site = Site::find(options.backend, options.url.as_deref(), options.tcp)?;
    println!("{}; {} rounds", site.title(&runtime)?, options.effort().rounds);
    let mut all = Vec::new();
    for race in cases.chunk_by(|one, other| one.runs_with(*other)) {
        let figures = harness::run(&runtime, &mut site, race, &libraries, options.effort())?;
        if !figures.is_empty() {
            println!("\n{}", report::table(&figures));
        }
        all.extend(figures);
    }
    println!("\n{}", report::LEGEND);
    match &options.json {
        Some(path) => report::write_json(path, &all),
        None => Ok(()),
    }
}

fn run_sqlalchemy(options: &Options) -> Result {
    let cases = chosen(Suite::ALL.to_vec(), &options.cases, |case, name| case.name() == name)?;
    if options.list {
        println!("{}", cases.iter().map(|case| case.name()).collect::<Vec<_>>().join("\n"));
        return Ok(());
    }
    if let Some(path) = &options.json {
        report::check_json(path)?;
    }
    sqlalchemy::run(&cases, options.effort().long_rounds, options.json.as_deref())
}

impl Options {
    fn effort(&self) -> Effort {
        let long_rounds = if self.quick { 1 } else { (self.rounds / 10).max(3) };
        Effort {
            rounds: if self.quick { 3 } else { self.rounds },
            long_rounds,
            sample: Duration::from_micros(self.sample),
            warm_up: Duration::from_millis(if self.quick { 3 } else { 30 }),
            passes: self.passes,
        }
    }
}

/// The items that one of the names means, or all if there are no names.
fn chosen<T>(items: Vec<T>, names: &[String], is_called: impl Fn(&T, &str) -> bool) -> Result<Vec<T>> {
    if let Some(name) = names.iter().find(|name| !items.iter().any(|item| is_called(item, name))) {
        return Err(format!("nothing is called {name:?}; --list prints the names").into());
    }
    let wanted = |item: &T| names.is_empty() || names.iter().any(|name| is_called(item, name));
    Ok(items.into_iter().filter(wanted).collect())
}

fn version(library: &Library) -> &'static str {
    versions::of(library.package)
}

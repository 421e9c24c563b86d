//! A driver by somebody else, complete and small: it speaks to SQLite through `rusqlite`, in the caller's thread, and has a
//! dialect, a scheme and capabilities of its own. Nothing of Aludel knows it.
//!
//!     cargo run -p aludel-testsuite --example third_party
//!     cargo test -p aludel-testsuite --example third_party
//!
//! The crate's documentation goes through it step by step.
#![allow(clippy::print_stdout, reason = "printing is what an example is for")]

mod bind;
mod connection;
mod dialect;
mod driver;
mod error;
mod row;

use aludel::blocking::Engine;
use aludel::prelude::*;

use driver::Lite;

#[derive(Entity, Clone, Debug)]
struct Planet {
    #[column(primary_key)]
    id: i64,
    name: String,
    moons: Option<i32>,
}

fn main() -> Result<()> {
    let engine = Engine::builder("lite::memory:").driver(Lite).pool_size(1).connect()?;
    engine.create_all(schema![Planet])?;
    let planets = [("Venus", Some(0)), ("Earth", Some(1)), ("Mars", Some(2)), ("Nine", None)];
    engine.insert(Planet::insert().tuples((Planet::NAME, Planet::MOONS), planets))?;
    for planet in engine.fetch_all(Planet::select().filter(Planet::MOONS.gt(0)).order_by(Planet::NAME))? {
        println!("{}: {} has {:?}", planet.id, planet.name, planet.moons);
    }
    // What the dialect does not know is an error that says so.
    let error = engine.fetch_one(Planet::delete().filter(Planet::ID.eq(4)).returning(Planet::NAME)).err();
    println!("{}", error.map(|error| error.to_string()).unwrap_or_default());
    Ok(())
}

#[cfg(test)]
mod tests {
    use aludel_testsuite::{TemporaryFile, conformance};

    use super::driver::Lite;

    conformance! {
        driver: Lite,
        database: TemporaryFile::new("lite", "").expect("a folder"),
        capabilities: [Savepoints, TransactionalDdl, RepeatableRead, Serializable, Temporal, Uuids, Json, LargeColumns, ZeroInText],
    }
}

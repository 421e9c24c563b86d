//! Values with no column beside them: what type a database takes them for, as arguments of functions, beside operators, and alone.
//!
//! `docs/design/parameters.md` says what is meant to hold. Every expression runs on both faces, and twice on each: at first the
//! statement is new to the server, and then it is known.

#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

mod alone;
mod functions;
mod narrow;
mod operators;

use aludel::prelude::*;
use aludel::{Engine, blocking};
use aludel_testsuite::Backend;
use aludel_testsuite::servers::Database;
use tokio::runtime::Runtime;

/// A database with an engine of each face.
pub(crate) struct Place {
    pub(crate) backend: Backend,
    pub(crate) blocking: blocking::Engine,
    pub(crate) waiting: Engine,
    pub(crate) runtime: Runtime,
    _database: Option<Database>,
}

impl Place {
    pub(crate) fn new(backend: Backend) -> Self {
        let database = backend.database();
        let url = database.as_ref().map_or("sqlite::memory:", Database::url);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let blocking = <blocking::Engine as Connect>::connect(url).unwrap();
        let waiting = runtime.block_on(<Engine as Connect>::connect(url)).unwrap();
        Self { backend, blocking, waiting, runtime, _database: database }
    }
}

pub(crate) const ALL: &[Backend] = &Backend::ALL;
pub(crate) const SERVERS: &[Backend] = &Backend::SERVERS;
pub(crate) const POSTGRES: &[Backend] = &[Backend::Postgres];
pub(crate) const MARIADB: &[Backend] = &[Backend::MariaDb];

/// `gives!(places, on DATABASES, expression => value)`: what the expression gives there.
macro_rules! gives {
    ($places:expr, $on:expr, $expr:expr => $expected:expr) => {
        for place in $places.iter().filter(|place| $on.contains(&place.backend)) {
            for _ in 0..2 {
                let found = place.blocking.fetch_one(aludel::prelude::select($expr));
                let found =
                    found.unwrap_or_else(|error| panic!("{} on {}: {error}", stringify!($expr), place.backend.name()));
                assert_eq!(found, $expected, "{} on {}", stringify!($expr), place.backend.name());
                let found = place.runtime.block_on(place.waiting.fetch_one(aludel::prelude::select($expr)));
                assert_eq!(found.unwrap(), $expected, "{} on {}", stringify!($expr), place.backend.name());
            }
        }
    };
}
pub(crate) use gives;

pub(crate) fn places() -> [Place; 3] {
    Backend::ALL.map(Place::new)
}

#![doc = include_str!("docs/crate.md")]

mod bind;
mod connection;
mod connector;
mod error;
mod ffi;
mod flat;
mod inline;
mod number;
mod options;
mod patience;
#[cfg(feature = "regexp")]
mod regexp;
mod row;
mod statement;
mod worker;

pub use connection::SqliteConnection;
pub use connector::Sqlite;
pub use worker::Threaded;

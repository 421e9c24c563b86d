#![doc = include_str!("docs/crate.md")]

mod answer;
mod away;
mod bind;
mod binding;
mod bulk;
mod cancel;
mod channel;
mod connection;
mod connector;
mod error;
mod message;
mod number;
pub mod operators;
mod options;
mod prepare;
mod request;
mod row;
mod run;
mod settle;
mod simple;
mod startup;
mod statement;
mod types;

pub use connection::PostgresConnection;
pub use connector::Postgres;

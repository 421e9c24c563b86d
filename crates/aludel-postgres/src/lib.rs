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
mod copy;
mod error;
mod listen;
mod message;
mod notice;
mod number;
pub mod operators;
mod options;
mod pipeline;
mod prepare;
mod request;
mod row;
mod run;
mod settle;
mod simple;
mod startup;
mod statement;
mod types;

pub use connection::{PostgresConnection, wait};
pub use connector::Postgres;
pub use copy::{CopyIn, CopyOut, CopyRowsIn, CopyRowsOut};
pub use listen::Listener;
pub use notice::Notification;

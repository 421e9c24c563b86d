#![doc = include_str!("docs/crate.md")]

mod answer;
mod auth;
mod bind;
mod bulk;
mod column;
mod connection;
mod connector;
mod error;
mod handshake;
mod load;
mod options;
mod packet;
mod parse;
mod request;
mod row;
mod server;
mod session;
mod settle;
mod statement;
mod stop;

pub use connection::MySqlConnection;
pub use connector::MySql;

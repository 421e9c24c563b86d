#![doc = include_str!("docs/crate.md")]

mod address;
mod buffer;
mod plain;
mod socket;
mod tls;
mod watched;
mod wire;

pub use address::{Address, SocketOptions};
pub use tls::{TlsSettings, Verify};
pub use wire::Wire;

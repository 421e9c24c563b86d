#![doc = include_str!("docs/crate.md")]

mod capability;
#[doc(hidden)]
pub mod cases;
mod database;
mod macros;
mod model;
mod proxy;
pub mod servers;
mod subject;
mod suite;

#[doc(hidden)]
pub use aludel::driver::Face;
pub use capability::Capability;
pub use database::{Database, TemporaryFile};
pub use proxy::Proxy;
#[doc(hidden)]
pub use subject::Subject;
#[doc(hidden)]
pub use suite::Suite;

#![doc = include_str!("docs/crate.md")]

mod backend;
mod capability;
#[doc(hidden)]
pub mod cases;
mod database;
pub mod futures;
mod macros;
mod model;
mod proxy;
pub mod servers;
mod subject;
mod suite;

#[doc(hidden)]
pub use aludel::driver::Face;
pub use backend::Backend;
pub use capability::Capability;
pub use database::{Database, TemporaryFile};
pub use proxy::Proxy;
#[doc(hidden)]
pub use subject::Subject;
#[doc(hidden)]
pub use suite::Suite;

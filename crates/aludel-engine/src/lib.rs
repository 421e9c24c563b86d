//! Engine, connections, transactions and drivers of the [Aludel](https://docs.rs/aludel) SQL toolkit.

pub mod blocking;
mod builder;
mod bulk;
mod cache;
mod conn;
mod control;
mod ddl;
pub mod driver;
mod engine;
pub mod events;
mod execute;
mod fetch;
mod hold;
mod info;
mod live;
mod log;
mod methods;
mod observe;
mod options;
mod pool;
mod record;
mod shared;
mod sinks;
mod transaction;
mod url;

pub use aludel_core::{Error, Result};
pub use builder::EngineBuilder;
pub use cache::{CacheStatistics, CacheStatus};
pub use conn::Conn;
pub use engine::Engine;
pub use info::Info;
pub use options::Echo;
pub use pool::PoolStatus;
pub use record::{Batch, Parameters, Phases, QueryRecord};
pub use transaction::{Transaction, writing};
pub use url::Url;

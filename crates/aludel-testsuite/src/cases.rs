//! The cases: each is a function of a driver on one face, and panics where the driver fails.

pub mod bulk;
pub mod cancelling;
pub mod concurrent;
pub mod connecting;
pub mod dropped;
pub mod errors;
pub mod large;
pub mod network;
pub mod objects;
pub mod pool;
pub mod returning;
pub mod statements;
pub mod streams;
pub mod transactions;
pub mod types;

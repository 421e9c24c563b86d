//! Inserts of many rows: in order, all or none, whatever else goes on.

#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

mod atomic;
#[path = "../each/mod.rs"]
mod each;
mod large;
mod order;
mod place;
mod postgres_forms;
mod runtime;
mod session;

//! Inserts of many rows: in order, all or none, whatever else goes on.

#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

mod atomic;
mod backend;
mod large;
mod order;
mod session;

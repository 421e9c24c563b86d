//! What may go wrong with a session: futures dropped at every await point, statements that fail, locks, full pools, panics, and
//! keys that belong elsewhere.

#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

#[path = "../backend/mod.rs"]
mod backend;
mod dropped;
mod failing;
mod keys;
mod locked;
mod model;
mod panics;
mod slow;
mod statements;
mod work;

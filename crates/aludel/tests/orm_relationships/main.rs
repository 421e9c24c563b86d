//! Relationships in a session: each kind built, flushed, loaded, changed, taken apart and deleted.

#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

mod association;
#[path = "../backend/mod.rs"]
mod backend;
mod cascades;
mod composite;
mod cycles;
mod graph;
mod keys;
mod large;
mod log;
mod many_to_many;
mod one_to_many;
mod one_to_one;
mod ordered;
mod tree;
mod two_keys;
mod unique_key;
mod views;

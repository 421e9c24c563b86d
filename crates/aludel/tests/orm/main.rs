//! The ORM on SQLite, through the public API.

#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

mod assigning;
mod asynchronous;
mod autoflush;
#[path = "../backend/mod.rs"]
mod backend;
mod borrowing;
mod builders;
mod bulk;
mod columns;
mod detaching;
mod events;
mod fetching;
mod first;
mod graphs;
mod inspecting;
mod keys;
mod loaders;
mod merging;
mod model;
mod plans;
mod primary_keys;
mod refreshing;
mod rollback;
mod savepoints;
mod scenarios;
mod statements;
mod streams;
mod validators;
mod versions;

//! The ORM on SQLite, through the public API.

mod assigning;
mod autoflush;
mod borrowing;
mod detaching;
mod fetching;
mod first;
mod graphs;
mod inspecting;
mod keys;
mod merging;
mod model;
mod refreshing;
mod rollback;
mod savepoints;
mod scenarios;

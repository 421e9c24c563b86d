//! The ORM on SQLite, through the public API.

mod autoflush;
mod detaching;
mod fetching;
mod first;
mod inspecting;
mod keys;
mod merging;
mod model;
mod refreshing;
mod rollback;
mod savepoints;
mod scenarios;

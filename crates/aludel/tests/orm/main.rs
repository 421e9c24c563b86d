//! The ORM on SQLite, through the public API.

mod fetching;
mod first;
mod keys;
mod model;
mod refreshing;
mod rollback;
mod savepoints;
mod scenarios;

//! The ORM on SQLite, through the public API.

mod fetching;
mod first;
mod keys;
mod model;
mod scenarios;

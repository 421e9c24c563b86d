//! The ORM on SQLite, through the public API.

mod first;
mod model;
mod scenarios;

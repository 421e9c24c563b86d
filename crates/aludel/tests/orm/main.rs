//! The ORM on SQLite, through the public API.

mod assigning;
mod autoflush;
mod borrowing;
mod builders;
mod detaching;
mod fetching;
mod first;
mod graphs;
mod inspecting;
mod keys;
mod merging;
mod model;
mod primary_keys;
mod refreshing;
mod rollback;
mod savepoints;
mod scenarios;
mod validators;
mod versions;

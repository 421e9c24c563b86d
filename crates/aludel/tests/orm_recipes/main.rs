//! Recipes: what programs want of an ORM again and again, each as a small program. The guide's page on events tells of them.

#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

mod audit;
mod optimistic;
mod soft_delete;
mod tenants;
mod timestamps;

use aludel::Connect;
use aludel::blocking::Engine;
use aludel::schema::Table;

/// An empty database in memory with these tables.
fn database(tables: &[&Table]) -> Engine {
    let engine = Engine::connect("sqlite::memory:").expect("SQLite is there");
    engine.create_all(tables).expect("the database is empty");
    engine
}

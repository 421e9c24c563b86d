//! Recipes: what programs want of an ORM again and again, each as a small program. The guide's page on events tells of them.

#![allow(clippy::unwrap_used, reason = "a test ends by panicking")]

mod audit;
#[path = "../backend/mod.rs"]
mod backend;
mod optimistic;
mod queue;
mod soft_delete;
mod tenants;
mod timestamps;

use aludel::blocking::Engine;
use aludel::schema::Table;

/// An empty database in memory with these tables.
fn database(tables: &[&Table]) -> Engine {
    let engine = backend::engine();
    engine.create_all(tables).expect("the database is empty");
    engine
}

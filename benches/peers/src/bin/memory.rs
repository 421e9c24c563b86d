//! `orm/memory`: how many bytes an object takes beyond its struct and its texts.
//!
//! `cargo run --release --manifest-path benches/peers/Cargo.toml --bin memory`
//!
//! A program of its own, because its allocator counts, which would slow everything else down. What SQLite itself
//! allocates is not in the figures.

use std::alloc::System;
use std::process::ExitCode;

use aludel::blocking::{Engine, Session};
use aludel::prelude::*;
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// How many objects are loaded.
const OBJECTS: usize = 10_000;

#[derive(Clone, Debug, Entity)]
#[entity(table = "users")]
struct User {
    #[column(primary_key)]
    id: i32,
    name: String,
    hair_color: Option<String>,
    #[has_many(Address::USER_ID)]
    addresses: Many<Address>,
}

#[derive(Clone, Debug, Entity)]
#[entity(table = "addresses")]
struct Address {
    #[column(primary_key)]
    id: i32,
    #[column(references = User::ID)]
    user_id: i32,
}

fn main() -> ExitCode {
    match measure() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> aludel::Result<()> {
    let engine = Engine::builder("sqlite::memory:").pool_size(1).max_overflow(0).connect()?;
    engine.acquire()?.batch(&script())?;
    load(&engine)?; // every cache has what it keeps

    let before = live();
    let users = engine.fetch_all(User::select())?;
    let in_vec = live() - before;
    let own: usize = users.iter().map(size).sum();
    drop(users);

    let before = live();
    let (session, keys) = load(&engine)?;
    let in_session = live() - before;
    let of_keys = keys.capacity() * size_of::<Key<User>>();
    println!(
        "{OBJECTS} objects of {} bytes, with their texts {} bytes each; beyond that:",
        size_of::<User>(),
        each(own)
    );
    println!("{:<32} {:>8} bytes each", "in a Vec", each(in_vec - own));
    println!("{:<32} {:>8} bytes each", "in a session", each(in_session - of_keys - own));
    println!("{:<32} {:>8} bytes each", "in a session, with its keys", each(in_session - own));
    drop(session);
    Ok(())
}

fn load(engine: &Engine) -> aludel::Result<(Session, Vec<Key<User>>)> {
    let mut session = Session::new(engine);
    let keys = session.fetch_all(User::select())?;
    Ok((session, keys))
}

/// What is allocated now, in bytes.
fn live() -> usize {
    let stats = ALLOCATOR.stats();
    stats.bytes_allocated - stats.bytes_deallocated
}

/// The struct and what it owns.
fn size(user: &User) -> usize {
    size_of::<User>() + user.name.capacity() + user.hair_color.as_ref().map_or(0, String::capacity)
}

fn each(bytes: usize) -> String {
    format!("{:.1}", bytes as f64 / OBJECTS as f64)
}

fn script() -> String {
    format!(
        "CREATE TABLE users (id INTEGER PRIMARY KEY NOT NULL, name VARCHAR NOT NULL, hair_color VARCHAR);
         WITH RECURSIVE numbers (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {OBJECTS})
         INSERT INTO users SELECT i, 'User ' || i, 'brown' FROM numbers;"
    )
}

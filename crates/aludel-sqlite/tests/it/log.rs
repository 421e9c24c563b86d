//! Lines for people.

use aludel::Echo;
use aludel::blocking::Engine;
use aludel::prelude::*;

use crate::support::{Lines, SCHEMA, User, user, users};

fn echoing(echo: impl Into<Echo>) -> (Engine, Lines) {
    let lines = Lines::default();
    let engine = Engine::builder("sqlite::memory:").pool_size(1).echo(echo).echo_to(lines.clone()).connect().unwrap();
    engine.acquire().unwrap().batch(SCHEMA).unwrap();
    lines.take();
    (engine, lines)
}

/// The lines, with what differs from run to run replaced.
fn normal(text: &str) -> String {
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let mut out = String::new();
    for line in text.lines() {
        match line.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((tag, rest)) if tag.contains("0.") => {
                let words: Vec<&str> = tag
                    .split(' ')
                    .map(|word| if word.starts_with("0.") { word.trim_start_matches(is_number) } else { word })
                    .collect();
                out += &format!("[{}]{rest}\n", words.join(" "));
            }
            _ => out += &format!("{line}\n"),
        }
    }
    out
}

#[test]
fn how_each_statement_met_the_cache() {
    let (engine, lines) = echoing(true);
    let ask = || engine.fetch_all(User::select().filter(User::ID.eq(5))).unwrap();
    ask();
    assert_eq!(
        normal(&lines.take()),
        "SELECT users.id, users.name, users.age FROM users WHERE users.id = ?\n[generated in s] (5)\n"
    );
    ask();
    assert_eq!(
        normal(&lines.take()),
        "SELECT users.id, users.name, users.age FROM users WHERE users.id = ?\n[cached since s ago] (5)\n"
    );
    engine.acquire().unwrap().batch("PRAGMA user_version = 3").unwrap();
    assert_eq!(lines.take(), "PRAGMA user_version = 3\n[raw sql] ()\n");
    let statistics = engine.cache_statistics();
    assert_eq!((statistics.hits, statistics.misses, statistics.statements), (1, 1, 1));
}

#[test]
fn a_cache_that_is_switched_off() {
    let lines = Lines::default();
    let engine = Engine::builder("sqlite::memory:").cache_size(0).echo(true).echo_to(lines.clone()).connect().unwrap();
    for _ in 0..2 {
        engine.fetch_one(select(value(1_i64))).unwrap();
        assert_eq!(normal(&lines.take()), "SELECT ? AS anon_1\n[caching disabled s] (1)\n");
    }
}

#[test]
fn transactions() {
    let (engine, lines) = echoing(true);
    let mut tx = engine.begin().unwrap();
    tx.savepoint().unwrap().commit().unwrap();
    tx.savepoint().unwrap().rollback().unwrap();
    tx.commit().unwrap();
    assert_eq!(
        lines.take(),
        "BEGIN IMMEDIATE\nSAVEPOINT aludel_2\nRELEASE SAVEPOINT aludel_2\nSAVEPOINT aludel_2\n\
         ROLLBACK TO SAVEPOINT aludel_2\nRELEASE SAVEPOINT aludel_2\nCOMMIT\n"
    );
    drop(engine.begin().unwrap());
    assert_eq!(lines.take(), "BEGIN IMMEDIATE\nROLLBACK (dropped)\n");
}

#[test]
fn rows_and_lines_of_the_program() {
    let (engine, lines) = echoing(Echo::Rows);
    engine.insert(User::insert().rows([user(2)])).unwrap();
    lines.take();
    let line = line!() + 1;
    engine.fetch_all(User::select()).unwrap();
    let text = lines.take();
    assert!(text.contains(&format!("\nat crates/aludel-sqlite/tests/it/log.rs:{line}:")), "{text}");
    assert!(text.ends_with("\nCol (id, name, age)\nRow (2, 'user 2', 30)\n"), "{text}");
}

#[test]
fn bulk_inserts() {
    let (engine, lines) = echoing(true);
    engine.insert(User::insert().rows(users(200))).unwrap();
    let text = lines.take();
    assert!(text.contains("(insertmanyvalues) 1 (ordered)]"), "{text}");
    assert!(text.starts_with("BEGIN IMMEDIATE\nINSERT INTO users"), "{text}");
    assert!(text.ends_with("\nCOMMIT\n"), "{text}");
    assert!(text.len() < 5_000, "{}", text.len());
}

#[test]
fn names_tokens_and_hidden_parameters() {
    let lines = Lines::default();
    let engine = Engine::builder("sqlite::memory:")
        .logging_name("shop")
        .hide_parameters(true)
        .echo(true)
        .echo_to(lines.clone())
        .connect()
        .unwrap();
    let mut connection = engine.acquire().unwrap();
    connection.set_logging_token("request 7");
    connection.fetch_one(select(value("secret".to_owned()))).unwrap();
    let text = lines.take();
    assert!(text.starts_with("shop [request 7] SELECT ? AS anon_1\nshop [request 7] [generated in"), "{text}");
    assert!(text.ends_with("[parameters hidden]\n"), "{text}");
}

#[test]
fn ddl_has_no_key() {
    let (engine, lines) = echoing(true);
    engine.drop_all(&[User::table().table]).unwrap();
    engine.create_all(&[User::table().table]).unwrap();
    let text = lines.take();
    assert!(text.contains("DROP TABLE IF EXISTS users\n[no key 0.0"), "{text}");
    assert!(text.contains("CREATE TABLE IF NOT EXISTS users"), "{text}");
    engine.insert(User::insert().rows([user(1)])).unwrap();
    assert_eq!(engine.fetch_all(User::select()).unwrap(), [user(1)]);
}

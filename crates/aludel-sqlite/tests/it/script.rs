//! Results that take several statements.

use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use aludel::prelude::*;
use aludel::{Executor, Fault, RowRef};
use aludel_sql::{Arguments, Executable, Reader, Script, Select, Step};

use crate::support::{Lines, User, blocking_engine, engine, is_free, poll_and_drop, user, users};

/// The names of users, each with its age, which another statement reads.
#[derive(Clone)]
struct WithAges {
    names: Select<(i64, String)>,
    /// Where to go wrong.
    fault: &'static str,
}

fn with_ages(count: i64) -> WithAges {
    WithAges { names: select((User::ID, User::NAME)).filter(User::ID.le(count)).order_by(User::ID), fault: "" }
}

impl Executable for WithAges {
    type Row = (String, Option<i32>);

    fn into_arguments(self) -> Arguments {
        self.names.into_arguments()
    }

    fn script(&self) -> Option<Box<dyn Script<Self::Row>>> {
        let state = Reading { query: self.clone(), step: 0, names: Vec::new(), ages: HashMap::new() };
        Some(Box::new(state))
    }
}

struct Reading {
    query: WithAges,
    step: u32,
    names: Vec<(i64, String)>,
    ages: HashMap<i64, Option<i32>>,
}

/// Reads rows of a type.
struct Gather<R>(Vec<R>);

impl<R: aludel::FromRow + Send + 'static> Reader for Gather<R> {
    fn row(&mut self, row: &dyn RowRef) -> std::result::Result<(), Fault> {
        self.0.push(R::from_row(row, 0)?);
        Ok(())
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

impl Script<(String, Option<i32>)> for Reading {
    fn next(&mut self) -> Result<Option<Step>> {
        self.step += 1;
        if self.query.fault == "next" {
            return Err(Error::other("there is no next step"));
        }
        Ok(match self.step {
            1 => {
                let arguments = self.query.names.clone().into_arguments();
                Some(Step { arguments, reader: Box::new(Gather::<(i64, String)>(Vec::new())) })
            }
            2 if !self.names.is_empty() => {
                let ids: Vec<i64> = self.names.iter().map(|(id, _)| *id).collect();
                let arguments = if self.query.fault == "statement" {
                    text("SELECT oops").into_arguments()
                } else {
                    select((User::ID, User::AGE)).filter(User::ID.in_(ids)).into_arguments()
                };
                if self.query.fault == "row" {
                    return Ok(Some(Step { arguments, reader: Box::new(Gather::<(i64, i32)>(Vec::new())) }));
                }
                Some(Step { arguments, reader: Box::new(Gather::<(i64, Option<i32>)>(Vec::new())) })
            }
            _ => None,
        })
    }

    fn take(&mut self, reader: Box<dyn Reader>) -> Result<()> {
        let reader = reader.into_any();
        match reader.downcast::<Gather<(i64, String)>>() {
            Ok(names) => self.names = names.0,
            Err(other) => self.ages = other.downcast::<Gather<(i64, Option<i32>)>>().unwrap().0.into_iter().collect(),
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<Vec<(String, Option<i32>)>> {
        if self.query.fault == "finish" {
            return Err(Error::other("it does not go together"));
        }
        Ok(self.names.into_iter().map(|(id, name)| (name, self.ages[&id])).collect())
    }
}

fn expected(count: i64) -> Vec<(String, Option<i32>)> {
    users(count).map(|user| (user.name, user.age)).collect()
}

async fn by<'e>(executor: impl Executor<'e>) -> Vec<(String, Option<i32>)> {
    executor.fetch_all(with_ages(3)).await.unwrap()
}

#[tokio::test]
async fn wherever_statements_run() {
    let engine = engine().await;
    engine.insert(User::insert().rows(users(500))).await.unwrap();
    assert_eq!(engine.fetch_all(with_ages(500)).await.unwrap(), expected(500));
    assert_eq!(engine.fetch_all(&with_ages(2)).await.unwrap(), expected(2));
    assert!(engine.fetch_all(with_ages(0)).await.unwrap().is_empty());
    assert_eq!(by(&engine).await, expected(3));
    let mut connection = engine.acquire().await.unwrap();
    assert_eq!(connection.fetch_one(with_ages(1)).await.unwrap(), expected(1)[0]);
    assert_eq!(by(&mut connection).await, expected(3));
    let mut tx = connection.begin().await.unwrap();
    assert_eq!(tx.fetch_optional(with_ages(1)).await.unwrap(), Some(expected(1)[0].clone()));
    assert_eq!(tx.fetch_optional(with_ages(0)).await.unwrap(), None);
    assert_eq!(by(&mut tx).await, expected(3));
    let told = |error: Error| error.to_string();
    assert!(told(tx.fetch_one(with_ages(0)).await.unwrap_err()).contains("no row"));
    assert!(told(tx.fetch_one(with_ages(2)).await.unwrap_err()).contains("more than one row"));
    assert!(told(tx.fetch_optional(with_ages(2)).await.unwrap_err()).contains("more than one row"));
    // Its own statement.
    assert_eq!(tx.fetch_scalar::<i64>(with_ages(1)).await.unwrap(), 1);
    tx.execute(with_ages(1)).await.unwrap();
}

#[test]
fn wherever_statements_run_without_async() {
    let engine = blocking_engine();
    engine.insert(User::insert().rows(users(5))).unwrap();
    assert_eq!(engine.fetch_all(with_ages(5)).unwrap(), expected(5));
    assert_eq!(engine.acquire().unwrap().fetch_one(&with_ages(1)).unwrap(), expected(1)[0]);
    let mut tx = engine.begin().unwrap();
    assert_eq!(tx.fetch_optional(with_ages(0)).unwrap(), None);
    let error = tx.fetch_optional(with_ages(2)).unwrap_err();
    assert!(error.to_string().contains("more than one row") && error.location().unwrap().file() == file!(), "{error}");
    let error = tx.stream(with_ages(5)).next().unwrap().unwrap_err();
    assert!(error.to_string().contains("use `fetch_all`") && error.location().unwrap().file() == file!(), "{error}");
}

#[tokio::test]
async fn all_on_one_connection() {
    let engine = engine().await;
    engine.insert(User::insert().rows(users(5))).await.unwrap();
    let taken = Arc::new(Mutex::new(Vec::new()));
    let note = Arc::clone(&taken);
    engine.events().checkout(move |_| note.lock().unwrap().push("taken".to_owned()));
    let note = Arc::clone(&taken);
    engine.events().before_cursor_execute(move |event| note.lock().unwrap().push(event.sql.to_owned()));
    engine.fetch_all(with_ages(5)).await.unwrap();
    let taken = taken.lock().unwrap();
    assert_eq!(taken.iter().filter(|word| *word == "taken").count(), 1, "{taken:?}");
    assert_eq!(taken.len(), 3, "{taken:?}");
}

#[tokio::test]
async fn rows_that_are_echoed_are_read_too() {
    let lines = Lines::default();
    let engine =
        Engine::builder("sqlite::memory:").echo(aludel::Echo::Rows).echo_to(lines.clone()).connect().await.unwrap();
    engine.acquire().await.unwrap().batch(crate::support::SCHEMA).await.unwrap();
    engine.insert(User::insert().rows(users(2))).await.unwrap();
    assert_eq!(engine.fetch_all(with_ages(2)).await.unwrap(), expected(2));
    let text = lines.text();
    assert!(text.contains("Row (2, 'user 2')") && text.contains("Row (2, 30)"), "{text}");
}

#[tokio::test]
async fn they_are_not_streamed() {
    let engine = engine().await;
    let mut rows = engine.stream(with_ages(5));
    let error = rows.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("use `fetch_all`"), "{error}");
    assert!(rows.next().await.is_none());
    let mut parts = engine.stream(with_ages(5)).partitions(2);
    assert!(parts.next().await.unwrap().is_err());
    assert!(parts.next().await.is_none());
}

#[tokio::test]
async fn errors_say_where() {
    let engine = engine().await;
    engine.insert(User::insert().rows([user(1)])).await.unwrap();
    let blocking = blocking_engine();
    blocking.insert(User::insert().rows([user(1)])).unwrap();
    for (fault, message, statement) in [
        ("next", "there is no next step", None),
        ("statement", "no such column: oops", Some("SELECT oops")),
        ("row", "users.age", Some("SELECT users.id, users.age FROM users WHERE users.id IN (?)")),
        ("finish", "it does not go together", None),
    ] {
        let query = WithAges { fault, ..with_ages(1) };
        for error in [engine.fetch_all(&query).await.unwrap_err(), blocking.fetch_all(&query).unwrap_err()] {
            assert!(error.to_string().contains(message), "{fault}: {error}");
            assert_eq!(error.statement().map(|statement| &*statement.sql), statement, "{fault}");
            assert_eq!(error.location().unwrap().file(), file!(), "{fault}");
        }
    }
    is_free(&engine).await;
}

#[tokio::test]
async fn a_dropped_one_leaves_nothing() {
    let engine = engine().await;
    engine.insert(User::insert().rows(users(50))).await.unwrap();
    let mut has_ended = false;
    for polls in 0..20 {
        has_ended |= poll_and_drop(engine.fetch_all(with_ages(50)), polls).await;
        let mut tx = engine.begin().await.unwrap();
        poll_and_drop(tx.fetch_all(with_ages(50)), polls).await;
        assert_eq!(tx.fetch_all(with_ages(50)).await.unwrap(), expected(50));
        tx.commit().await.unwrap();
        is_free(&engine).await;
    }
    assert!(has_ended);
}

//! Statements that a layer on top of the engine runs for each of many rows.

use std::panic::Location;
use std::sync::{Arc, Mutex};

use aludel::driver::{NoRows, Outcome, RowFeed, RowSink, Shape};
use aludel::prelude::*;
use aludel::schema::StaticColumn;
use aludel::{EncodeRow, Fault, ParamSink, RowRef, Transaction, Value};
use aludel_engine::blocking::block_on;
use aludel_sql::Each;

use crate::support::{Lines, User, blocking_engine, engine, is_free, poll_and_drop, user, users};

/// Rows for an [`Each`]: a user as it shall be, and the key that it has.
struct Users {
    rows: Vec<(User, i64)>,
    next: usize,
}

struct Row<'a>(&'a User, i64);

impl EncodeRow for Row<'_> {
    fn encode_field(&self, index: usize, sink: &mut dyn ParamSink) -> std::result::Result<(), Fault> {
        match index {
            Each::KEY => sink.int(self.1),
            index => self.0.encode_field(index, sink),
        }
    }
}

impl RowFeed for Users {
    fn next(&mut self, with: &mut dyn FnMut(&dyn EncodeRow) -> Result<()>) -> Result<bool> {
        let Some((user, key)) = self.rows.get(self.next) else {
            return Ok(false);
        };
        self.next += 1;
        with(&Row(user, *key)).map(|()| true)
    }
}

fn feed(rows: impl IntoIterator<Item = User>) -> Users {
    let rows = rows.into_iter().map(|user| (user.clone(), user.id)).collect();
    Users { rows, next: 0 }
}

fn columns<const N: usize>(names: [&str; N]) -> [&'static StaticColumn; N] {
    names.map(|name| User::columns().iter().find(|column| column.name() == name).unwrap())
}

fn insert_names() -> Each {
    Each::insert(User::table(), &columns(["name", "age"]))
}

fn update_names() -> Each {
    Each::update(User::table(), &columns(["name", "age"]), &columns(["id"]))
}

fn delete_by_key() -> Each {
    Each::delete(User::table(), &columns(["id"]))
}

#[track_caller]
fn here() -> &'static Location<'static> {
    Location::caller()
}

/// A sink that borrows what it gathers into.
struct Numbers<'a>(&'a mut Vec<i64>);

/// Its forks.
struct Owned(Vec<i64>);

macro_rules! gathers {
    ($type:ty) => {
        impl RowSink for $type {
            fn begin(&mut self, _: &dyn Shape) -> Result<()> {
                Ok(())
            }
            fn row(&mut self, row: &dyn RowRef) -> std::result::Result<(), Fault> {
                self.0.push(row.int(0)?);
                Ok(())
            }
            fn fork(&self) -> Box<dyn RowSink> {
                Box::new(Owned(Vec::new()))
            }
            fn join(&mut self, fork: Box<dyn RowSink>) {
                if let Ok(mut fork) = fork.into_any().downcast::<Owned>() {
                    self.0.append(&mut fork.0);
                }
            }
            fn into_any(self: Box<Self>) -> Box<dyn std::any::Any + Send> {
                Box::new(Owned(self.0.to_vec()))
            }
        }
    };
}

gathers!(Numbers<'_>);
gathers!(Owned);

/// Inserts, updates and deletes in a transaction, the same on both faces.
async fn insert_update_delete(tx: &mut Transaction<'_>, count: i64) {
    let rows = usize::try_from(count).unwrap();
    let affected = |outcome: Outcome| i64::try_from(outcome.affected).unwrap();
    let mut keys = vec![-1];
    let outcome =
        tx.run_each(&insert_names(), &mut feed(users(count)), &mut NoRows, Some(&mut keys), here()).await.unwrap();
    assert_eq!(affected(outcome), count);
    assert!(keys.iter().copied().eq(std::iter::once(-1).chain(1..=count)), "{count}");
    assert!(tx.fetch_all(User::select().order_by(User::ID)).await.unwrap().into_iter().eq(users(count)));

    let changed = || users(count).map(|user| User { name: format!("{} again", user.name), age: None, ..user });
    // One that there is not.
    let with_one_more = changed().chain([User { name: String::new(), ..user(count + 1) }]);
    let outcome = tx.run_each(&update_names(), &mut feed(with_one_more), &mut NoRows, None, here()).await.unwrap();
    assert_eq!((affected(outcome), outcome.last_insert_id), (count, None));
    assert!(tx.fetch_all(User::select().order_by(User::ID)).await.unwrap().into_iter().eq(changed()));

    let mut gone = Vec::new();
    let delete = delete_by_key().returning(&columns(["id"]));
    let outcome = tx
        .run_each(
            &delete,
            &mut feed(users(count).filter(|user| user.id % 3 != 0)),
            &mut Numbers(&mut gone),
            None,
            here(),
        )
        .await
        .unwrap();
    assert_eq!(outcome.affected, outcome.rows);
    assert!(gone.into_iter().eq((1..=count).filter(|id| id % 3 != 0)), "they come in the rows' order");
    assert_eq!(tx.fetch_all(User::select()).await.unwrap().len(), rows / 3);
    let outcome = tx.run_each(&delete_by_key(), &mut feed(users(count)), &mut NoRows, None, here()).await.unwrap();
    assert_eq!(affected(outcome), count / 3);
}

#[tokio::test]
async fn rows_are_inserted_updated_and_deleted() {
    let engine = engine().await;
    for count in [0, 1, 5, 10_000] {
        let mut tx = engine.begin().await.unwrap();
        insert_update_delete(&mut tx, count).await;
        tx.rollback().await.unwrap();
    }
}

#[test]
fn rows_are_inserted_updated_and_deleted_without_async() {
    let engine = blocking_engine();
    for count in [0, 1, 5, 10_000] {
        let mut tx = engine.begin().unwrap();
        block_on(insert_update_delete(tx.as_async(), count));
        tx.rollback().unwrap();
    }
}

/// Keys that the database made and those that the rows say, and rows of defaults.
async fn keys(tx: &mut Transaction<'_>) {
    let given = Each::insert(User::table(), &columns(["id", "name"]));
    let mut keys = Vec::new();
    let rows = [7, 3, 100, 5].map(user);
    tx.run_each(&given, &mut feed(rows), &mut NoRows, Some(&mut keys), here()).await.unwrap();
    assert_eq!(keys, [7, 3, 100, 5]);
    tx.batch("CREATE TABLE plain (id INTEGER PRIMARY KEY)").await.unwrap();
    let defaults = Each::insert(Plain::table(), &[]);
    keys.clear();
    tx.run_each(&defaults, &mut feed(users(3)), &mut NoRows, Some(&mut keys), here()).await.unwrap();
    assert_eq!(keys, [1, 2, 3]);
    // They are an INSERT's.
    let error = tx.run_each(&update_names(), &mut feed([]), &mut NoRows, Some(&mut keys), here()).await.unwrap_err();
    assert!(error.to_string().contains("only an INSERT makes keys"), "{error}");
    assert!(tx.driver_traits().inserted_keys);
    assert_eq!(tx.dialect().name(), "sqlite");
}

#[derive(Entity)]
#[entity(table = "plain")]
struct Plain {
    #[column(primary_key)]
    id: i64,
}

#[tokio::test]
async fn keys_come_in_the_rows_order() {
    let engine = engine().await;
    keys(&mut engine.begin().await.unwrap()).await;
    let plain = Plain { id: 1 };
    assert_eq!(plain.id, 1);
}

#[test]
fn keys_come_in_the_rows_order_without_async() {
    let engine = blocking_engine();
    block_on(keys(engine.begin().unwrap().as_async()));
}

/// An error in the middle of many rows names the statement, and the rows before it stay.
async fn failing(tx: &mut Transaction<'_>) {
    let at = here();
    let twice = users(20).chain([user(7)]).chain(users(30).skip(20));
    let mut keys = Vec::new();
    let error = tx.run_each(&insert_names(), &mut feed(twice), &mut NoRows, Some(&mut keys), at).await.unwrap_err();
    assert!(error.is_unique_violation(), "{error}");
    assert_eq!(&*error.statement().unwrap().sql, "INSERT INTO users (name, age) VALUES (?, ?)");
    assert_eq!(error.location(), Some(at));
    assert_eq!(tx.fetch_all(User::select()).await.unwrap().len(), 20);
    assert_eq!(keys.len(), 20);
    // One that can't be written, behind others.
    let mut rows = Broken(feed(users(2)));
    let error = tx.run_each(&delete_by_key(), &mut rows, &mut NoRows, None, at).await.unwrap_err();
    assert_eq!(&*error.statement().unwrap().sql, "DELETE FROM users WHERE users.id = ?");
    assert!(error.to_string().contains("it is broken"), "{error}");
    assert_eq!(tx.fetch_one(select(value(1_i64))).await.unwrap(), 1);
}

/// A feed that fails at its end.
struct Broken(Users);

impl RowFeed for Broken {
    fn next(&mut self, with: &mut dyn FnMut(&dyn EncodeRow) -> Result<()>) -> Result<bool> {
        if self.0.next(with)? { Ok(true) } else { Err(Error::other("it is broken")) }
    }
}

#[tokio::test]
async fn an_error_names_the_statement() {
    let engine = engine().await;
    let mut tx = engine.begin().await.unwrap();
    failing(&mut tx).await;
    drop(tx);
    assert!(engine.fetch_all(User::select()).await.unwrap().is_empty());
}

#[test]
fn an_error_names_the_statement_without_async() {
    let engine = blocking_engine();
    block_on(failing(engine.begin().unwrap().as_async()));
    assert!(engine.fetch_all(User::select()).unwrap().is_empty());
}

/// One run of a batch as a listener sees it: its parameters before, and after with how many rows it had.
type Heard = Arc<Mutex<Vec<(String, Vec<Vec<Value>>)>>>;

fn listen(events: &aludel::events::Events) -> Heard {
    let heard = Heard::default();
    let before = Arc::clone(&heard);
    events.before_cursor_execute(move |event| {
        before.lock().unwrap().push((event.sql.to_owned(), event.parameters.sets()));
    });
    let after = Arc::clone(&heard);
    events.after_cursor_execute(move |event| {
        let record = event.record;
        let rows = record.batch.map(|batch| batch.rows);
        after.lock().unwrap().push((format!("{rows:?} {}", record.affected), record.parameters.sets()));
    });
    heard
}

async fn heard(tx: &mut Transaction<'_>, heard: &Heard) {
    tx.run_each(&insert_names(), &mut feed(users(20)), &mut NoRows, None, here()).await.unwrap();
    let set = |id: i64| {
        vec![Value::Text(format!("user {id}").into()), if id % 2 == 0 { Value::Int(30) } else { Value::Null }]
    };
    let told = std::mem::take(&mut *heard.lock().unwrap());
    let [before, after] = told.try_into().unwrap();
    assert_eq!(before, ("INSERT INTO users (name, age) VALUES (?, ?)".to_owned(), vec![set(1)]));
    let kept: Vec<_> = (1..=8).chain(19..=20).map(set).collect();
    assert_eq!(after, ("Some(20) 20".to_owned(), kept));

    tx.run_each(&delete_by_key(), &mut feed(users(2)), &mut NoRows, None, here()).await.unwrap();
    let told = std::mem::take(&mut *heard.lock().unwrap());
    let both = vec![vec![Value::Int(1)], vec![Value::Int(2)]];
    assert_eq!(told[1], ("Some(2) 2".to_owned(), both));
    // None at all is heard of too.
    tx.run_each(&delete_by_key(), &mut feed([]), &mut NoRows, None, here()).await.unwrap();
    let told = std::mem::take(&mut *heard.lock().unwrap());
    assert_eq!(told.iter().map(|(_, sets)| sets.len()).collect::<Vec<_>>(), [0, 0]);
}

#[tokio::test]
async fn listeners_hear_of_a_batch_once() {
    let engine = engine().await;
    let told = listen(engine.events());
    heard(&mut engine.begin().await.unwrap(), &told).await;
}

#[test]
fn listeners_hear_of_a_batch_once_without_async() {
    let engine = blocking_engine();
    let told = listen(engine.events());
    block_on(heard(engine.begin().unwrap().as_async(), &told));
}

#[tokio::test]
async fn it_is_logged_as_sets() {
    let lines = Lines::default();
    let engine = Engine::builder("sqlite::memory:").echo(true).echo_to(lines.clone()).connect().await.unwrap();
    let mut connection = engine.acquire().await.unwrap();
    connection.batch(crate::support::SCHEMA).await.unwrap();
    lines.take();
    connection.run_each(&insert_names(), &mut feed(users(2)), &mut NoRows, None, here()).await.unwrap();
    let text = lines.take();
    assert!(text.starts_with("INSERT INTO users (name, age) VALUES (?, ?)\n[generated in"), "{text}");
    assert!(text.ends_with("(insertmanyvalues) 1 (ordered)] [('user 1', NULL)]\n"), "{text}");
    connection.run_each(&delete_by_key(), &mut feed(users(2)), &mut NoRows, None, here()).await.unwrap();
    let text = lines.take();
    assert!(text.starts_with("DELETE FROM users WHERE users.id = ?\n[generated in"), "{text}");
    assert!(!text.contains("insertmanyvalues") && text.ends_with("] [(1)]\n"), "{text}");
}

#[tokio::test]
async fn a_sink_of_the_callers_own() {
    let statement = || User::select().order_by(User::ID).into_arguments();
    let engine = engine().await;
    engine.insert(User::insert().rows(users(5))).await.unwrap();
    let at = here();
    let mut found = Vec::new();
    assert_eq!(engine.run(statement(), &mut Numbers(&mut found), at).await.unwrap().rows, 5);
    engine.acquire().await.unwrap().run(statement(), &mut Numbers(&mut found), at).await.unwrap();
    let mut tx = engine.begin().await.unwrap();
    tx.run(statement(), &mut Numbers(&mut found), at).await.unwrap();
    assert!(found.into_iter().eq((1..=5).chain(1..=5).chain(1..=5)));
    let wrong = text("SELECT oops").into_arguments();
    assert_eq!(tx.run(wrong, &mut NoRows, at).await.unwrap_err().location(), Some(at));

    let blocking = blocking_engine();
    blocking.insert(User::insert().rows(users(5))).unwrap();
    let mut found = Vec::new();
    block_on(blocking.as_async().run(statement(), &mut Numbers(&mut found), at)).unwrap();
    assert_eq!(found, [1, 2, 3, 4, 5]);
}

#[tokio::test]
async fn a_dropped_batch_leaves_a_transaction_that_goes_on() {
    let engine = engine().await;
    let mut has_ended = false;
    for polls in 0..60 {
        let mut tx = engine.begin().await.unwrap();
        let mut keys = Vec::new();
        let mut rows = feed(users(20_000));
        let each = insert_names();
        let ended = poll_and_drop(tx.run_each(&each, &mut rows, &mut NoRows, Some(&mut keys), here()), polls).await;
        let count: i64 = tx.fetch_scalar(text("SELECT count(*) FROM users")).await.unwrap();
        assert!(count == 20_000 || !ended, "{count}");
        assert!(!ended || keys.len() == 20_000);
        tx.rollback().await.unwrap();
        is_free(&engine).await;
        assert!(engine.fetch_all(User::select()).await.unwrap().is_empty());
        has_ended |= ended;
        if ended {
            break;
        }
    }
    assert!(has_ended);
}

#[tokio::test]
async fn the_futures_can_go_to_another_thread() {
    fn sent<F: Send>(future: F) -> F {
        future
    }
    let engine = engine().await;
    let mut tx = engine.begin().await.unwrap();
    let (each, mut rows) = (insert_names(), feed(users(3)));
    let mut keys = Vec::new();
    sent(tx.run_each(&each, &mut rows, &mut NoRows, Some(&mut keys), here())).await.unwrap();
    sent(tx.run(User::select().into_arguments(), &mut NoRows, here())).await.unwrap();
    tx.rollback().await.unwrap();
    sent(engine.run(select(value(1_i64)).into_arguments(), &mut NoRows, here())).await.unwrap();
}

//! Several statements in one go.

use std::any::Any;
use std::sync::Arc;

use aludel::prelude::*;
use aludel::{Fault, RowRef, Value};
use aludel_engine::driver::{Call, Connection, Outcome, RowSink, Shape, Slot};

use aludel_sql::dialect::Postgres;
use aludel_sql::{Arguments, CompileOptions, Compiled, Executable, compile_arguments};

use crate::support::{User, engine, poll_and_drop, users};

/// The values of the first column.
#[derive(Default)]
struct Firsts(Vec<String>);

impl RowSink for Firsts {
    fn begin(&mut self, _: &dyn Shape) -> aludel::Result<()> {
        Ok(())
    }
    fn row(&mut self, row: &dyn RowRef) -> std::result::Result<(), Fault> {
        self.0.push(format!("{:?}", row.value(0)?));
        Ok(())
    }
    fn fork(&self) -> Box<dyn RowSink> {
        Box::new(Self::default())
    }
    fn join(&mut self, _: Box<dyn RowSink>) {}
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }
}

/// A statement with its place on the connection.
struct Known {
    compiled: Arc<Compiled>,
    arguments: Arguments,
    slot: Slot,
    sink: Firsts,
}

fn known(statement: impl Executable) -> Known {
    let arguments = statement.into_arguments();
    let compiled = Arc::new(compile_arguments(&arguments, &Postgres, &CompileOptions::default()).unwrap());
    Known { compiled, arguments, slot: Slot::EMPTY, sink: Firsts::default() }
}

/// Runs them all, and gives what each has given.
async fn run(connection: &mut dyn Connection, all: &mut [Known]) -> aludel::Result<Vec<(Outcome, Vec<String>)>> {
    let calls = all.iter_mut().map(|known| Call {
        compiled: &known.compiled,
        slot: &mut known.slot,
        arguments: &mut known.arguments,
        sink: &mut known.sink,
        limit: usize::MAX,
        keep: true,
        times: None,
    });
    let outcomes = connection.pipeline().unwrap().run_all(calls.collect()).await?;
    Ok(outcomes.into_iter().zip(all).map(|(outcome, known)| (outcome, std::mem::take(&mut known.sink.0))).collect())
}

#[tokio::test]
async fn answers_come_in_order() {
    let (engine, _database) = engine().await;
    engine.acquire().await.unwrap().batch("CREATE TYPE mood AS ENUM ('sad', 'happy')").await.unwrap();
    let mut connection = engine.acquire().await.unwrap();
    let mut all = [
        known(select(value(7))),
        known(text("INSERT INTO users (id, name) VALUES (1, 'user 1') RETURNING name")),
        known(text("SELECT 'sad'::mood UNION ALL SELECT 'happy'")),
        known(User::update().set(User::AGE, 9)),
        known(text("SELECT n FROM generate_series(1, :n) AS s(n)").bind("n", 3)),
        known(User::delete()),
    ];
    for _ in 0..3 {
        let found = run(connection.driver(), &mut all).await.unwrap();
        let rows: Vec<_> = found.iter().map(|(_, rows)| rows.join(" ")).collect();
        assert_eq!(rows, ["7", "'user 1'", "'sad' 'happy'", "", "1 2 3", ""]);
        let affected: Vec<_> = found.iter().map(|(outcome, _)| outcome.affected).collect();
        assert_eq!(affected, [0, 1, 0, 1, 0, 1]);
    }
    assert_eq!(connection.driver().prepared(), 6);
}

#[tokio::test]
async fn an_error_undoes_all_of_it() {
    let (engine, _database) = engine().await;
    engine.insert(User::insert().rows(users(3))).await.unwrap();
    let mut connection = engine.acquire().await.unwrap();
    for _ in 0..3 {
        let mut all =
            [known(User::update().set(User::AGE, 9)), known(User::update().set(User::AGE, 900)), known(User::delete())];
        let error = run(connection.driver(), &mut all).await.unwrap_err();
        assert!(error.is_check_violation(), "{error}");
        let mut all = [known(User::update().set(User::AGE, 9)), known(text("SELEC 1"))];
        assert!(run(connection.driver(), &mut all).await.is_err());
        let found = connection.fetch_all(User::select().order_by(User::ID)).await.unwrap();
        assert!(found.into_iter().eq(users(3)));
    }
    for polls in 0..6 {
        let mut all = [known(text("SELECT pg_sleep(0.002)")), known(select(value(5))), known(select(value(6)))];
        poll_and_drop(run(connection.driver(), &mut all), polls).await;
        assert_eq!(connection.fetch_one(select(value(7))).await.unwrap(), 7);
    }
    let _: Value = connection.fetch_one(text("SELECT 1").rows_as::<Value>()).await.unwrap();
}

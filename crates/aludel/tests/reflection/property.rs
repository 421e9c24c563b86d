//! Random schemas: created and reflected they are what was wanted, and created elsewhere from what was reflected they are the
//! same again.

mod build;

use aludel::blocking::Engine;
use aludel::ddl::{Ddl, differences};
use aludel::dialect::{Dialect, MariaDb, Postgres, Sqlite};
use aludel::prelude::{Connect, ReflectSchema};
use aludel::schema::{Schema, Table};
use aludel_testsuite::servers;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use build::{Facts, RawTable, build, change, raw_tables};

/// Runs the property on a database that `empty` makes empty again.
fn holds(cases: u32, dialect: &'static dyn Dialect, facts: &Facts, empty: impl Fn() -> Engine) {
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    let strategy = (raw_tables(), any::<u16>());
    runner
        .run(&strategy, |(raw, changed)| {
            once(dialect, facts, &empty, &raw, changed);
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

fn once(dialect: &'static dyn Dialect, facts: &Facts, empty: &impl Fn() -> Engine, raw: &[RawTable], changed: u16) {
    let tables = build(raw, facts);
    let wanted: Vec<&Table> = tables.iter().collect();
    let engine = empty();
    engine.create_all(&wanted).unwrap_or_else(|error| panic!("{error}\n{wanted:#?}"));
    let inspector = engine.inspect().unwrap();
    let found = inspector.differences(&wanted).unwrap();
    assert!(found.is_empty(), "{}\n{wanted:#?}", list(&found));
    let lost: Vec<_> = inspector.unsupported().iter().filter(|note| note.is_lost).collect();
    assert!(lost.is_empty(), "{lost:?}\n{wanted:#?}");
    let first = inspector.into_schema();

    // What is wanted otherwise in one place is noticed.
    if let Some((other, how)) = change(&tables, changed, facts) {
        let other: Vec<&Table> = other.iter().collect();
        let found: Vec<&Table> = first.tables.iter().map(|table| &**table).collect();
        assert!(!differences(dialect, &other, &found).unwrap().is_empty(), "{how}\n{other:#?}");
    }

    let engine = empty();
    let reflected: Vec<&Table> = first.tables.iter().map(|table| &**table).collect();
    let sql = Ddl::new(dialect).create_all(&reflected).unwrap();
    let mut connection = engine.acquire().unwrap();
    for statement in &sql {
        connection.batch(statement).unwrap_or_else(|error| panic!("{error}\n{reflected:#?}"));
    }
    drop(connection);
    let again = Schema::reflect(&engine).unwrap();
    let tables: Vec<&Table> = again.tables.iter().map(|table| &**table).collect();
    for (a, b) in [(&reflected, &tables), (&tables, &reflected)] {
        let found = differences(dialect, a, b).unwrap();
        assert!(found.is_empty(), "{}\n{reflected:#?}", list(&found));
    }
    // All but the spelling of expressions, which a database may change once more.
    let bare = |table: &Table| {
        let columns: Vec<_> = table.columns.iter().map(|c| (c.name.clone(), c.sql_type.clone(), c.nullable)).collect();
        let keys = (table.primary_key.clone(), table.foreign_keys.clone(), table.uniques.clone());
        let rest = (table.comment.clone(), table.options.clone(), table.checks.len(), table.indexes.len());
        (table.name.clone(), columns, keys, rest)
    };
    assert!(again.tables.iter().map(|t| bare(t)).eq(first.tables.iter().map(|t| bare(t))), "{first:#?}\n{again:#?}");
    assert_eq!(again.enums, first.enums);
}

fn list(found: &[aludel::ddl::Difference]) -> String {
    found.iter().map(|difference| format!("{difference}\n")).collect()
}

#[test]
fn on_sqlite() {
    holds(200, &Sqlite, &Facts::sqlite(), || Engine::connect("sqlite::memory:").unwrap());
}

#[test]
fn on_postgresql() {
    let database = servers::postgres();
    let engine = Engine::connect(database.url()).unwrap();
    holds(40, &Postgres, &Facts::postgres(), || {
        engine.acquire().unwrap().batch("DROP SCHEMA public CASCADE; CREATE SCHEMA public").unwrap();
        engine.clone()
    });
}

#[test]
fn on_mariadb() {
    let database = servers::mysql();
    let engine = Engine::connect(database.url()).unwrap();
    holds(40, &MariaDb, &Facts::mariadb(), || {
        let mut connection = engine.acquire().unwrap();
        for table in engine.inspect().unwrap().table_names() {
            let sql =
                format!("SET FOREIGN_KEY_CHECKS = 0; DROP TABLE {}; SET FOREIGN_KEY_CHECKS = 1", MariaDb.quoted(table));
            connection.batch(&sql).unwrap();
        }
        drop(connection);
        engine.clone()
    });
}

//! What is told of what went wrong.

use aludel::prelude::*;
use aludel::{DatabaseErrorKind, ErrorKind};

use crate::Capability;
use crate::model::{Person, Pet, person};
use crate::suite::{Suite, answers};

/// An engine with somebody in it.
async fn engine(suite: &Suite) -> Engine {
    let engine = suite.single(schema![Person, Pet]).await;
    let inserted = engine.execute(Person::insert().row(person(1))).await;
    assert_eq!(inserted.unwrap_or_else(|error| panic!("{error}")), 1);
    engine
}

async fn fails<T>(engine: &Engine, result: Result<T>) -> Error {
    let error = result.err().unwrap_or_else(|| panic!("a statement that must fail has not"));
    answers(engine, 5).await;
    error
}

/// The database names what was violated, and nothing that is wrong.
fn names(error: &Error, table: &str, column: Option<&str>, constraint: Option<&str>) {
    let database = error.database().unwrap_or_else(|| panic!("not from the database: {error}"));
    assert!(!database.code().is_empty() && !database.message().is_empty(), "{error}");
    if let Some(told) = database.table() {
        assert_eq!(told, table, "{error}");
    }
    let is_column = column.is_some() && database.column() == column;
    let is_constraint =
        constraint.is_some() && database.constraint().is_some_and(|told| told.contains(constraint.unwrap_or("?")));
    assert!(
        is_column || is_constraint,
        "the error names neither column {column:?} nor constraint {constraint:?}: {database:?}"
    );
}

/// A name that somebody else has.
pub async fn unique(suite: Suite) {
    let engine = engine(&suite).await;
    let again = engine.execute(Person::insert().row(Person { id: 2, ..person(1) })).await;
    let error = fails(&engine, again).await;
    assert!(error.is_unique_violation(), "{error}");
    names(&error, "suite_person", Some("name"), Some("uq_suite_person_name"));
}

/// A key that somebody else has.
pub async fn primary_key(suite: Suite) {
    let engine = engine(&suite).await;
    let again = engine.execute(Person::insert().row(Person { id: 1, ..person(2) })).await;
    let error = fails(&engine, again).await;
    assert!(error.is_unique_violation(), "{error}");
}

/// A NULL where there must be a value.
pub async fn not_null(suite: Suite) {
    #[derive(Entity, Clone)]
    #[entity(table = "suite_person")]
    struct Nameless {
        #[column(primary_key)]
        id: i64,
        name: Option<String>,
    }
    let engine = engine(&suite).await;
    let nameless = engine.execute(Nameless::insert().row(Nameless { id: 2, name: None })).await;
    let error = fails(&engine, nameless).await;
    assert!(error.is_not_null_violation(), "{error}");
    names(&error, "suite_person", Some("name"), None);
}

/// A value that a condition of the table forbids.
pub async fn check(suite: Suite) {
    let engine = engine(&suite).await;
    let old = engine.execute(Person::insert().row(Person { age: Some(500), ..person(2) })).await;
    let error = fails(&engine, old).await;
    assert!(error.is_check_violation(), "{error}");
    names(&error, "suite_person", Some("age"), Some("ck_suite_person_age"));
}

/// A reference to nobody, and nobody left to refer to.
pub async fn foreign_key(suite: Suite) {
    let engine = engine(&suite).await;
    let stray = Pet { id: 1, label: "stray".to_owned(), owner_id: 99, owner: One::default() };
    let result = engine.execute(Pet::insert().row(stray.clone())).await;
    let error = fails(&engine, result).await;
    assert!(error.is_foreign_key_violation(), "{error}");
    let database = error.database().cloned().unwrap_or_else(|| panic!("{error}"));
    let is_named = database.constraint().is_some() || database.column().is_some();
    assert_eq!(is_named, suite.has(Capability::ForeignKeyNames), "ForeignKeyNames: {database:?}");
    if is_named {
        names(&error, "suite_pet", Some("owner_id"), Some("fk_suite_pet_owner"));
    }
    let home = engine.execute(Pet::insert().row(Pet { owner_id: 1, ..stray })).await;
    assert_eq!(home.unwrap_or(0), 1);
    let result = engine.execute(Person::delete()).await;
    assert!(fails(&engine, result).await.is_foreign_key_violation());
}

/// Words that mean nothing.
pub async fn syntax(suite: Suite) {
    let engine = engine(&suite).await;
    let result = engine.execute(text("SELEKT 1")).await;
    let error = fails(&engine, result).await;
    let kind = error.database().map(aludel::DatabaseError::kind);
    assert_eq!(kind, Some(DatabaseErrorKind::InvalidStatement), "{error}");
    assert!(error.to_string().contains("SELEKT"), "{error}");
}

/// Names that nobody has.
pub async fn unknown_table(suite: Suite) {
    let engine = engine(&suite).await;
    for sql in ["SELECT 1 FROM suite_no_such_table", "SELECT no_such_column FROM suite_person"] {
        let result = engine.fetch_all(text(sql)).await;
        let error = fails(&engine, result).await;
        let kind = error.database().map(aludel::DatabaseError::kind);
        assert_eq!(kind, Some(DatabaseErrorKind::InvalidStatement), "{error}");
        assert!(error.to_string().contains("no_such_"), "{error}");
    }
}

/// Statement, parameters, fingerprint and line of the program.
pub async fn a_statement_is_told_with_its_line(suite: Suite) {
    let engine = engine(&suite).await;
    let query = text("SELECT no_such_column FROM suite_person WHERE id = :id").bind("id", 5_i64);
    let line = line!() + 1;
    let result = engine.fetch_all(query).await;
    let error = fails(&engine, result).await;
    assert!(error.sql().is_some_and(|sql| sql.starts_with("SELECT no_such_column")), "{error}");
    assert!(
        error.statement().and_then(|statement| statement.parameters.as_deref()).is_some_and(|told| told.contains('5'))
    );
    assert_eq!(error.location().map(|at| at.line()), Some(line), "{error}");
}

/// NULL for a type that can't be NULL names table and column.
pub async fn null_where_a_value_is_wanted(suite: Suite) {
    #[derive(Entity, Clone, Debug)]
    #[entity(table = "suite_person")]
    struct Ageless {
        #[column(primary_key)]
        id: i64,
        age: i32,
    }
    let engine = engine(&suite).await;
    let result = engine
        .fetch_all(Ageless::select())
        .await
        .map(|rows| rows.iter().map(|row| (row.id, row.age)).collect::<Vec<_>>());
    let error = fails(&engine, result).await;
    let ErrorKind::Column(column) = error.kind() else { panic!("{error}") };
    assert_eq!((column.table.as_deref(), column.column.as_str()), (Some("suite_person"), "age"), "{error}");
}

/// Text for a number, and a number for text: never a conversion in silence.
pub async fn the_wrong_type(suite: Suite) {
    #[derive(Entity, Clone, Debug)]
    #[entity(table = "suite_person")]
    struct Numbered {
        #[column(primary_key)]
        id: i64,
        name: i64,
    }
    let engine = engine(&suite).await;
    let result = engine
        .fetch_all(Numbered::select())
        .await
        .map(|rows| rows.iter().map(|row| (row.id, row.name)).collect::<Vec<_>>());
    let error = fails(&engine, result).await;
    let ErrorKind::Column(column) = error.kind() else { panic!("{error}") };
    assert_eq!((column.table.as_deref(), column.column.as_str()), (Some("suite_person"), "name"), "{error}");
    let number_as_text = text("SELECT id FROM suite_person").rows_as::<String>();
    let result = engine.fetch_all(number_as_text).await;
    let error = fails(&engine, result).await;
    assert!(matches!(error.kind(), ErrorKind::Column(_)), "{error}");
    assert!(error.to_string().contains("id"), "the error names the column: {error}");
}

/// The number of columns is compared before the first row is read.
pub async fn too_few_and_too_many_columns(suite: Suite) {
    let engine = engine(&suite).await;
    let one = text("SELECT id FROM suite_person").rows_as::<(i64, String)>();
    let result = engine.fetch_all(one).await;
    let error = fails(&engine, result).await;
    assert!(matches!(error.kind(), ErrorKind::RowCount(_)), "{error}");
    let two = text("SELECT id, name FROM suite_person WHERE 1 = 0").rows_as::<i64>();
    let result = engine.fetch_all(two).await;
    let error = fails(&engine, result).await;
    assert!(matches!(error.kind(), ErrorKind::RowCount(_)), "{error}");
}

/// One row is one row.
pub async fn too_few_and_too_many_rows(suite: Suite) {
    let engine = engine(&suite).await;
    let nobody = Person::select().filter(Person::ID.eq(99));
    let result = engine.fetch_one(nobody.clone()).await;
    assert!(fails(&engine, result).await.is_not_found());
    assert!(engine.fetch_optional(nobody).await.is_ok_and(|found| found.is_none()));
    let inserted = engine.execute(Person::insert().row(person(2))).await;
    assert_eq!(inserted.unwrap_or(0), 1);
    let result = engine.fetch_one(Person::select()).await;
    let error = fails(&engine, result).await;
    assert!(matches!(error.kind(), ErrorKind::RowCount(_)) && !error.is_not_found(), "{error}");
}

/// A number that the Rust type can't hold.
pub async fn a_value_out_of_range(suite: Suite) {
    let engine = engine(&suite).await;
    let inserted = engine.execute(Person::insert().row(person(5_000_000_000))).await;
    assert_eq!(inserted.unwrap_or(0), 1);
    let query = text("SELECT id FROM suite_person ORDER BY id DESC").rows_as::<i32>();
    let result = engine.fetch_all(query).await;
    let error = fails(&engine, result).await;
    assert!(matches!(error.kind(), ErrorKind::Column(_)), "{error}");
    assert!(error.to_string().contains("5000000000"), "the error shows the number: {error}");
}

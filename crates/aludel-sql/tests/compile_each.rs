//! Statements that are run for each of many rows.

#[path = "support/schema.rs"]
mod schema;
#[path = "support/sql.rs"]
mod sql;

use aludel_sql::schema::StaticColumn;
use aludel_sql::{CompileOptions, Each, Entity, RowShape, StatementKind, compile_arguments};
use schema::{Order, User};
use sql::dialect;

const DIALECTS: [&str; 6] = ["sqlite", "postgresql", "mysql", "mariadb", "mssql", "oracle"];

fn columns<E: Entity, const N: usize>(names: [&str; N]) -> [&'static StaticColumn; N] {
    names.map(|name| E::columns().iter().find(|column| column.name() == name).expect("the table has the column"))
}

/// Compares a statement's SQL for each dialect, in the order of [`DIALECTS`].
#[track_caller]
fn check(each: &Each, expected: [&str; 6]) {
    for (name, expected) in DIALECTS.into_iter().zip(expected) {
        let compiled = compile_arguments(&each.arguments(), dialect(name), &CompileOptions::default());
        let (sql, width) = match compiled {
            Ok(compiled) => {
                assert!(compiled.binds.is_empty(), "on {name}");
                (compiled.sql.to_string(), compiled.rows.map_or(0, |shape| shape.width))
            }
            Err(error) => (error.to_string(), each.fields().len()),
        };
        assert_eq!(sql, expected, "on {name}");
        assert_eq!(width, each.fields().len(), "on {name}");
    }
}

/// What the row is asked for.
fn asked(each: &Each) -> Vec<(usize, &'static str)> {
    each.fields().into_iter().map(|(field, column)| (field, column.name())).collect()
}

#[test]
fn inserts() {
    let each = Each::insert(User::table(), &columns::<User, _>(["id", "name"]));
    check(
        &each,
        [
            "INSERT INTO users (id, name) VALUES (?, ?)",
            "INSERT INTO users (id, name) VALUES ($1, $2)",
            "INSERT INTO users (id, name) VALUES (?, ?)",
            "INSERT INTO users (id, name) VALUES (?, ?)",
            "INSERT INTO users (id, name) VALUES (@P1, @P2)",
            "INSERT INTO users (id, name) VALUES (:1, :2)",
        ],
    );
    assert_eq!(asked(&each), [(0, "id"), (1, "name")]);
}

#[test]
fn inserts_of_defaults() {
    check(
        &Each::insert(User::table(), &[]),
        [
            "INSERT INTO users DEFAULT VALUES",
            "INSERT INTO users DEFAULT VALUES",
            "INSERT INTO users () VALUES ()",
            "INSERT INTO users () VALUES ()",
            "INSERT INTO users DEFAULT VALUES",
            "INSERT INTO users (id) VALUES (DEFAULT)",
        ],
    );
}

#[test]
fn inserts_that_return() {
    let each = Each::insert(User::table(), &columns::<User, _>(["name"])).returning(&columns::<User, _>(["id", "age"]));
    check(
        &each,
        [
            "INSERT INTO users (name) VALUES (?) RETURNING id, age",
            "INSERT INTO users (name) VALUES ($1) RETURNING users.id, users.age",
            "the mysql dialect can\'t render INSERT … RETURNING; select the rows",
            "INSERT INTO users (name) VALUES (?) RETURNING users.id, users.age",
            "INSERT INTO users (name) OUTPUT inserted.id, inserted.age VALUES (@P1)",
            "the oracle dialect can\'t render INSERT … RETURNING; select the rows",
        ],
    );
}

#[test]
fn updates() {
    let key = columns::<Order, _>(["id", "status"]);
    let each = Each::update(Order::table(), &columns::<Order, _>(["id", "total"]), &key);
    check(
        &each,
        [
            "UPDATE orders SET id = ?, total = ? WHERE orders.id = ? AND orders.status = ?",
            "UPDATE orders SET id = $1, total = $2 WHERE orders.id = $3 AND orders.status = $4",
            "UPDATE orders SET id = ?, total = ? WHERE orders.id = ? AND orders.status = ?",
            "UPDATE orders SET id = ?, total = ? WHERE orders.id = ? AND orders.status = ?",
            "UPDATE orders SET id = @P1, total = @P2 WHERE orders.id = @P3 AND orders.status = @P4",
            "UPDATE orders SET id = :1, total = :2 WHERE orders.id = :3 AND orders.status = :4",
        ],
    );
    assert_eq!(asked(&each), [(0, "id"), (2, "total"), (Each::KEY, "id"), (Each::KEY + 4, "status")]);
}

#[test]
fn updates_that_return() {
    let (set, key) = (columns::<User, _>(["active"]), columns::<User, _>(["id"]));
    check(
        &Each::update(User::table(), &set, &key).returning(&columns::<User, _>(["age"])),
        [
            "UPDATE users SET active = ? WHERE users.id = ? RETURNING age",
            "UPDATE users SET active = $1 WHERE users.id = $2 RETURNING users.age",
            "the mysql dialect can\'t render UPDATE … RETURNING; select the rows",
            "the mariadb dialect can\'t render UPDATE … RETURNING; select the rows",
            "UPDATE users SET active = @P1 OUTPUT inserted.age WHERE users.id = @P2",
            "the oracle dialect can\'t render UPDATE … RETURNING; select the rows",
        ],
    );
}

#[test]
fn deletes() {
    let each = Each::delete(User::table(), &columns::<User, _>(["id"]));
    check(
        &each,
        [
            "DELETE FROM users WHERE users.id = ?",
            "DELETE FROM users WHERE users.id = $1",
            "DELETE FROM users WHERE users.id = ?",
            "DELETE FROM users WHERE users.id = ?",
            "DELETE FROM users WHERE users.id = @P1",
            "DELETE FROM users WHERE users.id = :1",
        ],
    );
    assert_eq!(asked(&each), [(Each::KEY, "id")]);
}

#[test]
fn what_they_are_is_known() {
    let key = columns::<User, _>(["id"]);
    let name = columns::<User, _>(["name"]);
    for (each, kind) in [
        (Each::insert(User::table(), &name), StatementKind::Insert),
        (Each::update(User::table(), &name, &key), StatementKind::Update),
        (Each::delete(User::table(), &key), StatementKind::Delete),
    ] {
        let compiled = compile_arguments(&each.arguments(), dialect("sqlite"), &CompileOptions::default());
        let compiled = compiled.expect("it compiles");
        assert_eq!(compiled.kind, kind);
        assert_eq!(compiled.rows, Some(RowShape { width: each.fields().len(), rows: 1 }));
        assert!(!compiled.returns_rows);
    }
}

#[test]
fn the_key_is_the_columns() {
    let key = columns::<User, _>(["id"]);
    let update = |set: [&str; 1]| Each::update(User::table(), &columns::<User, _>(set), &key).arguments();
    assert_eq!(update(["name"]).key(), update(["name"]).key());
    assert_ne!(update(["name"]).key(), update(["age"]).key());
    assert_ne!(update(["name"]).key(), Each::delete(User::table(), &key).arguments().key());
}

#[test]
fn every_row_is_never_meant() {
    let name = columns::<User, _>(["name"]);
    let refused = |each: Each| {
        let compiled = compile_arguments(&each.arguments(), dialect("sqlite"), &CompileOptions::default());
        compiled.expect_err("it is refused").to_string()
    };
    for each in [Each::update(User::table(), &name, &[]), Each::delete(User::table(), &[])] {
        let error = refused(each);
        assert!(error.contains("does not say which row would change all of them"), "{error}");
    }
    let error = refused(Each::update(User::table(), &[], &name));
    assert!(error.contains("UPDATE without an assignment"), "{error}");
}

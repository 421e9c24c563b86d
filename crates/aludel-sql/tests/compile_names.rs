//! Names and literals: quotes, schemas, aliases, result columns.

#[path = "support/schema.rs"]
mod schema;
#[path = "support/sql.rs"]
mod sql;

use aludel_sql::compile::{SchemaMap, compile_with};
use aludel_sql::dialect::{Dialect, MsSql, MySql, Postgres, Sqlite, standard};
use aludel_sql::{
    CompileOptions, Executable, Expression, decode, func, insert, label, literal, null, select, text, value,
};
use schema::{Address, Detail, Order, User};
use sql::{check, check_on, compile_on};

#[test]
fn identifiers_are_quoted_where_they_must_be() {
    let quoted = |dialect: &dyn Dialect, name: &str| dialect.quoted(name);
    for (name, expected) in [
        ("users", "users"),
        ("_id2", "_id2"),
        ("select", "\"select\""),
        ("MixedCase", "\"MixedCase\""),
        ("two words", "\"two words\""),
        ("2nd", "\"2nd\""),
        ("a\"b", "\"a\"\"b\""),
        ("", "\"\""),
        ("naïve", "\"naïve\""),
        ("a.b", "\"a.b\""),
    ] {
        assert_eq!(quoted(&Sqlite, name), expected);
    }
    assert_eq!(quoted(&MySql, "a`b"), "`a``b`");
    assert_eq!(quoted(&MsSql, "a]b"), "[a]]b]");
    assert_eq!(quoted(&Postgres, "user"), "\"user\"");
    assert_eq!(quoted(&Sqlite, "user"), "user");
}

#[test]
fn quoted_names_in_statements() {
    check(
        select((Detail::SELECT, Detail::MIXED, Detail::PLAIN)).filter(Detail::SELECT.eq(1)),
        "SELECT \"Sales\".\"Order Details\".\"select\", \"Sales\".\"Order Details\".\"MixedCase\", \"Sales\".\"Order Details\".plain \
         FROM \"Sales\".\"Order Details\" WHERE \"Sales\".\"Order Details\".\"select\" = ?",
    );
    check_on(
        "mysql",
        insert(Detail::TABLE).set(Detail::SELECT, 1).set(Detail::MIXED, "x"),
        "INSERT INTO `Sales`.`Order Details` (`select`, `MixedCase`) VALUES (?, ?)",
    );
    check(
        select(Detail::PLAIN.label("Group By")).order_by(label::<i32>("Group By")),
        "SELECT \"Sales\".\"Order Details\".plain AS \"Group By\" FROM \"Sales\".\"Order Details\" ORDER BY \"Group By\"",
    );
}

#[test]
fn text_literals_can_not_be_left() {
    let literal_of = |dialect: &dyn Dialect, text: &str| {
        let mut out = String::new();
        dialect.text_literal(&mut out, text);
        out
    };
    assert_eq!(literal_of(&Sqlite, "it's"), "'it''s'");
    assert_eq!(literal_of(&Sqlite, "\\'; DROP TABLE users; --"), "'\\''; DROP TABLE users; --'");
    assert_eq!(literal_of(&MySql, "\\'; DROP TABLE users; --"), "'\\\\''; DROP TABLE users; --'");
    check(select(literal("it's").label("t")), "SELECT 'it''s' AS t");
    check_on("mysql", select(literal("a\\b").label("t")), "SELECT 'a\\\\b' AS t");
    let mut out = String::new();
    standard::identifier(&mut out, "x\"; --", ('"', '"'), |_| false);
    assert_eq!(out, "\"x\"\"; --\"");
}

#[test]
fn schemas_are_translated() {
    let statement = decode(&select((User::ID, Detail::PLAIN)).into_arguments()).expect("it decodes");
    let schemas = SchemaMap::default().with(None, Some("tenant")).with(Some("Sales"), None);
    let options = CompileOptions { schemas, ..CompileOptions::default() };
    let compiled = compile_with(&statement, &Sqlite, &options).expect("it compiles");
    assert_eq!(&*compiled.sql, "SELECT tenant.users.id, \"Order Details\".plain FROM tenant.users, \"Order Details\"");
}

#[track_caller]
fn names(statement: impl Executable, expected: &[&str]) {
    let compiled = compile_on("sqlite", statement).expect("it compiles");
    let names: Vec<&str> = compiled.columns.iter().map(|column| &*column.name).collect();
    assert_eq!(names, expected);
}

#[test]
fn result_columns_have_names_of_their_own() {
    names(select((User::ID, Address::ID, Order::ID)), &["id", "id_1", "id_2"]);
    names(select((User::ID.label("n"), User::NAME.label("n"))), &["n", "n_1"]);
    names(
        select((func::count_all(), func::count(User::ID), func::sum(User::AGE))).from(User::TABLE),
        &["count_1", "count_2", "sum_1"],
    );
    names(select((User::AGE + 1, value(1), literal(1), null::<i32>())), &["anon_1", "anon_2", "anon_3", "anon_4"]);
    names(select((User::AGE.cast::<String>(), User::NAME.coerce::<i32>())), &["age", "name"]);
    names(select((func::upper(User::NAME).label("name"), User::NAME)), &["name", "name_1"]);
    names(aludel_sql::union([select(User::NAME), select(Address::EMAIL)]), &["name"]);
    names(insert(User::TABLE).set(User::NAME, "x").returning((User::ID, User::NAME.label("n"))), &["id", "n"]);
    names(text("SELECT 1, 2").column::<i32>("a").column::<i32>("b"), &["a", "b"]);
}

#[test]
fn result_columns_know_where_they_come_from() {
    let boss = User::TABLE.alias("boss");
    let query = select((User::ID, boss.col(User::NAME), func::count_all(), User::AGE.label("years")));
    let compiled = compile_on("sqlite", query).expect("it compiles");
    let origins: Vec<_> = compiled.columns.iter().map(|column| column.origin.map(|origin| origin.name())).collect();
    assert_eq!(origins, [Some("id"), Some("name"), None, Some("age")]);
    assert!(compiled.columns.iter().all(|column| column.sql_type.is_some()));
}

#[test]
fn outer_queries_read_a_subquery_by_the_names_it_shows() {
    let inner =
        select((User::ID, Address::ID, User::NAME.label("who"))).filter(Address::USER_ID.eq(User::ID)).subquery("s");
    check(
        select((inner.col(User::ID), inner.col(Address::ID), inner.col(User::NAME))),
        "SELECT s.id, s.id_1, s.who AS name FROM (SELECT users.id AS id, addresses.id AS id_1, users.name AS who FROM users, addresses \
         WHERE addresses.user_id = users.id) AS s",
    );
}

//! The linter: FROM elements that nothing joins.

#[path = "support/schema.rs"]
mod schema;
#[path = "support/sql.rs"]
mod sql;

use aludel_sql::compile::compile_with;
use aludel_sql::dialect::Sqlite;
use aludel_sql::{
    CompileOptions, Executable, Expression, decode, delete, func, literal, select, table_function, update,
};
use schema::{Address, Order, User};
use sql::compile_on;

#[track_caller]
fn warnings(statement: impl Executable) -> Vec<String> {
    compile_on("postgresql", statement).expect("it compiles").warnings
}

#[track_caller]
fn silent(statement: impl Executable) {
    assert_eq!(warnings(statement), Vec::<String>::new());
}

#[test]
fn both_sides_are_named() {
    let found = warnings(select((User::NAME, Address::EMAIL, Order::ID)));
    assert_eq!(found.len(), 1);
    assert!(
        found[0].starts_with(
            "SELECT statement has a cartesian product between FROM element(s) \"addresses\", \"orders\" and FROM element \"users\""
        ),
        "{}",
        found[0]
    );
    assert!(found[0].contains("Add a condition"), "{}", found[0]);
}

#[test]
fn whatever_compares_two_elements_joins_them() {
    silent(select((User::NAME, Address::EMAIL)).filter(User::ID.eq(Address::USER_ID)));
    silent(select((User::NAME, Address::EMAIL)).filter(User::NAME.like(Address::EMAIL)));
    silent(select((User::NAME, Address::EMAIL)).filter(User::ID.in_([Address::USER_ID])));
    silent(select((User::NAME, Address::EMAIL)).filter(User::ID.eq(1).or(User::ID.eq(Address::USER_ID))));
    silent(
        select((User::NAME, Address::EMAIL)).filter(
            select(literal(1))
                .from(Order::TABLE)
                .filter(Order::USER_ID.eq(User::ID))
                .filter(Order::ID.eq(Address::ID))
                .exists(),
        ),
    );
    let found = warnings(select((User::NAME, Address::EMAIL)).filter(User::ID.eq(1)).filter(Address::ID.eq(1)));
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn joins_count_even_without_a_condition() {
    silent(select((User::NAME, Address::EMAIL)).from(User::TABLE).cross_join(Address::TABLE));
    silent(select((User::NAME, Address::EMAIL)).from(User::TABLE).join(Address::TABLE, literal(true)));
}

#[test]
fn functions_belong_to_what_they_read() {
    let each = table_function("json_each", User::DATA, "j", ["key"]);
    silent(select((User::ID, each.column::<String>("key"))));
    let alone = table_function("generate_series", (literal(1), literal(3)), "g", ["n"]);
    assert_eq!(warnings(select((User::ID, alone.column::<i64>("n")))).len(), 1);
}

#[test]
fn subqueries_and_changes_are_looked_at_too() {
    let inner = select(func::count_all()).from(User::TABLE).from(Address::TABLE).scalar();
    assert_eq!(warnings(select((Order::ID, inner))).len(), 1);
    let found = warnings(update(User::TABLE).set(User::AGE, 1).from(Order::TABLE));
    assert!(
        found[0].starts_with("UPDATE statement has a cartesian product between FROM element(s) \"orders\""),
        "{found:?}"
    );
    silent(update(User::TABLE).set(User::AGE, 1).filter(Order::USER_ID.eq(User::ID)));
    let found = warnings(delete(User::TABLE).using(Order::TABLE));
    assert!(found[0].starts_with("DELETE statement"), "{found:?}");
}

#[test]
fn it_can_be_turned_off() {
    let statement = decode(&select((User::NAME, Address::EMAIL)).into_arguments()).expect("it decodes");
    let options = CompileOptions { lint: false, ..CompileOptions::default() };
    assert!(compile_with(&statement, &Sqlite, &options).expect("it compiles").warnings.is_empty());
}

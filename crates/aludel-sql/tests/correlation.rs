//! Which FROM elements a subquery reads itself, and which it takes from the query around it.

mod support;

use aludel_sql::dialect::Sqlite;
use aludel_sql::{CompileOptions, Executable, Expression, Select, compile_arguments, func, select};
use support::{Address, User};

/// Each user's newest address, in a query that reads both tables, as the subquery does.
fn sql(newest: Select<Option<i64>>) -> Result<String, String> {
    let query =
        select((User::NAME, Address::EMAIL)).filter(Address::USER_ID.eq(User::ID)).filter(Address::ID.eq(newest));
    let compiled = compile_arguments(&query.into_arguments(), &Sqlite, &CompileOptions::default());
    compiled.map(|compiled| compiled.sql.to_string()).map_err(|error| error.to_string())
}

fn newest() -> Select<Option<i64>> {
    select(func::max(Address::ID)).filter(Address::USER_ID.eq(User::ID))
}

const CORRELATED: &str = "SELECT users.name, addresses.email FROM users, addresses WHERE addresses.user_id = users.id \
                          AND addresses.id = (SELECT max(addresses.id) AS max_1 FROM addresses WHERE addresses.user_id = users.id)";

#[test]
fn what_is_named_with_from_is_the_subquery_s_own() {
    assert_eq!(sql(newest().from(Address::TABLE)).as_deref(), Ok(CORRELATED));
}

#[test]
fn what_is_named_with_correlate_is_taken_from_outside() {
    assert_eq!(sql(newest().correlate(User::TABLE)).as_deref(), Ok(CORRELATED));
}

#[test]
fn one_element_alone_is_read_anew() {
    let newest = select(func::max(Address::ID));
    assert!(sql(newest).is_ok_and(|sql| sql.ends_with("(SELECT max(addresses.id) AS max_1 FROM addresses)")));
}

#[test]
fn several_elements_that_the_query_around_reads_too_must_be_told_apart() {
    let error = sql(newest()).expect_err("nothing tells which are meant");
    assert!(error.contains(r#"("addresses", "users")"#) && error.contains("from(…)"), "{error}");
}

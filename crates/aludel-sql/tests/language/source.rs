//! Aliases, table functions, values and pieces of text in FROM.

use aludel_sql::{Alias, Expression, TableFunction, func, select, table_function, text_source, value, values};

use crate::support::{Address, User};
use crate::{check, check_postgres, refused};

#[test]
fn aliases() {
    let manager = User::TABLE.alias("manager");
    check(select(manager.col(User::NAME)), "SELECT manager.name FROM users AS manager", "");
    check(
        select((User::NAME, manager.col(User::NAME).nullable()))
            .left_join(&manager, User::MANAGER_ID.eq(manager.col(User::ID))),
        "SELECT users.name, manager.name AS name_1 FROM users LEFT OUTER JOIN users AS manager ON users.manager_id = manager.id",
        "",
    );
    check(
        select(manager.all()),
        "SELECT manager.id, manager.name, manager.fullname, manager.age, manager.balance, manager.active, manager.created_at, manager.data, manager.manager_id FROM users AS manager",
        "",
    );
    check(
        select((User::ALL, manager.all().optional())).left_join(&manager, manager.col(User::ID).eq(User::MANAGER_ID)),
        "SELECT users.id, users.name, users.fullname, users.age, users.balance, users.active, users.created_at, users.data, users.manager_id, manager.id AS id_1, manager.name AS name_1, manager.fullname AS fullname_1, manager.age AS age_1, manager.balance AS balance_1, manager.active AS active_1, manager.created_at AS created_at_1, manager.data AS data_1, manager.manager_id AS manager_id_1 FROM users LEFT OUTER JOIN users AS manager ON manager.id = users.manager_id",
        "",
    );
    let (a, b) = (User::TABLE.alias("a"), User::TABLE.alias(String::from("b")));
    check(
        select((a.col(User::ID), b.col(User::ID))).filter(a.col(User::AGE).lt(b.col(User::AGE))),
        "SELECT a.id, b.id AS id_1 FROM users AS a, users AS b WHERE a.age < b.age",
        "",
    );
}

#[test]
fn samples() {
    let sample = Alias::sampled(User::TABLE, "s", "bernoulli", 10.0);
    check_postgres(select(sample.col(User::ID)), "SELECT s.id FROM users AS s TABLESAMPLE bernoulli($1)", "10.0");
    refused(select(sample.col(User::ID)), "the sqlite dialect can't render TABLESAMPLE");
}

#[test]
fn table_functions() {
    let each = table_function("json_each", value(String::from("[1]")), "j", ["key", "value"]);
    check(
        select((each.column::<i64>("key"), each.column::<String>("value"))),
        r#"SELECT j."key", j.value FROM json_each(?) AS j"#,
        "'[1]'",
    );
    check_postgres(select(each.column::<i64>("key")), "SELECT j.key FROM json_each($1) AS j(key, value)", "'[1]'");
    let documents = table_function("json_each", User::DATA, "j", ["value"]);
    check(
        select((User::ID, documents.column::<String>("value"))),
        "SELECT users.id, j.value FROM users, json_each(users.data) AS j",
        "",
    );
    let numbers = TableFunction::scalar("generate_series", (value(1_i64), value(5_i64)), "n");
    check_postgres(select(numbers.value::<i64>()), "SELECT n FROM generate_series($1, $2) AS n", "1, 5");
    let numbered = TableFunction::with_ordinality("unnest", func::call::<String>("f", ()), "u", ["v", "n"]);
    check_postgres(
        select((numbered.column::<String>("v"), numbered.column::<i64>("n"))),
        "SELECT u.v, u.n FROM unnest(f()) WITH ORDINALITY AS u(v, n)",
        "",
    );
    refused(select(numbered.column::<i64>("n")), "the sqlite dialect can't render WITH ORDINALITY");
}

#[test]
fn rows_of_values() {
    let rows = values("v", ["id", "name"], [(1_i64, "a"), (2, "b")]);
    check(
        select((rows.column::<i64>("id"), rows.column::<String>("name"))),
        "SELECT v.id, v.name FROM (SELECT column1 AS id, column2 AS name FROM (VALUES (?, ?), (?, ?))) AS v",
        "1, 'a', 2, 'b'",
    );
    check_postgres(
        select(rows.column::<i64>("id")),
        "SELECT v.id FROM (VALUES ($1, $2), ($3, $4)) AS v (id, name)",
        "1, 'a', 2, 'b'",
    );
    check(
        select(User::ID).join(&rows, User::ID.eq(rows.column::<i64>("id"))),
        "SELECT users.id FROM users JOIN (SELECT column1 AS id, column2 AS name FROM (VALUES (?, ?), (?, ?))) AS v ON users.id = v.id",
        "1, 'a', 2, 'b'",
    );
    check(
        select(values("one", ["a"], [(true,)]).column::<bool>("a")),
        "SELECT one.a FROM (SELECT column1 AS a FROM (VALUES (?))) AS one",
        "true",
    );
}

#[test]
fn pieces_of_text() {
    let info = text_source("pragma_table_info('users')", "info");
    check(select(info.column::<String>("name")), "SELECT info.name FROM pragma_table_info('users') AS info", "");
    let query = text_source("SELECT 1 AS n", "q");
    check(select(query.column::<i64>("n")), "SELECT q.n FROM (SELECT 1 AS n) AS q", "");
    check(
        select((Address::ID, query.column::<i64>("n"))).join(&query, query.column::<i64>("n").eq(Address::ID)),
        "SELECT addresses.id, q.n FROM addresses JOIN (SELECT 1 AS n) AS q ON q.n = addresses.id",
        "",
    );
}

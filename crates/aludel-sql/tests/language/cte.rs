//! Common table expressions.

use aludel_sql::{CteOptions, Expression, delete, insert, literal, select, update};

use crate::support::{Address, User};
use crate::{check, check_postgres, refused};

#[test]
fn of_a_query() {
    let adults = select((User::ID, User::NAME)).filter(User::AGE.ge(18)).cte("adults");
    check(
        select(adults.col(User::NAME)),
        "WITH adults AS (SELECT users.id AS id, users.name AS name FROM users WHERE users.age >= ?) SELECT adults.name FROM adults",
        "18",
    );
    check(
        select(Address::EMAIL).join(&adults, adults.col(User::ID).eq(Address::USER_ID)),
        "WITH adults AS (SELECT users.id AS id, users.name AS name FROM users WHERE users.age >= ?) SELECT addresses.email FROM addresses JOIN adults ON adults.id = addresses.user_id",
        "18",
    );
    let again = adults.alias("again");
    check(
        select((adults.col(User::NAME), again.column::<String>("name")))
            .join(&again, adults.col(User::ID).lt(again.col(User::ID))),
        "WITH adults AS (SELECT users.id AS id, users.name AS name FROM users WHERE users.age >= ?) SELECT adults.name, again.name AS name_1 FROM adults JOIN adults AS again ON adults.id < again.id",
        "18",
    );
    let everybody = select(User::ALL).cte("everybody");
    check(
        select(everybody.all()),
        "WITH everybody AS (SELECT users.id AS id, users.name AS name, users.fullname AS fullname, users.age AS age, users.balance AS balance, users.active AS active, users.created_at AS created_at, users.data AS data, users.manager_id AS manager_id FROM users) SELECT everybody.id, everybody.name, everybody.fullname, everybody.age, everybody.balance, everybody.active, everybody.created_at, everybody.data, everybody.manager_id FROM everybody",
        "",
    );
    check(
        select(adults.get(aludel_sql::label::<String>("name"))),
        "WITH adults AS (SELECT users.id AS id, users.name AS name FROM users WHERE users.age >= ?) SELECT adults.name FROM adults",
        "18",
    );
}

#[test]
fn of_another() {
    let first = select(User::ID).filter(User::ID.gt(1)).cte("first");
    let second = select(first.col(User::ID)).filter(first.col(User::ID).lt(9)).cte("second");
    check(
        select(second.col(User::ID)),
        "WITH first AS (SELECT users.id AS id FROM users WHERE users.id > ?), second AS (SELECT first.id AS id FROM first WHERE first.id < ?) SELECT second.id FROM second",
        "1, 9",
    );
    check(
        select((first.col(User::ID), second.col(User::ID))).filter(first.col(User::ID).eq(second.col(User::ID))),
        "WITH first AS (SELECT users.id AS id FROM users WHERE users.id > ?), second AS (SELECT first.id AS id FROM first WHERE first.id < ?) SELECT first.id, second.id AS id_1 FROM first, second WHERE first.id = second.id",
        "1, 9",
    );
}

#[test]
fn options() {
    let with = |options| select(select((User::ID, User::NAME)).cte_with("c", options).column::<i64>("id"));
    check(
        with(CteOptions::default().materialized(true)),
        "WITH c AS MATERIALIZED (SELECT users.id AS id, users.name AS name FROM users) SELECT c.id FROM c",
        "",
    );
    check(
        with(CteOptions::default().materialized(false)),
        "WITH c AS NOT MATERIALIZED (SELECT users.id AS id, users.name AS name FROM users) SELECT c.id FROM c",
        "",
    );
    check(
        with(CteOptions::default().columns(["id", "called"])),
        "WITH c(id, called) AS (SELECT users.id AS id, users.name AS name FROM users) SELECT c.id FROM c",
        "",
    );
}

#[test]
fn recursive() {
    let numbers = select(literal(1_i64).label("n")).recursive("numbers", |numbers| {
        let n = || numbers.column::<i64>("n");
        select((n() + 1).label("n")).filter(n().lt(5))
    });
    check(
        select(numbers.column::<i64>("n")),
        "WITH RECURSIVE numbers(n) AS (SELECT 1 AS n UNION ALL SELECT numbers.n + ? AS n FROM numbers WHERE numbers.n < ?) SELECT numbers.n FROM numbers",
        "1, 5",
    );
    let chain = select((User::ID, User::MANAGER_ID)).filter(User::ID.eq(7)).recursive_distinct("chain", |chain| {
        select((User::ID, User::MANAGER_ID)).join(chain, chain.col(User::MANAGER_ID).eq(User::ID))
    });
    check(
        select(chain.col(User::ID)),
        "WITH RECURSIVE chain(id, manager_id) AS (SELECT users.id AS id, users.manager_id AS manager_id FROM users WHERE users.id = ? UNION SELECT users.id AS id, users.manager_id AS manager_id FROM users JOIN chain ON chain.manager_id = users.id) SELECT chain.id FROM chain",
        "7",
    );
}

/// SQLite has no CTEs that change data.
#[test]
fn of_a_statement_that_changes_data() {
    let inserted = insert(User::TABLE).set(User::NAME, "ed").returning(User::ID).cte("inserted");
    check_postgres(
        select(inserted.column::<i64>("id")),
        "WITH inserted AS (INSERT INTO users (name) VALUES ($1) RETURNING users.id) SELECT inserted.id FROM inserted",
        "'ed'",
    );
    let updated = update(User::TABLE).set(User::AGE, 5).returning(User::ID).cte("updated");
    check_postgres(
        select(updated.column::<i64>("id")),
        "WITH updated AS (UPDATE users SET age = $1 RETURNING users.id) SELECT updated.id FROM updated",
        "5",
    );
    let deleted = delete(User::TABLE).returning(User::ID).cte("deleted");
    check_postgres(
        select(deleted.column::<i64>("id")),
        "WITH deleted AS (DELETE FROM users RETURNING users.id) SELECT deleted.id FROM deleted",
        "",
    );
    refused(
        select(deleted.column::<i64>("id")),
        "the sqlite dialect can't render a CTE that changes data; run two statements in one transaction",
    );
}

#[test]
fn before_a_statement_that_changes_data() {
    let old = select(User::ID).filter(User::AGE.gt(100)).cte("old");
    check(
        delete(Address::TABLE).filter(Address::USER_ID.in_query(select(old.col(User::ID)))),
        "WITH old AS (SELECT users.id AS id FROM users WHERE users.age > ?) DELETE FROM addresses WHERE addresses.user_id IN (SELECT old.id FROM old)",
        "100",
    );
    check(
        update(User::TABLE).set(User::ACTIVE, false).filter(User::ID.in_query(select(old.col(User::ID)))),
        "WITH old AS (SELECT users.id AS id FROM users WHERE users.age > ?) UPDATE users SET active = ? WHERE users.id IN (SELECT old.id FROM old)",
        "100, false",
    );
    check(
        insert(Address::TABLE).from_query((Address::USER_ID, Address::EMAIL), select((old.col(User::ID), literal("")))),
        "WITH old AS (SELECT users.id AS id FROM users WHERE users.age > ?) INSERT INTO addresses (user_id, email) SELECT old.id, '' FROM old",
        "100",
    );
}

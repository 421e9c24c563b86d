//! Tables that are read as one.

#[path = "support/schema.rs"]
mod schema;
#[path = "support/sql.rs"]
mod sql;

use aludel_sql::{Entity, Expression, Select, Together};
use schema::{Order, User};
use sql::{check, check_on};

fn both() -> Together {
    let tables = [("user", User::table()), ("order", Order::table())];
    Together::new("both", "kind", &["id", "name", "total"], &tables)
}

fn query() -> Select<()> {
    let both = both();
    both.select()
        .filter(both.label().eq("user"))
        .filter(both.column::<i64>("id").gt(1))
        .order_by(both.column::<String>("name"))
}

#[test]
fn each_table_gives_the_columns_of_all() {
    check(
        query(),
        "SELECT both.kind, both.id, both.name, both.total FROM (SELECT 'user' AS kind, users.id AS id, users.name AS name, CAST(NULL AS NUMERIC(12, 2)) AS total FROM users UNION ALL SELECT 'order' AS kind, orders.id AS id, CAST(NULL AS VARCHAR(50)) AS name, orders.total AS total FROM orders) AS both WHERE both.kind = ? AND both.id > ? ORDER BY both.name",
    );
    check_on(
        "postgresql",
        query(),
        "SELECT \"both\".kind, \"both\".id, \"both\".name, \"both\".total FROM (SELECT 'user' AS kind, users.id AS id, users.name AS name, CAST(NULL AS NUMERIC(12, 2)) AS total FROM users UNION ALL SELECT 'order' AS kind, orders.id AS id, CAST(NULL AS VARCHAR(50)) AS name, orders.total AS total FROM orders) AS \"both\" WHERE \"both\".kind = $1 AND \"both\".id > $2 ORDER BY \"both\".name",
    );
    check_on(
        "mysql",
        query(),
        "SELECT `both`.kind, `both`.id, `both`.name, `both`.total FROM (SELECT 'user' AS kind, users.id AS id, users.name AS name, CAST(NULL AS DECIMAL(12, 2)) AS total FROM users UNION ALL SELECT 'order' AS kind, orders.id AS id, CAST(NULL AS CHAR(50)) AS name, orders.total AS total FROM orders) AS `both` WHERE `both`.kind = ? AND `both`.id > ? ORDER BY `both`.name",
    );
    check_on(
        "mssql",
        query(),
        "SELECT both.kind, both.id, both.name, both.total FROM (SELECT 'user' AS kind, users.id AS id, users.name AS name, CAST(NULL AS NUMERIC(12, 2)) AS total FROM users UNION ALL SELECT 'order' AS kind, orders.id AS id, CAST(NULL AS VARCHAR(50)) AS name, orders.total AS total FROM orders) AS both WHERE both.kind = @P1 AND both.id > @P2 ORDER BY both.name",
    );
    check_on(
        "oracle",
        query(),
        "SELECT both.kind, both.id, both.name, both.total FROM (SELECT 'user' AS kind, users.id AS id, users.name AS name, CAST(NULL AS NUMERIC(12, 2)) AS total FROM users UNION ALL SELECT 'order' AS kind, orders.id AS id, CAST(NULL AS VARCHAR2(50 CHAR)) AS name, orders.total AS total FROM orders) both WHERE both.kind = :1 AND both.id > :2 ORDER BY both.name",
    );
}

/// Conditions name columns of tables that the query does not read yet.
#[test]
fn what_a_query_lacks() {
    let query = aludel_sql::select(User::ID).filter(Order::ID.gt(1));
    assert!(query.lacks(Order::table()) && query.lacks(User::table()));
    let joined = query.join(aludel_sql::AnySource::table(Order::table()), Order::ID.eq(User::ID));
    assert!(!joined.lacks(Order::table()));
    let inner = aludel_sql::select(Order::ID).filter(Order::ID.eq(User::ID));
    let outer = aludel_sql::select(User::ID).filter(inner.exists());
    assert!(!outer.lacks(Order::table()) && outer.lacks(User::table()));
    assert!(!aludel_sql::union([aludel_sql::select(User::ID), aludel_sql::select(User::ID)]).lacks(User::table()));
}

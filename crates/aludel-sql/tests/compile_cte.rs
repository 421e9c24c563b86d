//! Common table expressions.

#[path = "support/schema.rs"]
mod schema;
#[path = "support/sql.rs"]
mod sql;

use aludel_sql::{CteOptions, Expression, delete, func, insert, label, literal, select, update, value};
use schema::{Address, Order, User};
use sql::{check, check_on, refused, values};

#[test]
fn each_stands_once_and_after_those_it_reads() {
    let a = select(User::ID).filter(User::AGE.gt(1)).cte("a");
    let b = select(a.col(User::ID)).filter(a.col(User::ID).gt(2)).cte("b");
    let query = select((b.col(User::ID), a.col(User::ID)))
        .filter(b.col(User::ID).eq(a.col(User::ID)))
        .filter(a.col(User::ID).gt(3));
    check(
        query.clone(),
        "WITH a AS (SELECT users.id AS id FROM users WHERE users.age > ?), b AS (SELECT a.id AS id FROM a WHERE a.id > ?) \
         SELECT b.id, a.id AS id_1 FROM b, a WHERE b.id = a.id AND a.id > ?",
    );
    assert_eq!(format!("{:?}", values("sqlite", query)), "[1, 2, 3]");
}

#[test]
fn those_of_subqueries_move_to_the_beginning() {
    let big = select(Order::USER_ID).filter(Order::TOTAL.is_not_null()).cte("big");
    let inner = select(big.col(Order::USER_ID)).subquery("s");
    check(
        select(inner.col(Order::USER_ID)),
        "WITH big AS (SELECT orders.user_id AS user_id FROM orders WHERE orders.total IS NOT NULL) \
         SELECT s.user_id FROM (SELECT big.user_id AS user_id FROM big) AS s",
    );
    check(
        select(User::NAME).filter(User::ID.in_query(select(big.col(Order::USER_ID)))),
        "WITH big AS (SELECT orders.user_id AS user_id FROM orders WHERE orders.total IS NOT NULL) \
         SELECT users.name FROM users WHERE users.id IN (SELECT big.user_id FROM big)",
    );
}

#[test]
fn recursive() {
    let counted = select(literal(1).label("n")).recursive("counted", |counted| {
        let n = counted.column::<i32>("n");
        select((n.clone() + 1).label("n")).filter(n.lt(10))
    });
    let n = counted.column::<i32>("n");
    let sum = select(func::sum(n));
    check(
        sum.clone(),
        "WITH RECURSIVE counted(n) AS (SELECT 1 AS n UNION ALL SELECT counted.n + ? AS n FROM counted WHERE counted.n < ?) \
         SELECT sum(counted.n) AS sum_1 FROM counted",
    );
    check_on(
        "mssql",
        sum,
        "WITH counted(n) AS (SELECT 1 AS n UNION ALL SELECT counted.n + @P1 AS n FROM counted WHERE counted.n < @P2) \
         SELECT sum(counted.n) AS sum_1 FROM counted",
    );
}

#[test]
fn recursive_over_an_entity() {
    let chain = select((User::ID, User::MANAGER_ID)).filter(User::ID.eq(4)).recursive_distinct("chain", |chain| {
        select((User::ID, User::MANAGER_ID)).join(chain, User::ID.eq(chain.col(User::MANAGER_ID)))
    });
    check(
        select(chain.col(User::ID)).order_by(chain.col(User::ID)),
        "WITH RECURSIVE chain(id, manager_id) AS (SELECT users.id AS id, users.manager_id AS manager_id FROM users WHERE users.id = ? \
         UNION SELECT users.id AS id, users.manager_id AS manager_id FROM users JOIN chain ON users.id = chain.manager_id) \
         SELECT chain.id FROM chain ORDER BY chain.id",
    );
}

#[test]
fn options() {
    let c = select((User::ID, User::NAME)).cte_with("c", CteOptions::default().materialized(false).columns(["a", "b"]));
    check(
        select((c.col(User::ID), c.column::<String>("b"))),
        "WITH c(a, b) AS NOT MATERIALIZED (SELECT users.id AS id, users.name AS name FROM users) SELECT c.a AS id, c.b FROM c",
    );
}

#[test]
fn in_statements_that_change_data() {
    let old = || select(Order::USER_ID).filter(Order::ID.lt(5)).cte("old");
    let in_old = |old: &aludel_sql::Cte<i32>| User::ID.in_query(select(old.col(Order::USER_ID)));
    let with = "WITH old AS (SELECT orders.user_id AS user_id FROM orders WHERE orders.id < ?)";
    let cte = old();
    check(
        delete(User::TABLE).filter(in_old(&cte)),
        &format!("{with} DELETE FROM users WHERE users.id IN (SELECT old.user_id FROM old)"),
    );
    check(
        update(User::TABLE).set(User::AGE, 1).filter(in_old(&cte)),
        &format!("{with} UPDATE users SET age = ? WHERE users.id IN (SELECT old.user_id FROM old)"),
    );
    let insertion = insert(Address::TABLE).from_query(Address::USER_ID, select(cte.col(Order::USER_ID)));
    check(insertion.clone(), &format!("{with} INSERT INTO addresses (user_id) SELECT old.user_id FROM old"));
    check_on("mysql", insertion, &format!("INSERT INTO addresses (user_id) {with} SELECT old.user_id FROM old"));
    let error = refused("mariadb", delete(User::TABLE).filter(in_old(&cte)));
    assert!(error.contains("mariadb dialect can't render WITH before DELETE"), "{error}");
}

#[test]
fn values_of_a_cte_come_first() {
    let c = select((User::ID, value(7).label("seven"))).filter(User::AGE.eq(3)).cte("c");
    let query =
        select((c.col(User::ID), c.get(label::<i32>("seven")), value(1))).filter(c.col(User::ID).gt(2)).limit(9);
    assert_eq!(format!("{:?}", values("sqlite", query.clone())), "[7, 3, 1, 2, 9]");
    assert_eq!(format!("{:?}", values("postgresql", query)), "[7, 3, 1, 2, 9]");
}

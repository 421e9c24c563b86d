//! What databases say differently, and what they do not have.

#[path = "support/schema.rs"]
mod schema;
#[path = "support/sql.rs"]
mod sql;

use aludel_core::{Date, SqlType};
use aludel_sql::ast::{LockStrength, LockWait};
use aludel_sql::dialect::{Begin, Isolation, TransactionOptions};
use aludel_sql::{Expression, func, literal, select, window};
use schema::{Order, User};
use sql::{check, check_on, dialect, refused};

#[test]
fn null_safe_comparison() {
    let query = || select(User::ID).filter(User::AGE.is_distinct_from(1));
    check(query(), "SELECT users.id FROM users WHERE users.age IS NOT ?");
    check_on("postgresql", query(), "SELECT users.id FROM users WHERE users.age IS DISTINCT FROM $1");
    check_on("mysql", query(), "SELECT users.id FROM users WHERE NOT (users.age <=> ?)");
    check_on("oracle", query(), "SELECT users.id FROM users WHERE DECODE(users.age, :1, 0, 1) = 1");
}

#[test]
fn nulls_first_and_last() {
    let query = || select(User::ID).order_by((User::AGE.asc().nulls_last(), User::NAME.desc().nulls_last()));
    check(query(), "SELECT users.id FROM users ORDER BY users.age NULLS LAST, users.name DESC NULLS LAST");
    check_on(
        "mysql",
        query(),
        "SELECT users.id FROM users ORDER BY CASE WHEN users.age IS NULL THEN 1 ELSE 0 END, users.age, users.name DESC",
    );
    check_on(
        "mysql",
        select(User::ID).order_by(User::AGE.asc().nulls_first()),
        "SELECT users.id FROM users ORDER BY users.age",
    );
}

#[test]
fn limits() {
    let offset = || select(User::ID).offset(5);
    check(offset(), "SELECT users.id FROM users LIMIT -1 OFFSET ?");
    check_on("postgresql", offset(), "SELECT users.id FROM users OFFSET $1");
    check_on("mysql", offset(), "SELECT users.id FROM users LIMIT 18446744073709551615 OFFSET ?");
    check_on("oracle", offset(), "SELECT users.id FROM users OFFSET :1 ROWS");
    check_on("mssql", offset(), "SELECT users.id FROM users ORDER BY (SELECT NULL) OFFSET @P1 ROWS");
    check_on("mssql", select(User::ID).distinct().limit(1), "SELECT DISTINCT TOP (@P1) users.id FROM users");
}

#[test]
fn conditions_as_values() {
    let query = || select(User::AGE.gt(5).label("old"));
    check(query(), "SELECT users.age > ? AS old FROM users");
    check_on(
        "mssql",
        query(),
        "SELECT CASE WHEN users.age > @P1 THEN 1 WHEN users.age <= @P1 THEN 0 END AS old FROM users",
    );
    check(select(literal(true).label("yes")), "SELECT 1 AS yes");
    check_on("postgresql", select(literal(true).label("yes")), "SELECT true AS yes");
}

#[test]
fn locks() {
    let share = || select(User::ID).lock(LockStrength::Share, LockWait::NoWait);
    check(share(), "SELECT users.id FROM users");
    check_on("postgresql", share(), "SELECT users.id FROM users FOR SHARE NOWAIT");
    check_on("mariadb", share(), "SELECT users.id FROM users LOCK IN SHARE MODE NOWAIT");
    check_on("oracle", share(), "SELECT users.id FROM users FOR UPDATE NOWAIT");
    check_on(
        "postgresql",
        select(User::ID).lock(LockStrength::KeyShare, LockWait::Wait),
        "SELECT users.id FROM users FOR KEY SHARE",
    );
    let boss = User::TABLE.alias("boss");
    check_on(
        "postgresql",
        select(boss.col(User::ID)).lock_of(LockStrength::Update, LockWait::Wait, boss.clone()),
        "SELECT boss.id FROM users AS boss FOR UPDATE OF boss",
    );
}

#[test]
fn casts() {
    let query = || {
        select((
            User::NAME.cast::<i64>().label("a"),
            User::CREATED_AT.cast::<Date>().label("b"),
            User::AGE.cast::<String>().label("c"),
        ))
    };
    check(
        query(),
        "SELECT CAST(users.name AS BIGINT) AS a, date(users.created_at) AS b, CAST(users.age AS TEXT) AS c FROM users",
    );
    check_on(
        "mysql",
        query(),
        "SELECT CAST(users.name AS SIGNED INTEGER) AS a, CAST(users.created_at AS DATE) AS b, CAST(users.age AS CHAR) AS c FROM users",
    );
    check_on(
        "oracle",
        query(),
        "SELECT CAST(users.name AS NUMBER(19)) AS a, CAST(users.created_at AS DATE) AS b, CAST(users.age AS CLOB) AS c FROM users",
    );
    let array = SqlType::Array(aludel_core::Held::Static(&SqlType::Integer));
    check_on(
        "postgresql",
        select(User::NAME.cast_as::<String>(array.clone()).label("a")),
        "SELECT CAST(users.name AS INTEGER[]) AS a FROM users",
    );
    assert!(refused("sqlite", select(User::NAME.cast_as::<String>(array))).contains("the array type INTEGER[]"));
}

#[test]
fn bit_operators() {
    let query = || select(User::AGE.bit_xor(3).label("n"));
    check(query(), "SELECT ((users.age | ?) - (users.age & ?)) AS n FROM users");
    check_on("postgresql", query(), "SELECT users.age # $1 AS n FROM users");
    check_on("mysql", query(), "SELECT users.age ^ ? AS n FROM users");
    check_on("oracle", query(), "SELECT (users.age + :1 - 2 * BITAND(users.age, :1)) AS n FROM users");
}

#[test]
fn strings_of_many_rows() {
    let query = || select(func::aggregate_strings(User::NAME, ", ").aggregate_order_by(User::ID).label("n"));
    check(query(), "SELECT group_concat(users.name, ', ' ORDER BY users.id) AS n FROM users");
    check_on("postgresql", query(), "SELECT string_agg(users.name, ', ' ORDER BY users.id) AS n FROM users");
    check_on("mysql", query(), "SELECT group_concat(users.name ORDER BY users.id SEPARATOR ', ') AS n FROM users");
    check_on("mssql", query(), "SELECT string_agg(users.name, ', ') WITHIN GROUP (ORDER BY users.id) AS n FROM users");
    check_on("oracle", query(), "SELECT LISTAGG(users.name, ', ') WITHIN GROUP (ORDER BY users.id) AS n FROM users");
}

#[test]
fn filters_of_aggregates() {
    let query = || select(func::count_all().filter_where(User::ACTIVE).label("n")).from(User::TABLE);
    check(query(), "SELECT count(*) FILTER (WHERE users.active = 1) AS n FROM users");
    check_on("mysql", query(), "SELECT count(CASE WHEN users.active = 1 THEN 1 END) AS n FROM users");
    let other = select(func::call::<i64>("json_arrayagg", User::ID).filter_where(User::ACTIVE));
    assert!(refused("mysql", other).contains("FILTER on json_arrayagg; put a CASE into its argument"));
    let in_window =
        select(func::sum(User::AGE).filter_where(User::ACTIVE).over(window().partition_by(User::NAME)).label("n"));
    check_on(
        "mysql",
        in_window,
        "SELECT sum(CASE WHEN users.active = 1 THEN users.age END) OVER (PARTITION BY users.name) AS n FROM users",
    );
}

#[test]
fn rollups() {
    let query = || select((User::NAME, func::count_all())).group_by(func::rollup((User::NAME, User::AGE)));
    check_on(
        "postgresql",
        query(),
        "SELECT users.name, count(*) AS count_1 FROM users GROUP BY ROLLUP(users.name, users.age)",
    );
    check_on(
        "mysql",
        query(),
        "SELECT users.name, count(*) AS count_1 FROM users GROUP BY users.name, users.age WITH ROLLUP",
    );
    assert!(refused("sqlite", query()).contains("ROLLUP; unite one query for each grouping"));
}

#[test]
fn constructs_that_are_not_there_are_errors_that_name_both() {
    for (name, error) in [
        ("sqlite", refused("sqlite", select(User::NAME).distinct_on(User::NAME))),
        (
            "mysql",
            refused("mysql", select(User::NAME).from(User::TABLE).full_join(Order::TABLE, Order::USER_ID.eq(User::ID))),
        ),
        ("sqlite", refused("sqlite", select(User::NAME).group_by(func::cube(User::NAME)))),
        ("oracle", refused("oracle", select(User::AGE.cast_as::<String>(SqlType::Time)))),
    ] {
        assert!(error.contains(&format!("the {name} dialect can't render ")), "{error}");
    }
}

#[track_caller]
fn begins(name: &str, options: TransactionOptions, expected: &[&str]) {
    assert_eq!(dialect(name).begin_sql(&options).expect("it begins"), expected, "{name}");
}

#[test]
fn transactions() {
    let plain = TransactionOptions::default();
    let serializable =
        TransactionOptions { isolation: Some(Isolation::Serializable), read_only: true, deferrable: true, ..plain };
    begins("sqlite", plain, &["BEGIN"]);
    begins("sqlite", TransactionOptions { begin: Begin::Immediate, ..plain }, &["BEGIN IMMEDIATE"]);
    begins("sqlite", TransactionOptions { begin: Begin::Exclusive, ..plain }, &["BEGIN EXCLUSIVE"]);
    begins("sqlite", serializable, &["BEGIN", "PRAGMA query_only = ON"]);
    begins("postgresql", serializable, &["BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE"]);
    begins("mysql", serializable, &["SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "START TRANSACTION READ ONLY"]);
    begins("oracle", plain, &[]);
    assert_eq!(dialect("sqlite").commit_sql(&serializable), ["COMMIT", "PRAGMA query_only = OFF"]);
    assert_eq!(dialect("sqlite").rollback_sql(&plain), ["ROLLBACK"]);
    assert!(dialect("mssql").begin_sql(&serializable).is_err());
}

#[test]
fn savepoints() {
    let on = |name| {
        let dialect = dialect(name);
        (dialect.savepoint_sql("a b"), dialect.rollback_to_sql("a b"), dialect.release_sql("a b"))
    };
    let texts = |a: &str, b: &str, c: Option<&str>| (a.to_owned(), b.to_owned(), c.map(str::to_owned));
    assert_eq!(
        on("sqlite"),
        texts("SAVEPOINT \"a b\"", "ROLLBACK TO SAVEPOINT \"a b\"", Some("RELEASE SAVEPOINT \"a b\""))
    );
    assert_eq!(on("mssql"), texts("SAVE TRANSACTION [a b]", "ROLLBACK TRANSACTION [a b]", None));
    assert_eq!(on("oracle").2, None);
}

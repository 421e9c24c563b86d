//! Columns that stand for expressions.

use aludel_core::{CacheSafety, Held, SqlType};
use aludel_sql::ddl::Ddl;
use aludel_sql::dialect::{Dialect, MariaDb, MsSql, MySql, Oracle, Postgres, Sqlite};
use aludel_sql::schema::{ColumnDef, Generated, Name, Property, StaticColumn, Table};
use aludel_sql::{
    AnySource, Column, CompileOptions, Each, Expression, compile_arguments, exists, func, literal, property, select,
    union_all,
};

use crate::support::{Address, Order, User};
use crate::{check, check_on, refused};

const fn column(name: &'static str, sql_type: SqlType, generated: Generated) -> ColumnDef {
    ColumnDef {
        name: Name::Borrowed(name),
        sql_type,
        nullable: false,
        server_default: None,
        generated,
        collation: None,
        comment: None,
        cache: CacheSafety::Safe,
    }
}

const fn expression(name: &'static str, sql_type: SqlType, tape: fn() -> Box<aludel_sql::Tape>) -> ColumnDef {
    column(name, sql_type, Generated::Expression(Property::new(tape)))
}

/// The table `users` once more, with properties.
struct P;

static TABLE: Table = Table {
    name: Name::Borrowed("users"),
    schema: None,
    columns: Held::Static(&[
        column("id", SqlType::BigInt, Generated::Key),
        column("name", SqlType::Text, Generated::No),
        expression("length", SqlType::BigInt, || property::<i64, _>(func::char_length(P::NAME))),
        expression("addresses", SqlType::BigInt, || {
            let count = select(func::count(Address::ID)).filter(Address::USER_ID.eq(P::ID));
            property::<i64, _>(count.scalar())
        }),
        expression("is_long", SqlType::Boolean, || property::<bool, _>(P::LENGTH.gt(literal(5_i64)))),
        expression("latest", SqlType::Text, || {
            let latest =
                select(Address::EMAIL).filter(Address::USER_ID.eq(P::ID)).order_by(Address::ID.desc()).limit(1);
            property::<Option<String>, _>(latest.scalar())
        }),
        expression("bound", SqlType::Boolean, || property::<bool, _>(P::NAME.eq("ed"))),
        expression("round", SqlType::BigInt, || property::<i64, _>(P::ROUND + literal(1_i64))),
        expression("others", SqlType::Boolean, || {
            let other = AnySource::named(&COLUMNS[11], "other");
            let other_name = other.column::<String>(&COLUMNS[1]);
            property::<bool, _>(exists(select(literal(1)).from(&other).filter(other_name.eq(P::NAME))))
        }),
        expression("own", SqlType::BigInt, || {
            property::<i64, _>(select(func::count(P::ID)).from(AnySource::table(&COLUMNS[11])).scalar())
        }),
        expression("newest", SqlType::Boolean, || {
            property::<Option<bool>, _>(select(P::ID.eq(func::max(Address::USER_ID))).scalar())
        }),
    ]),
    primary_key: Held::Static(&[0]),
    foreign_keys: Held::Static(&[]),
    uniques: Held::Static(&[]),
    checks: Held::Static(&[]),
    indexes: Held::Static(&[]),
    comment: None,
    options: Held::Static(&[]),
};

static COLUMNS: [StaticColumn; 12] = [
    StaticColumn::new(&TABLE, 0),
    StaticColumn::new(&TABLE, 1),
    StaticColumn::new(&TABLE, 2),
    StaticColumn::new(&TABLE, 3),
    StaticColumn::new(&TABLE, 4),
    StaticColumn::new(&TABLE, 5),
    StaticColumn::new(&TABLE, 6),
    StaticColumn::new(&TABLE, 7),
    StaticColumn::new(&TABLE, 8),
    StaticColumn::new(&TABLE, 9),
    StaticColumn::new(&TABLE, 10),
    StaticColumn::of_table(&TABLE, &COLUMNS),
];

impl P {
    const ID: Column<Self, i64> = Column::new(&COLUMNS[0]);
    const NAME: Column<Self, String> = Column::new(&COLUMNS[1]);
    const LENGTH: Column<Self, i64> = Column::new(&COLUMNS[2]);
    const ADDRESSES: Column<Self, i64> = Column::new(&COLUMNS[3]);
    const IS_LONG: Column<Self, bool> = Column::new(&COLUMNS[4]);
    const LATEST: Column<Self, Option<String>> = Column::new(&COLUMNS[5]);
    const BOUND: Column<Self, bool> = Column::new(&COLUMNS[6]);
    const ROUND: Column<Self, i64> = Column::new(&COLUMNS[7]);
    const OTHERS: Column<Self, bool> = Column::new(&COLUMNS[8]);
    const OWN: Column<Self, i64> = Column::new(&COLUMNS[9]);
    const NEWEST: Column<Self, Option<bool>> = Column::new(&COLUMNS[10]);
}

fn some() -> Vec<&'static StaticColumn> {
    COLUMNS[..4].iter().collect()
}

const COUNT: &str = "(SELECT count(addresses.id) AS count_1 FROM addresses WHERE addresses.user_id = users.id)";

#[test]
fn selected() {
    check(select(P::LENGTH), "SELECT length(users.name) AS length FROM users", "");
    check(select(P::ADDRESSES), &format!("SELECT {COUNT} AS addresses FROM users"), "");
    check(select(P::LENGTH.label("n")), "SELECT length(users.name) AS n FROM users", "");
    check(
        select(AnySource::table(&COLUMNS[11]).columns(some())),
        &format!("SELECT users.id, users.name, length(users.name) AS length, {COUNT} AS addresses FROM users"),
        "",
    );
    check(select(P::IS_LONG), "SELECT length(users.name) > 5 AS is_long FROM users", "");
    check(
        select(P::LATEST),
        "SELECT (SELECT addresses.email FROM addresses WHERE addresses.user_id = users.id ORDER BY addresses.id DESC LIMIT 1) AS latest FROM users",
        "",
    );
    check(
        select((P::OTHERS, P::NEWEST)),
        "SELECT EXISTS (SELECT 1 FROM users AS other WHERE other.name = users.name) AS others, (SELECT users.id = max(addresses.user_id) AS anon_1 FROM addresses) AS newest FROM users",
        "",
    );
    check(select(func::sum(P::LENGTH * 2)), "SELECT sum(length(users.name) * ?) AS sum_1 FROM users", "2");
}

#[test]
fn in_conditions() {
    check(
        select(P::ID).filter(P::LENGTH.gt(3)).order_by(P::ADDRESSES.desc()),
        &format!("SELECT users.id FROM users WHERE length(users.name) > ? ORDER BY {COUNT} DESC"),
        "3",
    );
    check(
        select(P::ID).filter(P::LENGTH.in_([1, 2])).filter(P::LENGTH.eq(P::ID)),
        "SELECT users.id FROM users WHERE length(users.name) IN (?, ?) AND length(users.name) = users.id",
        "1, 2",
    );
    check(
        select(P::ID).filter(P::IS_LONG).filter(aludel_sql::not(P::IS_LONG)),
        "SELECT users.id FROM users WHERE length(users.name) > 5 AND length(users.name) <= 5",
        "",
    );
    check(
        select((P::LENGTH, func::count(P::ID))).group_by(P::LENGTH),
        "SELECT length(users.name) AS length, count(users.id) AS count_1 FROM users GROUP BY length(users.name)",
        "",
    );
}

/// What the statement joins has no part in a subquery of its own.
#[test]
fn beside_the_same_table() {
    check(
        select((P::ADDRESSES, Address::EMAIL))
            .from(AnySource::table(&COLUMNS[11]))
            .join(Address::TABLE, Address::USER_ID.eq(P::ID)),
        &format!(
            "SELECT {COUNT} AS addresses, addresses.email FROM users JOIN addresses ON addresses.user_id = users.id"
        ),
        "",
    );
    check(
        select(P::ID).filter(exists(select(literal(1)).filter(Order::USER_ID.eq(P::LENGTH)))),
        "SELECT users.id FROM users WHERE EXISTS (SELECT 1 FROM orders WHERE orders.user_id = length(users.name))",
        "",
    );
}

#[test]
fn through_an_alias() {
    let u = AnySource::named(&COLUMNS[11], "u");
    check(
        select(u.columns(some())).filter(u.column::<i64>(&COLUMNS[3]).gt(0)),
        "SELECT u.id, u.name, length(u.name) AS length, (SELECT count(addresses.id) AS count_1 FROM addresses WHERE addresses.user_id = u.id) AS addresses FROM users AS u WHERE (SELECT count(addresses.id) AS count_1 FROM addresses WHERE addresses.user_id = u.id) > ?",
        "0",
    );
    check(select(u.column::<bool>(&COLUMNS[4])), "SELECT length(u.name) > 5 AS is_long FROM users AS u", "");
    check(
        select(u.column::<bool>(&COLUMNS[8])),
        "SELECT EXISTS (SELECT 1 FROM users AS other WHERE other.name = u.name) AS others FROM users AS u",
        "",
    );
    check(
        select(u.column::<bool>(&COLUMNS[10])),
        "SELECT (SELECT u.id = max(addresses.user_id) AS anon_1 FROM addresses) AS newest FROM users AS u",
        "",
    );
    refused(
        select(AnySource::named(&COLUMNS[11], "other").column::<bool>(&COLUMNS[8])),
        "the statement can't be compiled: the expression of the column `users.others` calls something \"other\", as the statement calls the column's table: take another name",
    );
}

/// A query in FROM has the column under its name.
#[test]
fn through_a_query() {
    let query = select((P::ID, P::LENGTH)).limit(3).subquery("q");
    check(
        select((query.col(P::LENGTH), query.col(P::ID))).order_by(query.col(P::LENGTH)),
        "SELECT q.length, q.id FROM (SELECT users.id AS id, length(users.name) AS length FROM users LIMIT ?) AS q ORDER BY q.length",
        "3",
    );
    let cte = select((P::ID, P::ADDRESSES)).cte("c");
    check(
        select(cte.col(P::ADDRESSES)),
        &format!("WITH c AS (SELECT users.id AS id, {COUNT} AS addresses FROM users) SELECT c.addresses FROM c"),
        "",
    );
    check(
        union_all([select(P::LENGTH), select(User::ID)]).order_by(P::LENGTH),
        "SELECT length(users.name) AS length FROM users UNION ALL SELECT users.id FROM users ORDER BY length",
        "",
    );
}

#[test]
fn read_only() {
    let written = [
        Each::update(&COLUMNS[11], &[&COLUMNS[2]], &[&COLUMNS[0]]),
        Each::insert(&COLUMNS[11], &[&COLUMNS[0], &COLUMNS[2]]),
    ];
    for each in written {
        let refused = compile_arguments(&each.arguments(), &Sqlite, &CompileOptions::default()).unwrap_err();
        let message = "the statement can't be compiled: the column `users.length` stands for an expression, so it can be read and not written";
        assert_eq!(refused.to_string(), message);
    }
}

#[test]
fn what_an_expression_may_not_have() {
    refused(
        select(P::BOUND),
        "the statement can't be compiled: the expression of the column `users.bound` has a bound value, which the statements that the column stands in have no place for: write it into the SQL with `literal(…)`",
    );
    refused(
        select(P::ROUND),
        "the statement can't be compiled: the expression of the column `users.round` contains the column itself",
    );
    refused(
        select(P::OWN),
        "the statement can't be compiled: the expression of the column `users.own` reads from the table \"users\" itself: read from an alias of it there",
    );
}

#[test]
fn on_other_dialects() {
    let query = select((P::LENGTH, P::IS_LONG, P::ADDRESSES)).order_by(P::LENGTH);
    let rest = "(SELECT count(addresses.id) AS count_1 FROM addresses WHERE addresses.user_id = users.id) AS addresses FROM users";
    let same = |dialect: &dyn Dialect, length: &str, is_long: &str| {
        let sql = format!("SELECT {length} AS length, {is_long} AS is_long, {rest} ORDER BY {length}");
        check_on(dialect, query.clone(), &sql, "");
    };
    let plain: [&dyn Dialect; 3] = [&Postgres, &MySql, &MariaDb];
    for dialect in plain {
        same(dialect, "char_length(users.name)", "char_length(users.name) > 5");
    }
    let case = |length: &str| format!("CASE WHEN {length} > 5 THEN 1 WHEN {length} <= 5 THEN 0 END");
    same(&Oracle, "LENGTH(users.name)", &case("LENGTH(users.name)"));
    same(&MsSql, "LEN(users.name)", &case("LEN(users.name)"));
}

/// The table has none of them.
#[test]
fn not_in_the_table() {
    let made = Ddl::new(&Sqlite).create_table(&TABLE).unwrap();
    assert_eq!(
        made,
        ["CREATE TABLE users (\n    id INTEGER NOT NULL,\n    name TEXT NOT NULL,\n    PRIMARY KEY (id)\n)"]
    );
}

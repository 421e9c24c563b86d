//! Window functions.

use aludel_sql::ast::{FrameExclude, FrameUnits};
use aludel_sql::{Expr, Expression, Frame, Select, Window, func, select, window};

use crate::check;
use crate::support::User;

fn over(window: Window) -> Select<i64> {
    select(func::count_all().over(window).label("n")).from(User::TABLE)
}

fn ranked<T: aludel_core::SqlTyped + aludel_core::FromRow>(function: Expr<T>) -> Select<T> {
    select(function.over(window().order_by(User::ID)).label("n"))
}

#[test]
fn partitions_and_orders() {
    check(over(window()), "SELECT count(*) OVER () AS n FROM users", "");
    check(
        over(window().partition_by(User::NAME)),
        "SELECT count(*) OVER (PARTITION BY users.name) AS n FROM users",
        "",
    );
    check(
        over(window().partition_by((User::NAME, User::AGE + 1))),
        "SELECT count(*) OVER (PARTITION BY users.name, users.age + ?) AS n FROM users",
        "1",
    );
    check(
        over(window().partition_by(User::NAME).partition_by(User::AGE)),
        "SELECT count(*) OVER (PARTITION BY users.name, users.age) AS n FROM users",
        "",
    );
    check(
        over(window().order_by(User::AGE.desc().nulls_last())),
        "SELECT count(*) OVER (ORDER BY users.age DESC NULLS LAST) AS n FROM users",
        "",
    );
    check(
        over(window().partition_by(User::NAME).order_by((User::AGE, User::ID)).order_by(User::NAME)),
        "SELECT count(*) OVER (PARTITION BY users.name ORDER BY users.age, users.id, users.name) AS n FROM users",
        "",
    );
}

#[test]
fn frames() {
    let by_id = || window().order_by(User::ID);
    check(
        over(by_id().rows(None, Some(0))),
        "SELECT count(*) OVER (ORDER BY users.id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS n FROM users",
        "",
    );
    check(
        over(by_id().rows(Some(-2), Some(3))),
        "SELECT count(*) OVER (ORDER BY users.id ROWS BETWEEN 2 PRECEDING AND 3 FOLLOWING) AS n FROM users",
        "",
    );
    check(
        over(by_id().rows(Some(1), None)),
        "SELECT count(*) OVER (ORDER BY users.id ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS n FROM users",
        "",
    );
    check(
        over(by_id().range(None, None)),
        "SELECT count(*) OVER (ORDER BY users.id RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS n FROM users",
        "",
    );
    check(
        over(by_id().groups(Some(-1), Some(0))),
        "SELECT count(*) OVER (ORDER BY users.id GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) AS n FROM users",
        "",
    );
    let frame = Frame::new(FrameUnits::Rows, None, Some(0));
    check(
        over(by_id().frame(frame.exclude(FrameExclude::CurrentRow))),
        "SELECT count(*) OVER (ORDER BY users.id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW) AS n FROM users",
        "",
    );
    check(
        over(by_id().frame(frame.exclude(FrameExclude::NoOthers))),
        "SELECT count(*) OVER (ORDER BY users.id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW EXCLUDE NO OTHERS) AS n FROM users",
        "",
    );
}

#[test]
fn ranks() {
    check(ranked(func::row_number()), "SELECT row_number() OVER (ORDER BY users.id) AS n FROM users", "");
    check(ranked(func::rank()), "SELECT rank() OVER (ORDER BY users.id) AS n FROM users", "");
    check(ranked(func::dense_rank()), "SELECT dense_rank() OVER (ORDER BY users.id) AS n FROM users", "");
    check(ranked(func::percent_rank()), "SELECT percent_rank() OVER (ORDER BY users.id) AS n FROM users", "");
    check(ranked(func::cume_dist()), "SELECT cume_dist() OVER (ORDER BY users.id) AS n FROM users", "");
    check(ranked(func::ntile(4)), "SELECT ntile(?) OVER (ORDER BY users.id) AS n FROM users", "4");
}

#[test]
fn neighbours() {
    check(ranked(func::lag(User::AGE, 1)), "SELECT lag(users.age, ?) OVER (ORDER BY users.id) AS n FROM users", "1");
    check(
        ranked(func::lag_or(User::ID, 1, 0)),
        "SELECT lag(users.id, ?, ?) OVER (ORDER BY users.id) AS n FROM users",
        "1, 0",
    );
    check(ranked(func::lead(User::AGE, 2)), "SELECT lead(users.age, ?) OVER (ORDER BY users.id) AS n FROM users", "2");
    check(
        ranked(func::lead_or(User::ID, 1, User::AGE)),
        "SELECT lead(users.id, ?, users.age) OVER (ORDER BY users.id) AS n FROM users",
        "1",
    );
    check(
        ranked(func::first_value(User::NAME)),
        "SELECT first_value(users.name) OVER (ORDER BY users.id) AS n FROM users",
        "",
    );
    check(
        ranked(func::last_value(User::NAME)),
        "SELECT last_value(users.name) OVER (ORDER BY users.id) AS n FROM users",
        "",
    );
}

#[test]
fn with_a_filter() {
    let old = func::sum(User::AGE).filter_where(User::AGE.gt(60));
    check(
        select(old.over(window().partition_by(User::NAME)).label("n")),
        "SELECT sum(users.age) FILTER (WHERE users.age > ?) OVER (PARTITION BY users.name) AS n FROM users",
        "60",
    );
}

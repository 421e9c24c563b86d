//! UPDATE.

use aludel_sql::{Expression, func, select, update};

use crate::support::{Address, User};
use crate::{check, check_on, refused};

#[test]
fn assignments() {
    check(update(User::TABLE).set(User::AGE, 5), "UPDATE users SET age = ?", "5");
    check(
        update(User::TABLE).set(User::AGE, User::AGE + 1).set(User::NAME, "ed").filter(User::ID.eq(1)),
        "UPDATE users SET age = users.age + ?, name = ? WHERE users.id = ?",
        "1, 'ed', 1",
    );
    check(update(User::TABLE).set(User::AGE, None::<i64>), "UPDATE users SET age = ?", "NULL");
    check(
        update(User::TABLE).set_if(User::AGE, Some(5)).set_if(User::NAME, None::<&str>),
        "UPDATE users SET age = ?",
        "5",
    );
    let emails = || select(func::count_all()).from(Address::TABLE).filter(Address::USER_ID.eq(User::ID));
    check(
        update(User::TABLE).set(User::AGE, emails()),
        "UPDATE users SET age = (SELECT count(*) AS count_1 FROM addresses WHERE addresses.user_id = users.id)",
        "",
    );
}

#[test]
fn further_tables() {
    let renamed = || update(User::TABLE).set(User::NAME, Address::EMAIL).filter(Address::USER_ID.eq(User::ID));
    check(renamed(), "UPDATE users SET name = addresses.email FROM addresses WHERE addresses.user_id = users.id", "");
    check(
        renamed().from(Address::TABLE),
        "UPDATE users SET name = addresses.email FROM addresses WHERE addresses.user_id = users.id",
        "",
    );
    let other = User::TABLE.alias("other");
    check(
        update(User::TABLE)
            .set(User::AGE, other.col(User::AGE))
            .from(&other)
            .filter(other.col(User::ID).eq(User::MANAGER_ID)),
        "UPDATE users SET age = other.age FROM users AS other WHERE other.id = users.manager_id",
        "",
    );
}

#[test]
fn filters() {
    check(
        update(User::TABLE).set(User::AGE, 5).filter(User::ID.eq(1)).filter(User::NAME.eq("ed")),
        "UPDATE users SET age = ? WHERE users.id = ? AND users.name = ?",
        "5, 1, 'ed'",
    );
    check(
        update(User::TABLE).set(User::AGE, 5).filter(User::ID.in_([1, 2, 3])),
        "UPDATE users SET age = ? WHERE users.id IN (?, ?, ?, ?)",
        "5, 1, 2, 3, 3",
    );
}

#[test]
fn returned() {
    check(
        update(User::TABLE).set(User::AGE, 5).returning((User::ID, User::AGE)),
        "UPDATE users SET age = ? RETURNING id, age",
        "5",
    );
    check(
        update(User::TABLE).set(User::AGE, 5).returning(User::ALL).rows_as::<User>(),
        "UPDATE users SET age = ? RETURNING id, name, fullname, age, balance, active, created_at, data, manager_id",
        "5",
    );
}

#[test]
fn orders_and_limits_are_for_other_databases() {
    let first = || update(User::TABLE).set(User::AGE, 5).order_by(User::ID).limit(1);
    check_on(&aludel_sql::dialect::MySql, first(), "UPDATE users SET age = ? ORDER BY users.id LIMIT ?", "5, 1");
    refused(first(), "the sqlite dialect can't render ORDER BY in UPDATE");
    refused(
        update(User::TABLE).set(User::AGE, 5).limit(1),
        "the sqlite dialect can't render LIMIT in UPDATE; choose the rows by a subquery in WHERE",
    );
}

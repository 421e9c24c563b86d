//! Queries inside queries.

use aludel_sql::{Expression, exists, func, label, select};

use crate::support::{Address, Order, User};
use crate::{check, check_postgres, refused};

#[test]
fn in_from() {
    let adults = select((User::ID, User::NAME.label("who"))).filter(User::AGE.ge(18)).subquery("adults");
    check(
        select((adults.col(User::ID), adults.column::<String>("who"))),
        "SELECT adults.id, adults.who FROM (SELECT users.id AS id, users.name AS who FROM users WHERE users.age >= ?) AS adults",
        "18",
    );
    check(
        select(Address::EMAIL).join(&adults, adults.col(User::ID).eq(Address::USER_ID)),
        "SELECT addresses.email FROM addresses JOIN (SELECT users.id AS id, users.name AS who FROM users WHERE users.age >= ?) AS adults ON adults.id = addresses.user_id",
        "18",
    );
    let counted =
        select((Address::USER_ID, func::count_all().label(label::<i64>("n")))).group_by(Address::USER_ID).subquery("c");
    check(
        select((User::NAME, counted.get(label::<i64>("n")))).join(&counted, counted.col(Address::USER_ID).eq(User::ID)),
        "SELECT users.name, c.n FROM users JOIN (SELECT addresses.user_id AS user_id, count(*) AS n FROM addresses GROUP BY addresses.user_id) AS c ON c.user_id = users.id",
        "",
    );
    let everybody = select(User::ALL).limit(5).subquery("u");
    check(
        select(everybody.all()),
        "SELECT u.id, u.name, u.fullname, u.age, u.balance, u.active, u.created_at, u.data, u.manager_id FROM (SELECT users.id AS id, users.name AS name, users.fullname AS fullname, users.age AS age, users.balance AS balance, users.active AS active, users.created_at AS created_at, users.data AS data, users.manager_id AS manager_id FROM users LIMIT ?) AS u",
        "5",
    );
}

#[test]
fn without_a_name() {
    let query = select(User::ID).anonymous();
    check(select(query.col(User::ID)), "SELECT anon_1.id FROM (SELECT users.id AS id FROM users) AS anon_1", "");
    let (one, other) = (select(User::ID).anonymous(), select(Address::ID).anonymous());
    check(
        select((one.col(User::ID), other.col(Address::ID))),
        "SELECT anon_1.id, anon_2.id AS id_1 FROM (SELECT users.id AS id FROM users) AS anon_1, (SELECT addresses.id AS id FROM addresses) AS anon_2",
        "",
    );
}

#[test]
fn lateral() {
    let latest =
        select(Order::ID).filter(Order::USER_ID.eq(User::ID)).order_by(Order::PLACED.desc()).limit(1).lateral("latest");
    let query = select((User::NAME, latest.col(Order::ID))).from(User::TABLE).cross_join(&latest);
    check_postgres(
        &query,
        "SELECT users.name, latest.id FROM users CROSS JOIN LATERAL (SELECT orders.id AS id FROM orders WHERE orders.user_id = users.id ORDER BY orders.placed DESC LIMIT $1) AS latest",
        "1",
    );
    refused(&query, "the sqlite dialect can't render LATERAL");
}

#[test]
fn as_a_value() {
    let emails = || select(func::count_all()).from(Address::TABLE).filter(Address::USER_ID.eq(User::ID));
    check(
        select((User::NAME, emails().scalar())),
        "SELECT users.name, (SELECT count(*) AS count_1 FROM addresses WHERE addresses.user_id = users.id) AS anon_1 FROM users",
        "",
    );
    check(
        select((User::NAME, emails().label("emails"))),
        "SELECT users.name, (SELECT count(*) AS count_1 FROM addresses WHERE addresses.user_id = users.id) AS emails FROM users",
        "",
    );
    check(
        select(User::NAME).filter(emails().scalar().gt(1)),
        "SELECT users.name FROM users WHERE (SELECT count(*) AS count_1 FROM addresses WHERE addresses.user_id = users.id) > ?",
        "1",
    );
    check(
        select(User::NAME).filter(User::ID.eq(select(func::max(Address::USER_ID)))),
        "SELECT users.name FROM users WHERE users.id = (SELECT max(addresses.user_id) AS max_1 FROM addresses)",
        "",
    );
    check(
        select(User::NAME).order_by(emails().scalar().desc()),
        "SELECT users.name FROM users ORDER BY (SELECT count(*) AS count_1 FROM addresses WHERE addresses.user_id = users.id) DESC",
        "",
    );
}

#[test]
fn existence() {
    let has_email = || select(Address::ID).filter(Address::USER_ID.eq(User::ID));
    check(
        select(User::NAME).filter(has_email().exists()),
        "SELECT users.name FROM users WHERE EXISTS (SELECT addresses.id FROM addresses WHERE addresses.user_id = users.id)",
        "",
    );
    check(
        select(User::NAME).filter(has_email().not_exists()),
        "SELECT users.name FROM users WHERE NOT EXISTS (SELECT addresses.id FROM addresses WHERE addresses.user_id = users.id)",
        "",
    );
    check(
        select(User::NAME).filter(exists(has_email())),
        "SELECT users.name FROM users WHERE EXISTS (SELECT addresses.id FROM addresses WHERE addresses.user_id = users.id)",
        "",
    );
    check(
        select(User::NAME).filter(aludel_sql::not(exists(has_email()))),
        "SELECT users.name FROM users WHERE NOT EXISTS (SELECT addresses.id FROM addresses WHERE addresses.user_id = users.id)",
        "",
    );
}

#[test]
fn correlation() {
    let addresses = || select(Address::ID).filter(Address::USER_ID.eq(User::ID));
    check(
        select(User::NAME).filter(addresses().correlate(User::TABLE).exists()),
        "SELECT users.name FROM users WHERE EXISTS (SELECT addresses.id FROM addresses WHERE addresses.user_id = users.id)",
        "",
    );
    check(
        select(User::NAME).filter(addresses().correlate_except(Address::TABLE).exists()),
        "SELECT users.name FROM users WHERE EXISTS (SELECT addresses.id FROM addresses WHERE addresses.user_id = users.id)",
        "",
    );
    check(
        select(User::NAME).filter(addresses().correlate_nothing().exists()),
        "SELECT users.name FROM users WHERE EXISTS (SELECT addresses.id FROM addresses, users WHERE addresses.user_id = users.id)",
        "",
    );
    check(
        select(User::NAME).filter(addresses().from(User::TABLE).exists()),
        "SELECT users.name FROM users WHERE EXISTS (SELECT addresses.id FROM users, addresses WHERE addresses.user_id = users.id)",
        "",
    );
}

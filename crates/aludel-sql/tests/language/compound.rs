//! UNION, INTERSECT and EXCEPT.

use aludel_sql::{Expression, except, intersect, select, union, union_all};

use crate::check;
use crate::support::{Address, User};

#[test]
fn of_queries() {
    let (users, addresses) =
        (|| select(User::ID).filter(User::ID.gt(1)), || select(Address::USER_ID).filter(Address::ID.gt(2)));
    check(
        union([users(), addresses()]),
        "SELECT users.id FROM users WHERE users.id > ? UNION SELECT addresses.user_id FROM addresses WHERE addresses.id > ?",
        "1, 2",
    );
    check(
        union_all([users(), addresses(), users()]),
        "SELECT users.id FROM users WHERE users.id > ? UNION ALL SELECT addresses.user_id FROM addresses WHERE addresses.id > ? UNION ALL SELECT users.id FROM users WHERE users.id > ?",
        "1, 2, 1",
    );
    check(
        intersect([users(), addresses()]),
        "SELECT users.id FROM users WHERE users.id > ? INTERSECT SELECT addresses.user_id FROM addresses WHERE addresses.id > ?",
        "1, 2",
    );
    check(
        except([users(), addresses()]),
        "SELECT users.id FROM users WHERE users.id > ? EXCEPT SELECT addresses.user_id FROM addresses WHERE addresses.id > ?",
        "1, 2",
    );
    check(union([users()]), "SELECT users.id FROM users WHERE users.id > ?", "1");
}

#[test]
fn clauses_of_the_whole() {
    let both = || union([select(User::ID), select(Address::USER_ID)]);
    check(
        both().order_by(User::ID.desc()).limit(5).offset(2),
        "SELECT users.id FROM users UNION SELECT addresses.user_id FROM addresses ORDER BY id DESC LIMIT ? OFFSET ?",
        "5, 2",
    );
    let united = both().subquery("u");
    check(
        select(united.col(User::ID)).filter(united.col(User::ID).gt(3)),
        "SELECT u.id FROM (SELECT users.id AS id FROM users UNION SELECT addresses.user_id AS user_id FROM addresses) AS u WHERE u.id > ?",
        "3",
    );
    check(
        select(User::NAME).filter(User::ID.in_query(both())),
        "SELECT users.name FROM users WHERE users.id IN (SELECT users.id FROM users UNION SELECT addresses.user_id FROM addresses)",
        "",
    );
}

#[test]
fn parts_with_clauses_of_their_own() {
    check(
        union([select(User::ID).order_by(User::NAME).limit(1), select(Address::ID)]),
        "SELECT * FROM (SELECT users.id FROM users ORDER BY users.name LIMIT ?) UNION SELECT addresses.id FROM addresses",
        "1",
    );
    check(
        union([select(User::ID), except([select(User::ID), select(Address::ID)])]),
        "SELECT users.id FROM users UNION SELECT * FROM (SELECT users.id FROM users EXCEPT SELECT addresses.id FROM addresses)",
        "",
    );
}

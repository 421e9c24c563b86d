//! ORDER BY.

use aludel_sql::{Expression, Ordering, select};

use crate::check;
use crate::support::User;

#[test]
fn terms() {
    check(select(User::ID).order_by(User::NAME), "SELECT users.id FROM users ORDER BY users.name", "");
    check(select(User::ID).order_by(User::NAME.asc()), "SELECT users.id FROM users ORDER BY users.name", "");
    check(select(User::ID).order_by(User::NAME.desc()), "SELECT users.id FROM users ORDER BY users.name DESC", "");
    check(
        select(User::ID).order_by((User::NAME.desc(), User::AGE, User::ID + 1)),
        "SELECT users.id FROM users ORDER BY users.name DESC, users.age, users.id + ?",
        "1",
    );
    check(
        select(User::ID).order_by(User::NAME).order_by(User::ID.desc()),
        "SELECT users.id FROM users ORDER BY users.name, users.id DESC",
        "",
    );
    check(
        select(User::ID).order_by(vec![User::NAME.desc(), User::ID.asc()]),
        "SELECT users.id FROM users ORDER BY users.name DESC, users.id",
        "",
    );
    check(select(User::ID).order_by(Vec::<Ordering>::new()), "SELECT users.id FROM users", "");
}

#[test]
fn nulls() {
    check(
        select(User::ID).order_by(User::AGE.asc().nulls_first()),
        "SELECT users.id FROM users ORDER BY users.age NULLS FIRST",
        "",
    );
    check(
        select(User::ID).order_by(User::AGE.desc().nulls_last()),
        "SELECT users.id FROM users ORDER BY users.age DESC NULLS LAST",
        "",
    );
    check(
        select(User::ID).order_by(User::AGE.desc().nulls_last().nulls_first()),
        "SELECT users.id FROM users ORDER BY users.age DESC NULLS FIRST",
        "",
    );
}

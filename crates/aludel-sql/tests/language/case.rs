//! CASE.

use aludel_sql::{Expression, case, select};

use crate::check;
use crate::support::User;

#[test]
fn conditions() {
    let age = || case().when::<String>(User::AGE.lt(18), "minor");
    check(select(age().end().label("n")), "SELECT CASE WHEN users.age < ? THEN ? END AS n FROM users", "18, 'minor'");
    check(
        select(age().when(User::AGE.lt(65), "adult").otherwise("senior").label("n")),
        "SELECT CASE WHEN users.age < ? THEN ? WHEN users.age < ? THEN ? ELSE ? END AS n FROM users",
        "18, 'minor', 65, 'adult', 'senior'",
    );
    check(
        select(age().otherwise(User::NAME).label("n")),
        "SELECT CASE WHEN users.age < ? THEN ? ELSE users.name END AS n FROM users",
        "18, 'minor'",
    );
    check(
        select(User::ID).order_by(age().end().desc()),
        "SELECT users.id FROM users ORDER BY CASE WHEN users.age < ? THEN ? END DESC",
        "18, 'minor'",
    );
    check(
        select(case().when::<i64>(User::ACTIVE, User::AGE).otherwise(None::<i64>).label("n")),
        "SELECT CASE WHEN users.active = 1 THEN users.age ELSE ? END AS n FROM users",
        "NULL",
    );
}

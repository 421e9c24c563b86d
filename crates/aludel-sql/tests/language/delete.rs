//! DELETE.

use aludel_sql::{Expression, delete, select};

use crate::support::{Address, User};
use crate::{check, check_on, check_postgres, refused};

#[test]
fn filters() {
    check(delete(User::TABLE), "DELETE FROM users", "");
    check(
        delete(User::TABLE).filter(User::ID.eq(1)).filter(User::NAME.eq("ed")),
        "DELETE FROM users WHERE users.id = ? AND users.name = ?",
        "1, 'ed'",
    );
    check(
        delete(Address::TABLE).filter(Address::USER_ID.in_query(select(User::ID).filter(User::AGE.gt(5)))),
        "DELETE FROM addresses WHERE addresses.user_id IN (SELECT users.id FROM users WHERE users.age > ?)",
        "5",
    );
}

#[test]
fn further_tables() {
    let of_old =
        || delete(Address::TABLE).using(User::TABLE).filter(Address::USER_ID.eq(User::ID)).filter(User::AGE.gt(99));
    check_postgres(
        of_old(),
        "DELETE FROM addresses USING users WHERE addresses.user_id = users.id AND users.age > $1",
        "99",
    );
    refused(
        of_old(),
        "the sqlite dialect can't render further tables in DELETE; read them in a subquery: EXISTS or IN",
    );
}

#[test]
fn returned() {
    check(
        delete(User::TABLE).filter(User::ID.eq(1)).returning((User::ID, User::NAME)),
        "DELETE FROM users WHERE users.id = ? RETURNING id, name",
        "1",
    );
    check(
        delete(User::TABLE).returning(User::ALL).rows_as::<User>(),
        "DELETE FROM users RETURNING id, name, fullname, age, balance, active, created_at, data, manager_id",
        "",
    );
}

#[test]
fn limits_are_for_other_databases() {
    check_on(&aludel_sql::dialect::MySql, delete(User::TABLE).limit(1), "DELETE FROM users LIMIT ?", "1");
    refused(
        delete(User::TABLE).limit(1),
        "the sqlite dialect can't render LIMIT in DELETE; choose the rows by a subquery in WHERE",
    );
}

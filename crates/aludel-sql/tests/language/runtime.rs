//! Tables known only at run time.

use std::sync::Arc;

use aludel_core::{CacheSafety, Held, SqlType};
use aludel_sql::schema::{ColumnDef, Generated, Table};
use aludel_sql::{Expression, RuntimeTable, func, select};

use crate::support::User;
use crate::{check, check_text, refused};

fn column(name: &str, sql_type: SqlType) -> ColumnDef {
    ColumnDef {
        name: name.to_owned().into(),
        sql_type,
        nullable: true,
        server_default: None,
        generated: Generated::No,
        collation: None,
        comment: None,
        cache: CacheSafety::Safe,
    }
}

/// The users, as a database would tell of them.
fn users() -> RuntimeTable {
    RuntimeTable::new(Arc::new(Table {
        name: "users".into(),
        schema: None,
        columns: Held::Shared(Arc::from([column("id", SqlType::BigInt), column("name", SqlType::Text)])),
        primary_key: Held::Static(&[0]),
        foreign_keys: Held::Static(&[]),
        uniques: Held::Static(&[]),
        checks: Held::Static(&[]),
        indexes: Held::Static(&[]),
        comment: None,
        options: Held::Static(&[]),
    }))
}

#[test]
fn reading() {
    let users = users();
    assert_eq!(users.definition().position("name"), Some(1));
    check(users.select(), "SELECT users.id, users.name FROM users", "");
    check(
        users.select().filter(users.column::<i64>("id").eq(5)),
        "SELECT users.id, users.name FROM users WHERE users.id = ?",
        "5",
    );
    check(select(func::count_all()).from(&users), "SELECT count(*) AS count_1 FROM users", "");
    let other = users.alias("other");
    check(other.select(), "SELECT other.id, other.name FROM users AS other", "");
    check(
        select((users.column::<i64>("id"), other.column::<i64>("id")))
            .join(&other, users.column::<i64>("id").lt(other.column::<i64>("id"))),
        "SELECT users.id, other.id AS id_1 FROM users JOIN users AS other ON users.id < other.id",
        "",
    );
}

#[test]
fn beside_an_entity() {
    let users = users();
    let alias = users.alias("u");
    check(
        select((User::ID, alias.column::<String>("name"))).join(&alias, alias.column::<i64>("id").eq(User::ID)),
        "SELECT users.id, u.name FROM users JOIN users AS u ON u.id = users.id",
        "",
    );
}

#[test]
fn a_column_that_is_not_there() {
    refused(
        select(users().column::<i64>("nope")),
        r#"the statement can't be compiled: the table "users" has no column "nope""#,
    );
    refused(
        users().select().filter(users().alias("u").column::<i64>("nope").eq(1)),
        r#"the statement can't be compiled: the table "users" has no column "nope""#,
    );
    check_text(users().select(), "SELECT users.id, users.name FROM users", "");
}

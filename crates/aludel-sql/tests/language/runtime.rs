//! Tables known only at run time.

use std::sync::Arc;

use aludel_core::{CacheSafety, Held, SqlType};
use aludel_sql::dialect::{Postgres, Sqlite};
use aludel_sql::schema::{ColumnDef, Generated, Table};
use aludel_sql::{ColumnSet, Expression, RuntimeTable, func, select};

use crate::insert::Ready;
use crate::support::User;
use crate::{check, check_on, check_text, refused};

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
        users.select().filter(users.column::<i64>("id").expect("a column").eq(5)),
        "SELECT users.id, users.name FROM users WHERE users.id = ?",
        "5",
    );
    check(select(func::count_all()).from(&users), "SELECT count(*) AS count_1 FROM users", "");
    let other = users.alias("other");
    check(other.select(), "SELECT other.id, other.name FROM users AS other", "");
    check(
        select((users.column::<i64>("id").expect("a column"), other.column::<i64>("id").expect("a column"))).join(
            &other,
            users.column::<i64>("id").expect("a column").lt(other.column::<i64>("id").expect("a column")),
        ),
        "SELECT users.id, other.id AS id_1 FROM users JOIN users AS other ON users.id < other.id",
        "",
    );
}

#[test]
fn beside_an_entity() {
    let users = users();
    let alias = users.alias("u");
    check(
        select((User::ID, alias.column::<String>("name").expect("a column")))
            .join(&alias, alias.column::<i64>("id").expect("a column").eq(User::ID)),
        "SELECT users.id, u.name FROM users JOIN users AS u ON u.id = users.id",
        "",
    );
}

#[test]
fn a_column_that_is_not_there() {
    let error = users().column::<String>("nmae").expect_err("no such column");
    assert!(error.is_unknown_name());
    assert_eq!(error.to_string(), r#"the table "users" has no column "nmae"; did you mean "name"?"#);
    assert!(users().alias("u").column::<i64>("nope").is_err());
    assert!(users().select_columns(["id", "nope"]).is_err());
    refused(
        users().insert().set("nope", 1_i64),
        r#"the statement can't be compiled: the table "users" has no column "nope""#,
    );
    refused(
        users().update().set("ids", 1_i64),
        r#"the statement can't be compiled: the table "users" has no column "ids"; did you mean "id"?"#,
    );
    check_text(users().select(), "SELECT users.id, users.name FROM users", "");
}

#[test]
fn some_columns() {
    let users = users();
    check(users.select_columns(["name"]).expect("a column"), "SELECT users.name FROM users", "");
    let query = select((users.column::<i64>("id").expect("a column"), users.all()));
    check(query, "SELECT users.id, users.id AS id_1, users.name FROM users", "");
}

#[test]
fn changing() {
    let users = users();
    let id = || users.column::<i64>("id").expect("a column");
    check(
        users.insert().set("id", 1_i64).set("name", "ed").returning(users.all()),
        "INSERT INTO users (id, name) VALUES (?, ?) RETURNING id, name",
        "1, 'ed'",
    );
    check(users.insert(), "INSERT INTO users DEFAULT VALUES", "");
    check(
        users.insert().set_value("name", aludel_core::Value::Null).on_conflict_do_nothing(),
        "INSERT INTO users (name) VALUES (?) ON CONFLICT DO NOTHING",
        "NULL",
    );
    check(
        users
            .insert()
            .set("id", 1_i64)
            .set("name", "ed")
            .on_conflict_of(["id"])
            .do_update([users.set("name", users.excluded::<String>("name").expect("a column"))]),
        "INSERT INTO users (id, name) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
        "1, 'ed'",
    );
    check(
        users.insert().from_query(["id", "name"], users.alias("u").select()),
        "INSERT INTO users (id, name) SELECT u.id, u.name FROM users AS u",
        "",
    );
    check(
        users.update().set("name", "wendy").set("id", id() + 1).filter(id().eq(5)).returning(id()),
        "UPDATE users SET name = ?, id = users.id + ? WHERE users.id = ? RETURNING id",
        "'wendy', 1, 5",
    );
    check(users.delete().filter(id().eq(5)), "DELETE FROM users WHERE users.id = ?", "5");
    let old = users.select().filter(id().lt(5)).cte("old");
    check(
        select(old.column::<String>("name")).from(&old),
        "WITH old AS (SELECT users.id AS id, users.name AS name FROM users WHERE users.id < ?) SELECT old.name FROM old",
        "5",
    );
}

#[test]
fn many_rows_on_postgres() {
    let users = users();
    let parts = |table: &RuntimeTable, names: [&'static str; 2]| {
        let bulk = table.insert().rows(names, [(1_i64, "ed")]);
        let (shape, _) = bulk.into_parts();
        let none = ColumnSet::default();
        (shape.arrays(none, &Postgres), shape.copy(none, &Postgres), shape.copy(none, &Sqlite))
    };
    let (arrays, copy, elsewhere) = parts(&users, ["name", "id"]);
    check_on(
        &Postgres,
        Ready(arrays.expect("arrays")),
        "INSERT INTO users (name, id) SELECT * FROM unnest($1::TEXT[], $2::BIGINT[])",
        "",
    );
    check_on(&Postgres, Ready(copy.expect("COPY")), "COPY users (name, id) FROM STDIN (FORMAT binary)", "");
    assert!(elsewhere.is_none());
    // The statement for one row tells what is wrong, and COPY takes no alias.
    for (table, names) in [(&users, ["id", "nope"]), (&users.alias("u"), ["id", "name"])] {
        let (arrays, copy, _) = parts(table, names);
        assert!(arrays.is_none() && copy.is_none(), "{names:?}");
    }
    let (shape, _) = users.insert().rows(["id"], [(1_i64,)]).on_conflict_do_nothing().into_parts();
    assert!(shape.copy(ColumnSet::default(), &Postgres).is_none());
    check_on(
        &Postgres,
        Ready(shape.arrays(ColumnSet::default(), &Postgres).expect("arrays")),
        "INSERT INTO users (id) SELECT * FROM unnest($1::BIGINT[]) ON CONFLICT DO NOTHING",
        "",
    );
}

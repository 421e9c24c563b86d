//! SQL of the program's own.

use aludel_sql::{Expression, select, text};

use crate::support::User;
use crate::{check, check_postgres, compile};

#[test]
fn placeholders() {
    let query = || text("SELECT name FROM users WHERE id = :id AND name <> ':id'").bind("id", 5_i64);
    check(query(), "SELECT name FROM users WHERE id = ? AND name <> ':id'", "5");
    check_postgres(query(), "SELECT name FROM users WHERE id = $1 AND name <> ':id'", "5");
    check(text("SELECT :b, :a, :b").bind("a", 1_i64).bind("b", 2_i64), "SELECT ?, ?, ?", "2, 1, 2");
    check(text("SELECT :n").bind_text("n", "ed"), "SELECT ?", "'ed'");
    check(text("SELECT :n").bind("n", None::<i64>), "SELECT ?", "NULL");
    check(text("SELECT :n").bind("n", 1_i64).bind("n", 2_i64), "SELECT ?", "2");
    check_postgres(
        text("SELECT '\\:x', a::int, '\\' FROM t WHERE \\:y = :y").bind("y", 1_i32),
        r#"SELECT '\:x', a::int, '\' FROM t WHERE :y = $1"#,
        "1",
    );
    check(text("SELECT 1"), "SELECT 1", "");
}

#[test]
fn columns() {
    let query = || {
        text("SELECT id, name FROM users WHERE id > :id").bind("id", 5_i64).column::<i64>("id").column::<String>("name")
    };
    check(query(), "SELECT id, name FROM users WHERE id > ?", "5");
    let compiled = compile(query()).expect("it compiles");
    assert_eq!(compiled.columns.iter().map(|column| &*column.name).collect::<Vec<_>>(), ["id", "name"]);
    assert!(compiled.returns_rows);
    let users = query().subquery("u");
    check(
        select(users.column::<String>("name")).filter(users.column::<i64>("id").lt(9)),
        "SELECT u.name FROM (SELECT id, name FROM users WHERE id > ?) AS u WHERE u.id < ?",
        "5, 9",
    );
    check(
        select(User::NAME).join(&users, users.column::<i64>("id").eq(User::ID)),
        "SELECT users.name FROM users JOIN (SELECT id, name FROM users WHERE id > ?) AS u ON u.id = users.id",
        "5",
    );
    check(query().rows_as::<(i64, String)>(), "SELECT id, name FROM users WHERE id > ?", "5");
}

//! All tables of a program: their order, circles, enumerations.

use std::borrow::Cow;

use aludel_core::{CacheSafety, EnumType, Held, SqlType};
use aludel_sql::ddl::{Ddl, sorted_tables};
use aludel_sql::dialect::{MySql, Postgres, Sqlite};
use aludel_sql::schema::{ColumnDef, ForeignKey, Generated, Table, Target};

fn column(name: &'static str, sql_type: SqlType) -> ColumnDef {
    ColumnDef {
        name: Cow::Borrowed(name),
        sql_type,
        nullable: true,
        server_default: None,
        generated: Generated::No,
        collation: None,
        comment: None,
        cache: CacheSafety::Safe,
    }
}

/// A table with an id, and a column for each table that it refers to.
fn table(name: &'static str, refers_to: &[&'static str]) -> Table {
    let mut columns = vec![column("id", SqlType::Integer)];
    columns.extend(refers_to.iter().map(|name| column(name, SqlType::Integer)));
    let keys: Vec<ForeignKey> = (1..)
        .zip(refers_to)
        .map(|(position, to)| ForeignKey {
            name: None,
            columns: Held::Shared([position].into()),
            target: Target::Named {
                schema: None,
                table: Cow::Borrowed(to),
                columns: Held::Shared([Cow::Borrowed("id")].into()),
            },
            on_delete: None,
            on_update: None,
            deferrable: None,
        })
        .collect();
    Table {
        name: Cow::Borrowed(name),
        schema: None,
        columns: Held::Shared(columns.into()),
        primary_key: Held::Static(&[0]),
        foreign_keys: Held::Shared(keys.into()),
        uniques: Held::Static(&[]),
        checks: Held::Static(&[]),
        indexes: Held::Static(&[]),
        comment: None,
        options: Held::Static(&[]),
    }
}

#[track_caller]
fn sorts(tables: &[&Table], expected: &[&str], deferred: &[(&str, &str)]) {
    let sorted = sorted_tables(tables);
    assert_eq!(sorted.tables.iter().map(|table| &*table.name).collect::<Vec<_>>(), expected);
    let found: Vec<_> = sorted.deferred.iter().map(|(table, key)| (&*table.name, key.target.table().1)).collect();
    assert_eq!(found, deferred);
}

#[test]
fn tables_come_after_those_they_refer_to() {
    let (users, orders, items) =
        (table("users", &[]), table("orders", &["users"]), table("items", &["orders", "users"]));
    sorts(&[&items, &orders, &users], &["users", "orders", "items"], &[]);
    sorts(&[&users, &orders, &items], &["users", "orders", "items"], &[]);
}

#[test]
fn independent_tables_stay_as_they_were() {
    let (c, a, b) = (table("c", &[]), table("a", &[]), table("b", &["elsewhere"]));
    sorts(&[&c, &a, &b, &c], &["c", "a", "b"], &[]);
}

#[test]
fn a_table_may_refer_to_itself() {
    let tree = table("tree", &["tree"]);
    sorts(&[&tree], &["tree"], &[]);
}

#[test]
fn circles_are_opened_at_the_first_table() {
    let (a, b, c) = (table("a", &["b"]), table("b", &["c"]), table("c", &["a"]));
    sorts(&[&a, &b, &c], &["a", "c", "b"], &[("a", "b")]);
    let (x, y) = (table("x", &["y", "z"]), table("y", &["x"]));
    let z = table("z", &[]);
    sorts(&[&x, &y, &z], &["z", "x", "y"], &[("x", "y")]);
}

fn folded(statements: Vec<String>) -> Vec<String> {
    statements.iter().map(|sql| sql.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}

#[test]
fn circles_are_closed_at_the_end_where_tables_must_be_there() {
    let (a, b) = (table("a", &["b"]), table("b", &["a"]));
    let made = Ddl::new(&Postgres).create_all(&[&a, &b]).expect("they can be made");
    assert_eq!(
        folded(made),
        [
            "CREATE TABLE a ( id INTEGER NOT NULL, b INTEGER, PRIMARY KEY (id) )",
            "CREATE TABLE b ( id INTEGER NOT NULL, a INTEGER, PRIMARY KEY (id), FOREIGN KEY(a) REFERENCES a (id) )",
            "ALTER TABLE a ADD CONSTRAINT a_b_fkey FOREIGN KEY(b) REFERENCES b (id)",
        ]
    );
    let made = Ddl::new(&Postgres).checked(true).create_all(&[&a, &b]).expect("they can be made");
    assert!(made[2].starts_with("DO $do$ BEGIN ALTER TABLE a ADD CONSTRAINT a_b_fkey"), "{}", made[2]);
    let dropped = Ddl::new(&Postgres).drop_all(&[&a, &b]).expect("they can be dropped");
    assert_eq!(dropped, ["ALTER TABLE a DROP CONSTRAINT a_b_fkey", "DROP TABLE b", "DROP TABLE a"]);
}

#[test]
fn sqlite_takes_circles_as_they_are() {
    let (a, b) = (table("a", &["b"]), table("b", &["a"]));
    let made = Ddl::new(&Sqlite).checked(true).create_all(&[&a, &b]).expect("they can be made");
    assert_eq!(
        folded(made),
        [
            "CREATE TABLE IF NOT EXISTS a ( id INTEGER NOT NULL, b INTEGER, PRIMARY KEY (id), FOREIGN KEY(b) REFERENCES b (id) )",
            "CREATE TABLE IF NOT EXISTS b ( id INTEGER NOT NULL, a INTEGER, PRIMARY KEY (id), FOREIGN KEY(a) REFERENCES a (id) )",
        ]
    );
    let dropped = Ddl::new(&Sqlite).checked(true).drop_all(&[&a, &b]).expect("they can be dropped");
    assert_eq!(dropped, ["DROP TABLE IF EXISTS b", "DROP TABLE IF EXISTS a"]);
}

#[test]
fn enumerations_come_first_and_go_last() {
    let mood = SqlType::Enum(Held::Shared(
        EnumType { name: Held::Static("mood"), labels: Held::Shared([Held::Static("sad"), Held::Static("ok")].into()) }
            .into(),
    ));
    let with_mood = |name| Table {
        columns: Held::Shared([column("id", SqlType::Integer), column("m", mood.clone())].into()),
        ..table(name, &[])
    };
    let (a, b) = (with_mood("a"), with_mood("b"));
    let made = folded(Ddl::new(&Postgres).create_all(&[&a, &b]).expect("they can be made"));
    assert_eq!(made.len(), 3);
    assert_eq!(made[0], "CREATE TYPE mood AS ENUM ('sad', 'ok')");
    assert_eq!(made[1], "CREATE TABLE a ( id INTEGER NOT NULL, m mood, PRIMARY KEY (id) )");
    let dropped = Ddl::new(&Postgres).drop_all(&[&a, &b]).expect("they can be dropped");
    assert_eq!(dropped, ["DROP TABLE b", "DROP TABLE a", "DROP TYPE mood"]);
    let made = folded(Ddl::new(&MySql).create_all(&[&a]).expect("it can be made"));
    assert_eq!(made, ["CREATE TABLE a ( id INTEGER NOT NULL, m ENUM('sad','ok'), PRIMARY KEY (id) )"]);
}

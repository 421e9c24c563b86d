//! INSERT.

use aludel_core::{Encode, EncodeRow, Fault, ParamSink, Value};
use aludel_sql::{BulkRows, ColumnSet, Executable, Expression, NewRow, excluded, func, insert, literal, select};

use crate::support::{Address, Item, User};
use crate::{check, check_on, check_postgres, check_text, compile, refused};

/// A user of whom only the name and, maybe, the age is given.
struct Named(&'static str, Option<i64>);

impl EncodeRow for Named {
    fn encode_field(&self, index: usize, sink: &mut dyn ParamSink) -> Result<(), Fault> {
        self.column_value(index).encode(sink)
    }
}

impl NewRow<User> for Named {
    fn given(&self) -> ColumnSet {
        let name = ColumnSet::default().with(1);
        if self.1.is_some() { name.with(3) } else { name }
    }
    fn column_value(&self, index: usize) -> Value {
        if index == 1 { self.0.to_value() } else { self.1.to_value() }
    }
}

fn item(line: i64) -> Item {
    Item { order_id: 1, line, sku: "a".into(), qty: 2, price: 1.5 }
}

#[test]
fn values_of_columns() {
    check(insert(User::TABLE).set(User::NAME, "ed"), "INSERT INTO users (name) VALUES (?)", "'ed'");
    check(
        insert(User::TABLE).set(User::NAME, "ed").set(User::AGE, None::<i64>).set(User::ACTIVE, true),
        "INSERT INTO users (name, age, active) VALUES (?, ?, ?)",
        "'ed', NULL, true",
    );
    check(
        insert(User::TABLE).set(User::NAME, func::upper(aludel_sql::value(String::from("ed")))),
        "INSERT INTO users (name) VALUES (upper(?))",
        "'ed'",
    );
    check(
        insert(User::TABLE).set(User::ID, select(func::coalesce(func::max(User::ID), 0) + 1)),
        "INSERT INTO users (id) VALUES ((SELECT coalesce(max(users.id), ?) + ? AS anon_1 FROM users))",
        "0, 1",
    );
    check(insert(User::TABLE), "INSERT INTO users DEFAULT VALUES", "");
}

#[test]
fn rows() {
    check(
        insert(Item::TABLE).row(item(1)),
        "INSERT INTO items (order_id, line, sku, qty, price) VALUES (?, ?, ?, ?, ?)",
        "1, 1, 'a', 2, 1.5",
    );
    check(
        insert(Item::TABLE).row(item(1)).row(item(2)),
        "INSERT INTO items (order_id, line, sku, qty, price) VALUES (?, ?, ?, ?, ?), (?, ?, ?, ?, ?)",
        "1, 1, 'a', 2, 1.5, 1, 2, 'a', 2, 1.5",
    );
    check(insert(User::TABLE).row(Named("ed", None)), "INSERT INTO users (name) VALUES (?)", "'ed'");
    check(
        insert(User::TABLE).row(Named("ed", Some(5))).row(Named("wendy", Some(6))),
        "INSERT INTO users (name, age) VALUES (?, ?), (?, ?)",
        "'ed', 5, 'wendy', 6",
    );
    refused(
        insert(User::TABLE).row(Named("ed", None)).row(Named("wendy", Some(6))),
        "the statement can't be compiled: the rows of one INSERT give values for different columns; use rows(…) for them",
    );
}

#[test]
fn rows_of_a_query() {
    let names = select((User::ID, User::NAME)).filter(User::AGE.gt(5));
    check(
        insert(Address::TABLE).from_query((Address::USER_ID, Address::EMAIL), names),
        "INSERT INTO addresses (user_id, email) SELECT users.id, users.name FROM users WHERE users.age > ?",
        "5",
    );
    check(
        insert(Address::TABLE).from_query(Address::USER_ID, select(User::ID)).returning(Address::ID),
        "INSERT INTO addresses (user_id) SELECT users.id FROM users RETURNING id",
        "",
    );
}

#[test]
fn returned() {
    check(
        insert(User::TABLE).set(User::NAME, "ed").returning(User::ID),
        "INSERT INTO users (name) VALUES (?) RETURNING id",
        "'ed'",
    );
    check(
        insert(User::TABLE).set(User::NAME, "ed").returning((User::ID, func::upper(User::NAME).label("n"))),
        "INSERT INTO users (name) VALUES (?) RETURNING id, upper(name) AS n",
        "'ed'",
    );
    check(
        insert(User::TABLE).set(User::NAME, "ed").returning(User::ALL),
        "INSERT INTO users (name) VALUES (?) RETURNING id, name, fullname, age, balance, active, created_at, data, manager_id",
        "'ed'",
    );
    check(
        insert(User::TABLE).set(User::NAME, "ed").returning(User::ALL).rows_as::<(i64, String)>(),
        "INSERT INTO users (name) VALUES (?) RETURNING id, name, fullname, age, balance, active, created_at, data, manager_id",
        "'ed'",
    );
    let compiled = compile(insert(User::TABLE).set(User::NAME, "ed")).expect("it compiles");
    assert!(!compiled.returns_rows && compiled.columns.is_empty());
}

#[test]
fn words_of_one_database() {
    check(
        insert(User::TABLE).set(User::NAME, "ed").prefix("OR REPLACE", Some("sqlite")).prefix("IGNORE", Some("mysql")),
        "INSERT OR REPLACE INTO users (name) VALUES (?)",
        "'ed'",
    );
}

/// SQLite finds a partial index by its condition, and looks into no placeholder for it.
#[test]
fn the_target_of_a_conflict_is_found_by_literals() {
    let database = crate::database();
    database
        .execute("CREATE UNIQUE INDEX active_names ON users (name) WHERE active = 1", ())
        .expect("the index is made");
    let ed = || insert(User::TABLE).set(User::NAME, "ed").on_conflict(User::NAME);
    for (statement, is_found) in [
        (ed().where_target(User::ACTIVE).do_nothing(), true),
        (ed().where_target(User::ACTIVE.eq(literal(true))).do_nothing(), true),
        (ed().where_target(User::ACTIVE.eq(true)).do_nothing(), false),
    ] {
        let sql = compile(statement).expect("it compiles").sql;
        assert_eq!(database.prepare(&sql).is_ok(), is_found, "{sql}");
    }
}

#[test]
fn conflicts() {
    let ed = || insert(User::TABLE).set(User::ID, 1).set(User::NAME, "ed");
    check(
        ed().on_conflict_do_nothing(),
        "INSERT INTO users (id, name) VALUES (?, ?) ON CONFLICT DO NOTHING",
        "1, 'ed'",
    );
    check(
        ed().on_conflict(User::ID).do_nothing(),
        "INSERT INTO users (id, name) VALUES (?, ?) ON CONFLICT (id) DO NOTHING",
        "1, 'ed'",
    );
    check_text(
        ed().on_conflict((User::NAME, User::AGE)).do_nothing(),
        "INSERT INTO users (id, name) VALUES (?, ?) ON CONFLICT (name, age) DO NOTHING",
        "1, 'ed'",
    );
    check(
        ed().on_conflict(User::ID).do_update([User::NAME.set(excluded(User::NAME))]),
        "INSERT INTO users (id, name) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
        "1, 'ed'",
    );
    let twice = || [User::NAME.set("x"), User::AGE.set(User::AGE + 1)].into_iter();
    check(
        ed().on_conflict(User::ID).do_update(twice()).returning(User::ID),
        "INSERT INTO users (id, name) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = ?, age = users.age + ? RETURNING id",
        "1, 'ed', 'x', 1",
    );
    check(
        ed().on_conflict(User::ID).do_update_where(twice(), User::AGE.lt(excluded(User::AGE))),
        "INSERT INTO users (id, name) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET name = ?, age = users.age + ? WHERE users.age < excluded.age",
        "1, 'ed', 'x', 1",
    );
    check_text(
        ed().on_conflict(User::NAME).where_target(User::ACTIVE.eq(true)).do_update(twice()),
        "INSERT INTO users (id, name) VALUES (?, ?) ON CONFLICT (name) WHERE active = ? DO UPDATE SET name = ?, age = users.age + ?",
        "1, 'ed', true, 'x', 1",
    );
    check_postgres(
        ed().on_constraint("users_name_key").do_nothing(),
        "INSERT INTO users (id, name) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT users_name_key DO NOTHING",
        "1, 'ed'",
    );
    refused(
        ed().on_constraint("users_name_key").do_nothing(),
        "the sqlite dialect can't render ON CONFLICT ON CONSTRAINT; name the constraint's columns",
    );
}

/// The columns that the first row gives.
fn first_given<E, R: BulkRows<E>>(rows: &mut R) -> ColumnSet {
    R::given(&rows.next_row().expect("a row"))
}

#[test]
fn rows_encoded_one_by_one() {
    let (shape, mut rows) = insert(Item::TABLE).rows([item(1), item(2)]).returning(Item::LINE).into_parts();
    let given = first_given::<Item, _>(&mut rows);
    let compiled = compile(Ready(shape.statement(given, 2))).expect("it compiles");
    assert_eq!(
        &*compiled.sql,
        "INSERT INTO items (order_id, line, sku, qty, price) VALUES (?, ?, ?, ?, ?), (?, ?, ?, ?, ?) RETURNING line"
    );
    assert!(compiled.binds.is_empty() && !compiled.binds_in_order);
    let rows = compiled.rows.expect("rows");
    assert_eq!((rows.width, rows.rows), (5, 2));
    assert_eq!(shape.widest(), 5);
    assert_eq!(
        shape
            .placeholders(given)
            .iter()
            .filter_map(|(field, column)| Some((*field, (*column)?.name())))
            .collect::<Vec<_>>(),
        [(0, "order_id"), (1, "line"), (2, "sku"), (3, "qty"), (4, "price")]
    );
}

#[test]
fn tuples_encoded_one_by_one() {
    let bulk = insert(User::TABLE).tuples((User::NAME, User::AGE), [("ed", 5), ("wendy", 6)]);
    let (shape, _) = bulk.on_conflict(User::NAME).do_update([User::AGE.set(excluded(User::AGE))]).into_parts();
    let placeholders = shape.placeholders(ColumnSet::default());
    assert_eq!(
        placeholders.iter().filter_map(|(field, column)| Some((*field, (*column)?.name()))).collect::<Vec<_>>(),
        [(0, "name"), (1, "age")]
    );
    check_on(
        &aludel_sql::dialect::Sqlite,
        Ready(shape.statement(ColumnSet::default(), 1)),
        "INSERT INTO users (name, age) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET age = excluded.age",
        "",
    );
    let (shape, _) = insert(User::TABLE).tuples(User::NAME, [("ed",)]).on_conflict_do_nothing().into_parts();
    check_on(
        &aludel_sql::dialect::Sqlite,
        Ready(shape.statement(ColumnSet::default(), 3)),
        "INSERT INTO users (name) VALUES (?), (?), (?) ON CONFLICT DO NOTHING",
        "",
    );
}

/// A statement that is built already.
pub(crate) struct Ready(pub(crate) aludel_sql::Arguments);

impl Executable for Ready {
    type Row = ();
    fn into_arguments(self) -> aludel_sql::Arguments {
        self.0
    }
}

//! INSERT, UPDATE and DELETE.

#[path = "support/schema.rs"]
mod schema;
#[path = "support/sql.rs"]
mod sql;

use aludel_core::Kind;
use aludel_sql::{ColumnSet, Expression, RowShape, compile_arguments, delete, excluded, func, insert, select, update};
use aludel_sql::{CompileOptions, dialect::Postgres, dialect::Sqlite};
use schema::{Address, Order, User};
use sql::{check, check_on, compile_on, refused};

#[test]
fn rows_that_the_driver_encodes_come_before_other_placeholders() {
    let (shape, _) = insert(Address::TABLE)
        .rows(Vec::<Address>::new())
        .on_conflict(Address::ID)
        .do_update([Address::EMAIL.set("taken")])
        .into_parts();
    let statement = shape.statement(ColumnSet::first(3), 2);
    let compiled = compile_arguments(&statement, &Postgres, &CompileOptions::default()).expect("it compiles");
    assert_eq!(
        &*compiled.sql,
        "INSERT INTO addresses (id, user_id, email) VALUES ($1, $2, $3), ($4, $5, $6) \
         ON CONFLICT (id) DO UPDATE SET email = $7"
    );
    assert_eq!(compiled.rows, Some(RowShape { width: 3, rows: 2 }));
    assert_eq!(compiled.binds.len(), 1);
    assert_eq!(compiled.binds[0].kind, Kind::Text);
    let compiled = compile_arguments(&statement, &Sqlite, &CompileOptions::default()).expect("it compiles");
    assert_eq!(
        &*compiled.sql,
        "INSERT INTO addresses (id, user_id, email) VALUES (?, ?, ?), (?, ?, ?) ON CONFLICT (id) DO UPDATE SET email = ?"
    );
}

#[test]
fn several_rows() {
    let two = insert(Address::TABLE).row(Address).row(Address);
    check(two.clone(), "INSERT INTO addresses (id, user_id, email) VALUES (?, ?, ?), (?, ?, ?)");
    let error = refused("oracle", two);
    assert!(error.contains("several rows in one INSERT"), "{error}");
}

#[test]
fn upserts_from_a_query_have_a_where() {
    let upsert =
        |query| insert(Address::TABLE).from_query((Address::USER_ID, Address::EMAIL), query).on_conflict_do_nothing();
    check(
        upsert(select((User::ID, User::NAME))),
        "INSERT INTO addresses (user_id, email) SELECT users.id, users.name FROM users WHERE 1 = 1 ON CONFLICT DO NOTHING",
    );
    check(
        upsert(select((User::ID, User::NAME)).filter(User::ACTIVE)),
        "INSERT INTO addresses (user_id, email) SELECT users.id, users.name FROM users WHERE users.active = 1 ON CONFLICT DO NOTHING",
    );
    check_on(
        "postgresql",
        upsert(select((User::ID, User::NAME))),
        "INSERT INTO addresses (user_id, email) SELECT users.id, users.name FROM users ON CONFLICT DO NOTHING",
    );
}

#[test]
fn upserts() {
    let new = || insert(Address::TABLE).set(Address::ID, 1).set(Address::EMAIL, "x");
    check(
        new().on_conflict(Address::ID).where_target(Address::USER_ID.gt(1)).do_update_where(
            [Address::EMAIL.set(excluded(Address::EMAIL).concat("!")), Address::USER_ID.set(Address::USER_ID + 1)],
            Address::EMAIL.ne("y"),
        ),
        "INSERT INTO addresses (id, email) VALUES (?, ?) ON CONFLICT (id) WHERE user_id > ? \
         DO UPDATE SET email = excluded.email || ?, user_id = addresses.user_id + ? WHERE addresses.email != ?",
    );
    let constraint = || new().on_constraint("uq_email").do_nothing();
    check_on(
        "postgresql",
        constraint(),
        "INSERT INTO addresses (id, email) VALUES ($1, $2) ON CONFLICT ON CONSTRAINT uq_email DO NOTHING",
    );
    assert!(refused("sqlite", constraint()).contains("name the constraint's columns"));
    assert!(refused("mssql", new().on_conflict_do_nothing()).contains("ON CONFLICT"));
}

#[test]
fn returning() {
    let change = || {
        update(User::TABLE)
            .set(User::AGE, 1)
            .filter(User::ID.eq(1))
            .returning((User::ID, func::upper(User::NAME).label("n")))
    };
    check(change(), "UPDATE users SET age = ? WHERE users.id = ? RETURNING id, upper(name) AS n");
    check_on(
        "postgresql",
        change(),
        "UPDATE users SET age = $1 WHERE users.id = $2 RETURNING users.id, upper(users.name) AS n",
    );
    check_on(
        "mssql",
        change(),
        "UPDATE users SET age = @P1 OUTPUT inserted.id, upper(inserted.name) AS n WHERE users.id = @P2",
    );
    check(delete(User::TABLE).returning(User::ID), "DELETE FROM users RETURNING id");
    check_on("mssql", delete(User::TABLE).returning(User::ID), "DELETE FROM users OUTPUT deleted.id");
    assert!(refused("mysql", change()).contains("UPDATE … RETURNING"));
    assert!(compile_on("sqlite", change()).expect("it compiles").returns_rows);
    assert!(!compile_on("sqlite", delete(User::TABLE)).expect("it compiles").returns_rows);
}

#[test]
fn a_subquery_in_returning_reads_tables_by_their_names() {
    let orders = select(func::count(Order::ID)).filter(Order::USER_ID.eq(User::ID)).scalar();
    check(
        delete(User::TABLE).returning((User::ID, orders.label("orders"))),
        "DELETE FROM users RETURNING id, (SELECT count(orders.id) AS count_1 FROM orders WHERE orders.user_id = users.id) AS orders",
    );
}

#[test]
fn further_tables() {
    let change = || update(User::TABLE).set(User::BALANCE, Order::TOTAL).filter(Order::USER_ID.eq(User::ID));
    check(change(), "UPDATE users SET balance = orders.total FROM orders WHERE orders.user_id = users.id");
    check_on(
        "mysql",
        change(),
        "UPDATE users, orders SET users.balance = orders.total WHERE orders.user_id = users.id",
    );
    check_on(
        "mssql",
        change(),
        "UPDATE users SET balance = orders.total FROM users, orders WHERE orders.user_id = users.id",
    );
    assert!(refused("oracle", change()).contains("further tables in UPDATE"));
    let removal = || delete(User::TABLE).using(Order::TABLE).filter(Order::USER_ID.eq(User::ID));
    check_on("postgresql", removal(), "DELETE FROM users USING orders WHERE orders.user_id = users.id");
    check_on("mysql", removal(), "DELETE FROM users USING users, orders WHERE orders.user_id = users.id");
    check_on("mssql", removal(), "DELETE FROM users FROM users, orders WHERE orders.user_id = users.id");
    let error = refused("sqlite", removal());
    assert!(error.contains("further tables in DELETE; read them in a subquery"), "{error}");
}

#[test]
fn a_column_in_its_own_assignment() {
    check(
        update(User::TABLE).set(User::AGE, User::AGE + 1).set(User::NAME, func::upper(User::NAME)),
        "UPDATE users SET age = users.age + ?, name = upper(users.name)",
    );
}

#[test]
fn nothing_to_change_is_an_error() {
    assert!(refused("sqlite", update(User::TABLE)).contains("UPDATE without an assignment"));
}

#[test]
fn rows_as_arrays_and_rows_that_follow() {
    let (shape, _) = insert(Address::TABLE)
        .rows(Vec::<Address>::new())
        .on_conflict(Address::ID)
        .do_update([Address::EMAIL.set("taken")])
        .returning(Address::ID)
        .into_parts();
    let given = ColumnSet::first(3);
    let statement = shape.arrays(given, &Postgres).expect("PostgreSQL has arrays");
    let compiled = compile_arguments(&statement, &Postgres, &CompileOptions::default()).expect("it compiles");
    assert_eq!(
        &*compiled.sql,
        "INSERT INTO addresses (id, user_id, email) SELECT * FROM unnest($1::INTEGER[], $2::INTEGER[], $3::TEXT[]) \
         ON CONFLICT (id) DO UPDATE SET email = $4 RETURNING addresses.id"
    );
    assert_eq!(compiled.rows, Some(RowShape { width: 3, rows: 1 }));
    assert!(shape.arrays(given, &Sqlite).is_none());
    assert!(shape.copy(given, &Postgres).is_none(), "COPY returns nothing and looks for no conflict");

    let (shape, _) = insert(Address::TABLE).rows(Vec::<Address>::new()).into_parts();
    let statement = shape.copy(given, &Postgres).expect("PostgreSQL has COPY");
    let compiled = compile_arguments(&statement, &Postgres, &CompileOptions::default()).expect("it compiles");
    assert_eq!(&*compiled.sql, "COPY addresses (id, user_id, email) FROM STDIN (FORMAT binary)");
    assert!(shape.copy(given, &Sqlite).is_none());
    let (shape, _) = insert(Address::TABLE).prefix("/* x */", None).rows(Vec::<Address>::new()).into_parts();
    assert!(shape.copy(given, &Postgres).is_none(), "a word before INTO would be lost");
}

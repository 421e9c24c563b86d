//! IN, and the placeholders of lists.

#[path = "support/schema.rs"]
mod schema;
#[path = "support/sql.rs"]
mod sql;

use aludel_core::Kind;
use aludel_sql::{Expression, literal, not, select, tuple};
use schema::{Item, Order, User};
use sql::{check, check_on, compile_on, values};

#[test]
fn lists_are_padded_to_powers_of_two() {
    for (count, marks) in [(1, "?"), (2, "?, ?"), (3, "?, ?, ?, ?"), (4, "?, ?, ?, ?")] {
        let list: Vec<i32> = (1..=count).collect();
        check(
            select(User::ID).filter(User::AGE.in_(list)),
            &format!("SELECT users.id FROM users WHERE users.age IN ({marks})"),
        );
    }
    assert_eq!(format!("{:?}", values("sqlite", select(User::ID).filter(User::AGE.in_([7, 8, 9])))), "[7, 8, 9, 9]");
}

#[test]
fn nothing_is_in_an_empty_list() {
    let none = || User::AGE.in_(Vec::<i32>::new());
    check(select(User::ID).filter(none()), "SELECT users.id FROM users WHERE 1 = 0");
    check(select(User::ID).filter(not(none())), "SELECT users.id FROM users WHERE 1 = 1");
    check(
        select(User::ID).filter(none().or(User::ACTIVE)),
        "SELECT users.id FROM users WHERE 1 = 0 OR users.active = 1",
    );
    check_on("mysql", select(User::ID).filter(none()), "SELECT users.id FROM users WHERE false");
    check_on("postgresql", select(User::ID).filter(none()), "SELECT users.id FROM users WHERE users.age = ANY($1)");
    let compiled = compile_on("sqlite", select(User::ID).filter(none()).filter(User::ID.eq(5))).expect("it compiles");
    assert_eq!(compiled.binds.len(), 1);
    assert!(!compiled.binds_in_order, "the empty list is a value without a placeholder");
}

#[test]
fn a_list_is_one_array_where_there_are_arrays() {
    let query = select(User::ID).filter(User::AGE.in_([1, 2, 3])).filter(User::ID.not_in([4]));
    check_on(
        "postgresql",
        query.clone(),
        "SELECT users.id FROM users WHERE users.age = ANY($1) AND users.id <> ALL($2)",
    );
    let compiled = compile_on("postgresql", query).expect("it compiles");
    assert!(
        compiled
            .binds
            .iter()
            .all(|bind| bind.kind == Kind::List && bind.context.is_some() && bind.source.element.is_none())
    );
    assert!(compiled.binds_in_order);
}

#[test]
fn elements_know_their_kind_and_column() {
    let compiled = compile_on("sqlite", select(User::ID).filter(User::NAME.in_(["a", "b"]))).expect("it compiles");
    for bind in &compiled.binds {
        assert_eq!(bind.kind, Kind::Text);
        assert_eq!(bind.context.map(|column| column.name()), Some("name"));
    }
}

#[test]
fn tuples() {
    let query = || select(Item::SKU).filter(tuple((Item::ORDER_ID, Item::LINE)).in_([(1, 2), (3, 4), (5, 6)]));
    check(
        query(),
        "SELECT items.sku FROM items WHERE (items.order_id, items.line) IN (VALUES (?, ?), (?, ?), (?, ?), (?, ?))",
    );
    check_on(
        "postgresql",
        query(),
        "SELECT items.sku FROM items WHERE (items.order_id, items.line) IN (($1, $2), ($3, $4), ($5, $6), ($7, $8))",
    );
    check_on(
        "mssql",
        select(Item::SKU).filter(tuple((Item::ORDER_ID, Item::LINE)).not_in([(1, 2), (3, 4)])),
        "SELECT items.sku FROM items WHERE NOT (items.order_id = @P1 AND items.line = @P2 OR items.order_id = @P3 AND items.line = @P4)",
    );
    assert_eq!(format!("{:?}", values("sqlite", query())), "[1, 2, 3, 4, 5, 6, 5, 6]");
}

#[test]
fn queries_and_expressions() {
    check(
        select(User::ID)
            .filter(User::ID.in_query(select(Order::USER_ID)))
            .filter(User::AGE.in_([User::AGE + 1, literal(5).coerce()])),
        "SELECT users.id FROM users WHERE users.id IN (SELECT orders.user_id FROM orders) AND users.age IN (users.age + ?, 5)",
    );
    check(
        select(User::ID).filter(tuple((User::ID, User::AGE)).in_query(select((Order::ID, Order::USER_ID)))),
        "SELECT users.id FROM users WHERE (users.id, users.age) IN (SELECT orders.id, orders.user_id FROM orders)",
    );
}

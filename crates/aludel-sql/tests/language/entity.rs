//! Columns, tables and rows of entities.

use aludel_sql::{ColumnSet, Entity, NewRow};

use crate::support::{Item, User};

#[test]
fn columns_and_tables_know_their_definitions() {
    assert_eq!(User::NAME.name(), "name");
    assert_eq!(User::NAME.definition().index(), 1);
    assert_eq!(User::TABLE.definition().full_name(), "users");
    assert_eq!(User::columns().len(), 9);
    assert!(std::ptr::eq(User::table().table, User::TABLE.definition()));
    assert_eq!(format!("{:?} {:?} {:?}", User::NAME, User::TABLE, User::ALL), "users.name users users.*");
}

#[test]
fn sets_of_columns() {
    let set = ColumnSet::first(3).with(255).without(1);
    assert_eq!(set.iter().collect::<Vec<_>>(), [0, 2, 255]);
    assert_eq!((set.len(), set.is_empty(), ColumnSet::default().is_empty()), (3, false, true));
    assert!(set.has(2) && !set.has(1) && !set.has(256));
    // A table has no more than 256.
    assert_eq!(set.with(256), set);
    assert_eq!(set.without(1_000), set);
    assert_eq!(ColumnSet::first(256).len(), 256);
}

#[test]
fn a_row_gives_its_columns() {
    let item = Item { order_id: 1, line: 2, sku: "a".into(), qty: 3, price: 0.5 };
    assert_eq!(item.given(), ColumnSet::first(5));
    let values: Vec<_> = item.given().iter().map(|index| format!("{:?}", item.column_value(index))).collect();
    assert_eq!(values, ["1", "2", "'a'", "3", "0.5"]);
}

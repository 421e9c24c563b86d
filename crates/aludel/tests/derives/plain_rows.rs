//! Plain entities, read and written.

use aludel::Value;
use aludel::language::ColumnSet;
use aludel::prelude::*;

use crate::fake_row::{NULL, cell, row, written};

#[derive(Entity, Debug, PartialEq, Clone, Default)]
struct User {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[column(skip)]
    notes: Vec<String>,
    fullname: Option<String>,
    #[column(computed = "length(name)")]
    length: i64,
    age: u8,
}

#[test]
fn read_by_position() {
    let cells = row([cell("before"), cell(5), cell("ed"), NULL, cell(2), cell(30)]);
    let user = User::from_row(&cells, 1).unwrap();
    assert_eq!(user, User { id: 5, name: "ed".into(), notes: vec![], fullname: None, length: 2, age: 30 });
    assert_eq!(User::WIDTH, 5);
    assert_eq!(User::NAMES, ["id", "name", "fullname", "length", "age"]);
}

#[test]
fn a_fault_names_the_position() {
    let cells = row([cell(5), NULL, NULL, cell(2), cell(30)]);
    let fault = User::from_row(&cells, 0).unwrap_err();
    assert_eq!(fault.column(), Some(1));
    let cells = row([NULL, cell(5), cell("ed"), NULL, cell(2), cell(300)]);
    let fault = User::from_row(&cells, 1).unwrap_err();
    assert_eq!((fault.column(), fault.to_string().as_str()), (Some(5), "300 does not fit into u8"));
    let fault = User::from_row(&row([cell(1), cell("ed"), NULL]), 0).unwrap_err();
    assert_eq!(fault.column(), Some(3));
}

/// The missing side of an outer join.
#[test]
fn a_row_without_a_key_is_none() {
    let missing = row([NULL, NULL, NULL, NULL, NULL]);
    assert_eq!(<Option<User>>::from_row(&missing, 0).unwrap(), None);
    let cells = row([cell(5), cell("ed"), NULL, cell(2), cell(30)]);
    assert_eq!(<Option<User>>::from_row(&cells, 0).unwrap().map(|user| user.id), Some(5));
    assert_eq!(<Option<User>>::from_row(&row([cell(5), NULL, NULL, NULL, NULL]), 0).unwrap_err().column(), Some(1));
}

#[test]
fn written_by_position() {
    let user = User { id: 5, name: "ed".into(), age: 30, ..User::default() };
    let values = [cell(5), cell("ed"), NULL, cell(0), cell(30)];
    for (index, value) in values.into_iter().enumerate() {
        assert_eq!(written(&user, index).unwrap(), value);
        assert_eq!(user.column_value(index), value);
    }
    assert_eq!(written(&user, 5).unwrap_err().to_string(), "is not there: the row has 5 column(s)");
    assert_eq!(user.column_value(5), Value::Null);
}

#[test]
fn everything_is_given_but_what_the_database_makes() {
    let given = |user: &User| user.given().iter().collect::<Vec<_>>();
    let mut user = User::default();
    assert_eq!(given(&user), [1, 2, 4]);
    user.id = -1;
    assert_eq!(given(&user), [0, 1, 2, 4]);
}

#[derive(Entity, Default)]
struct Odd {
    #[column(primary_key, generated)]
    id: Option<i32>,
    #[column(identity(always))]
    always: i64,
    #[column(generated = "identity")]
    maybe: u8,
}

#[test]
fn identities_and_optional_keys() {
    assert_eq!(Odd::default().given(), ColumnSet::default());
    assert_eq!(Odd { id: Some(0), always: 5, maybe: 0 }.given(), ColumnSet::default());
    assert_eq!(Odd { id: Some(1), always: 5, maybe: 1 }.given(), ColumnSet::default().with(0).with(2));
}

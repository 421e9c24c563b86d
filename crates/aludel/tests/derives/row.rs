//! `#[derive(FromRow)]`: by name where the fields have names, else by position.

use aludel::FromRow;

use crate::fake_row::{NULL, cell, row};

#[derive(FromRow, Debug, PartialEq)]
struct Summary {
    name: String,
    #[column(name = "n")]
    count: i64,
    r#type: Option<String>,
    #[column(skip)]
    note: Option<String>,
}

#[test]
fn names_and_positions() {
    assert_eq!(Summary::NAMES, ["name", "n", "type"]);
    assert_eq!(Summary::WIDTH, 3);
    let cells = row([cell(1), cell("ed"), cell(5), NULL]);
    let expected = Summary { name: "ed".into(), count: 5, r#type: None, note: None };
    assert_eq!(Summary::from_row(&cells, 1).unwrap(), expected);
    assert_eq!(<Option<Summary>>::from_row(&row([NULL, NULL, NULL]), 0).unwrap(), None);
}

#[test]
fn a_fault_names_the_position() {
    let fault = Summary::from_row(&row([cell("ed"), cell("five"), NULL]), 0).unwrap_err();
    assert_eq!((fault.column(), fault.to_string().as_str()), (Some(1), "is text, where an integer was wanted"));
}

#[derive(FromRow, Debug, PartialEq)]
#[row(rename_all = "camelCase")]
struct Outer {
    first_cell: i64,
    #[column(nested)]
    one: Summary,
    #[column(nested)]
    two: Option<Inner>,
    last_cell: i64,
}

#[derive(FromRow, Debug, PartialEq)]
struct Inner {
    x: f64,
}

#[test]
fn rows_in_rows() {
    assert_eq!(Outer::NAMES, ["firstCell", "name", "n", "type", "x", "lastCell"]);
    let cells = row([cell(1), cell("ed"), cell(5), NULL, NULL, cell(9)]);
    let outer = Outer::from_row(&cells, 0).unwrap();
    assert_eq!((outer.first_cell, outer.one.count, outer.two, outer.last_cell), (1, 5, None, 9));
}

#[derive(FromRow, Debug, PartialEq)]
struct Pair(i64, #[column(nested)] Inner, String);

#[test]
fn tuple_structs_go_by_position() {
    assert_eq!((Pair::WIDTH, Pair::NAMES), (3, [].as_slice()));
    let cells = row([cell(1), cell(0.5), cell("a")]);
    assert_eq!(Pair::from_row(&cells, 0).unwrap(), Pair(1, Inner { x: 0.5 }, "a".into()));
}

//! Several columns as one field.

use aludel::prelude::*;
use aludel::{IntoNew, Mapped};

use crate::describe::describe;
use crate::fake_row::{NULL, cell, row, written};

#[derive(Composite, Clone, Debug, PartialEq)]
struct Point {
    x: i32,
    y: i32,
}

#[derive(Composite, Clone, Debug, PartialEq)]
struct Name(String, Option<String>);

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(rename_all = "camelCase", index(columns(x_end, desc(x_start))))]
struct Line {
    #[column(primary_key)]
    id: i64,
    #[composite(columns(x_start: i32, y_start: i32 = "y1"))]
    start: Point,
    label: String,
    #[composite(columns(x_end: i32, #[column(index)] y_end: Option<i32>))]
    end: Option<Point2>,
    #[composite(columns(#[column(varchar = 50, default = "nobody")] first: String, last: Option<String>))]
    name: Name,
}

/// The second part may be missing.
#[derive(Composite, Clone, Debug, PartialEq)]
struct Point2 {
    x: i32,
    y: Option<i32>,
}

#[test]
fn each_part_is_a_column() {
    insta::assert_snapshot!(describe(Line::TABLE.definition()), @r#"
    line key ["id"]
      id BigInt Key
      xStart Integer
      y1 Integer
      label Text
      xEnd Integer null
      yEnd Integer null
      first Varchar(50)
      last Text null
    index ix_line_yEnd ["yEnd"]
    index ix_line_xEnd_xStart ["xEnd", "xStart desc"]
    "#);
    let _: (Column<Line, i32>, Column<Line, Option<i32>>) = (Line::Y_START, Line::X_END);
}

fn line() -> Line {
    Line {
        id: 7,
        start: Point { x: 1, y: 2 },
        label: "a".into(),
        end: Some(Point2 { x: 3, y: None }),
        name: Name("ed".into(), Some("jones".into())),
    }
}

#[test]
fn read_and_written_part_by_part() {
    let cells = [cell(7), cell(1), cell(2), cell("a"), cell(3), NULL, cell("ed"), cell("jones")];
    for (index, value) in cells.iter().enumerate() {
        assert_eq!(written(&line(), index).as_ref(), Ok(value));
        assert_eq!(line().column_value(index), *value);
    }
    assert_eq!(Line::from_row(&row(cells), 0).unwrap(), line());
    let nothing = Line { end: None, ..line() };
    assert_eq!(written(&nothing, 4), Ok(NULL));
    let cells = [NULL, cell(7), cell(1), cell(2), cell("a"), NULL, NULL, cell("ed"), cell("jones")];
    assert_eq!(Line::from_row(&row(cells), 1).unwrap(), nothing);
}

/// What is there in part is not there.
#[test]
fn a_part_is_missing() {
    let cells = [cell(7), cell(1), cell(2), cell("a"), NULL, cell(4), cell("ed"), NULL];
    let fault = Line::from_row(&row(cells), 0).unwrap_err();
    assert_eq!(fault.column(), Some(4));
}

#[test]
fn builders_take_the_whole() {
    let given = |row: &dyn Fn() -> Vec<usize>| row();
    let start = || Line::build().start(Point { x: 1, y: 2 }).label("a");
    assert_eq!(given(&|| start().given().iter().collect()), [1, 2, 3, 6]);
    let whole = start().end(Point2 { x: 3, y: None }).name(Name("ed".into(), None));
    assert_eq!(NewRow::<Line>::given(&whole).len(), 7);
    assert_eq!((0..8).map(|at| whole.column_value(at)).collect::<Vec<_>>()[4..], [cell(3), NULL, cell("ed"), NULL]);
    assert_eq!(start().end(None).column_value(4), NULL);
    let new = start().end(Some(Point2 { x: 3, y: Some(4) })).into_new().value;
    assert_eq!((new.start, new.end), (Point { x: 1, y: 2 }, Some(Point2 { x: 3, y: Some(4) })));
    assert_eq!(new.name, Name("nobody".into(), None));
    assert_eq!(start().into_new().value.end, None);
    assert_eq!(start().end(None).into_new().value.end, None);
}

#[test]
fn set_part_by_part() {
    let mut line = line();
    let mut set = |index, value| {
        line.set_column(index, &row([value]), 0).unwrap();
        (line.start.clone(), line.end.clone(), line.name.1.clone())
    };
    assert_eq!(set(2, cell(9)).0, Point { x: 1, y: 9 });
    assert_eq!(set(5, cell(4)).1, Some(Point2 { x: 3, y: Some(4) }));
    assert_eq!(set(5, NULL).1, Some(Point2 { x: 3, y: None }));
    // NULL where the part can't be NULL: nothing is there.
    assert_eq!(set(4, NULL).1, None);
    assert_eq!(set(5, NULL).1, None);
    assert_eq!(set(4, cell(5)).1, Some(Point2 { x: 5, y: None }));
    assert_eq!(set(7, NULL).2, None);
    assert!(line.column_any(1).is_none() && line.column_any(3).is_some());
    assert_eq!(line.snapshot(), line);
}

/// Composites that follow from the object on the other side.
#[derive(Entity, Clone, Debug)]
#[entity(foreign_key(columns(x, y), references(Place::X, Place::Y)))]
struct Visit {
    #[column(primary_key)]
    id: i64,
    #[composite(columns(x: i32, y: i32))]
    place: Point,
}

#[derive(Entity, Clone, Debug)]
#[entity(primary_key(x, y))]
struct Place {
    #[composite(columns(x: i32, y: i32))]
    at: Point,
}

#[derive(Entity, Clone, Debug)]
struct Single {
    #[composite(columns(#[column(primary_key)] key: i64))]
    key: Alone,
}

#[derive(Composite, Clone, Debug)]
struct Alone(i64);

#[test]
fn in_keys() {
    assert_eq!(Visit::build().into_new().value.place, Point { x: 0, y: 0 });
    assert_eq!(Visit::build().place(Point { x: 1, y: 2 }).given().len(), 2);
    // The database numbers no rows by a part.
    insta::assert_snapshot!(describe(Single::TABLE.definition()), @r#"
    single key ["key"]
      key BigInt
    "#);
}

#[test]
fn on_a_database() {
    let engine = crate::backend::engine();
    engine.create_all(schema![Line]).unwrap();
    let lines = [line(), Line { id: 8, end: None, ..line() }];
    engine.insert(Line::insert().rows(lines.clone())).unwrap();
    assert_eq!(engine.fetch_all(Line::select().order_by(Line::ID)).unwrap(), lines);
    let found = engine.fetch_all(Line::select().filter(Line::X_END.gt(Line::X_START))).unwrap();
    assert_eq!(found, lines[..1]);
    engine.execute(Line::update().set(Line::X_END, 5).filter(Line::ID.eq(8))).unwrap();
    let end = engine.fetch_one(Line::select().filter(Line::ID.eq(8))).unwrap().end;
    assert_eq!(end, Some(Point2 { x: 5, y: None }));
}

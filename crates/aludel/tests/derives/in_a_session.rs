//! What the derives write, in the hands of a session.

use aludel::blocking::Session;
use aludel::prelude::*;

#[derive(Composite, Clone, Debug, PartialEq)]
struct Point {
    x: i32,
    y: i32,
}

#[derive(Entity, Clone, Debug, PartialEq)]
struct Shape {
    #[column(primary_key)]
    id: i64,
    #[column(validate = not_empty, validate = |name: &String| if name.len() < 5 { Ok(()) } else { Err(name.len()) })]
    name: String,
    #[composite(columns(x1: i32, #[column(validate = not_negative)] y1: i32))]
    start: Point,
    #[composite(columns(x2: i32, y2: i32))]
    end: Option<Point>,
    kind: Kind,
    #[column(version)]
    version: i32,
}

#[derive(SqlEnum, Clone, Debug, PartialEq)]
enum Kind {
    Line,
    Arrow,
}

fn not_empty(name: &str) -> Result<(), &'static str> {
    if name.is_empty() { Err("a shape has a name") } else { Ok(()) }
}

fn not_negative(y: &i32) -> Result<(), String> {
    if *y < 0 { Err(format!("{y} is below the page")) } else { Ok(()) }
}

fn session() -> Session {
    let engine = crate::backend::engine();
    engine.create_all(schema![Shape]).expect("the tables are new");
    Session::new(&engine)
}

fn shape() -> Shape {
    Shape {
        id: 0,
        name: "a".into(),
        start: Point { x: 1, y: 2 },
        end: Some(Point { x: 3, y: 4 }),
        kind: Kind::Arrow,
        version: 1,
    }
}

#[test]
fn composites_and_enums() {
    let mut session = session();
    let one = session.add(shape());
    let other = session.add(Shape::build().name("b").start(Point { x: 5, y: 6 }).kind(Kind::Line));
    session.commit().unwrap();
    assert_eq!((session[other].id, session[other].end.clone()), (2, None));

    session[one].start.y = 9;
    session[one].end = None;
    session[other].end = Some(Point { x: 7, y: 8 });
    session.commit().unwrap();
    session.expire_all();
    let found = session.fetch_all(Shape::select().filter(Shape::X2.is_not_null())).unwrap();
    assert_eq!(found, [other]);
    session.refresh(one).unwrap();
    assert_eq!((session[one].start.clone(), session[one].end.clone()), (Point { x: 1, y: 9 }, None));
    assert_eq!(session[one].version, 2);
    let rows = session.fetch_all(select((Shape::KIND, Shape::Y2)).order_by(Shape::ID)).unwrap();
    assert_eq!(rows, [(Kind::Arrow, None), (Kind::Line, Some(8))]);
}

#[test]
fn what_a_validator_says() {
    let mut session = session();
    let one = session.add(shape());
    session.flush().unwrap();
    let mut say = |change: &dyn Fn(&mut Shape)| {
        let before = session[one].clone();
        change(&mut session[one]);
        let text = session.flush().unwrap_err().to_string();
        session[one] = before;
        text.lines().next().map(str::to_owned).unwrap_or_default()
    };
    assert_eq!(say(&|shape| shape.name = String::new()), "Shape.name is not valid: a shape has a name");
    assert_eq!(say(&|shape| shape.name = "too long".into()), "Shape.name is not valid: 8");
    assert_eq!(say(&|shape| shape.start.y = -1), "Shape.y1 is not valid: -1 is below the page");
}

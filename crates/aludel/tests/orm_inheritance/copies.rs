//! Objects of several kinds as values: merged, detached, serialized.

use aludel::blocking::Session;
use aludel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::staff::{Employee, EmployeeKind, Engineer, Manager, session};

#[test]
fn merged() {
    let (mut session, log) = session();
    let query = Employee::select().filter(EmployeeKind::is_engineer()).options(selectin_polymorphic::<Employee>());
    let dilbert = session.fetch_one(query).unwrap();
    let mut copy = session.owned(dilbert);
    let EmployeeKind::Engineer(engineer) = &copy.kind else { panic!("{copy:?}") };
    let mut changed = engineer.get().unwrap().clone();
    changed.language = "zig".into();
    copy.kind = EmployeeKind::Engineer(Ext::from(changed));
    log.take();
    let merged = session.merge(copy.clone()).unwrap();
    assert_eq!(merged, dilbert);
    session.commit().unwrap();
    assert_eq!(log.take(), ["UPDATE engineers SET language = ? WHERE engineers.id = ?"]);
    // Of another kind.
    copy.kind = EmployeeKind::from(Manager { id: 1, budget: 7 });
    session.merge(copy).unwrap();
    session.commit().unwrap();
    assert_eq!(
        session.fetch_all(select((Manager::ID, Manager::BUDGET)).order_by(Manager::ID)).unwrap(),
        [(1, 7), (2, 10)]
    );
    assert_eq!(session.fetch_all(select(func::count(Engineer::ID))).unwrap(), [0]);
    // One that knows nothing of its kind's table.
    let plain =
        Employee { id: 2, name: "pointy".into(), kind: EmployeeKind::Boss(Ext::unloaded()), projects: Many::default() };
    session.merge(plain).unwrap();
    session.commit().unwrap();
    assert_eq!(session.fetch_all(select(Manager::BUDGET).filter(Manager::ID.eq(2))).unwrap(), [10]);
}

#[test]
fn detached() {
    let (mut session, _) = session();
    let found = session.fetch_one(Engineer::select_whole()).unwrap();
    let copy = session.detach(found.base());
    let EmployeeKind::Engineer(engineer) = &copy.kind else { panic!("{copy:?}") };
    assert_eq!(engineer.get().unwrap().language, "rust");
    assert!(session.try_get(found.base()).is_err() && session.try_get(found.ext()).is_err());
}

#[derive(Entity, Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Shape {
    #[column(primary_key)]
    id: i64,
    #[column(kind)]
    #[serde(flatten)]
    kind: ShapeKind,
}

#[derive(Kinds, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[kinds(of = Shape)]
#[serde(tag = "kind", content = "of", rename_all = "snake_case")]
enum ShapeKind {
    Point,
    Circle(Ext<Circle>),
}

#[derive(Entity, Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Circle {
    #[column(primary_key, references = Shape::ID)]
    id: i64,
    radius: i64,
}

#[test]
fn serialized() {
    let engine = crate::backend::engine();
    engine.create_all(schema![Shape, Circle]).unwrap();
    let mut session = Session::new(&engine);
    let circle = session.add(Shape::build().kind(ShapeKind::circle(Circle::build().radius(2))));
    let point = session.add(Shape::build().kind(ShapeKind::Point));
    session.commit().unwrap();
    let json = serde_json::to_string(&session.view(circle)).unwrap();
    assert_eq!(json, r#"{"id":1,"kind":"circle","of":{"id":1,"radius":2}}"#);
    assert_eq!(serde_json::to_string(&session.view(point)).unwrap(), r#"{"id":2,"kind":"point"}"#);
    let read: Shape = serde_json::from_str(&json.replace("2}", "3}")).unwrap();
    session.merge(read).unwrap();
    session.commit().unwrap();
    assert_eq!(session.fetch_all(select(Circle::RADIUS)).unwrap(), [3]);
}

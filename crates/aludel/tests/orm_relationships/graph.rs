//! An entity that is linked with itself: a graph.

use aludel::blocking::Session;
use aludel::prelude::*;

use crate::log::{self, Log, stored};

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "places")]
struct Place {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[many_to_many(Road::START, Road::GOAL, order_by = Place::ID)]
    to: Many<Place>,
    #[many_to_many(Road::GOAL, Road::START, order_by = Place::ID)]
    from: Many<Place>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "roads")]
struct Road {
    #[column(primary_key, references = Place::ID)]
    start: i64,
    #[column(primary_key, references = Place::ID)]
    goal: i64,
}

const ROWS: [&str; 2] = [
    "INSERT INTO places VALUES (1, 'a'), (2, 'b'), (3, 'c')",
    "INSERT INTO roads VALUES (1, 2), (2, 3), (3, 1), (1, 3)",
];

fn session() -> (Session, Log) {
    log::session(schema![Place, Road], &ROWS)
}

const ROADS: &str = "SELECT start || '-' || goal FROM roads ORDER BY start, goal";

#[test]
fn loaded_in_both_directions() {
    let (mut session, log) = session();
    let places = session
        .fetch_all(Place::select().order_by(Place::ID).options((selectinload(Place::TO), selectinload(Place::FROM))))
        .unwrap();
    assert_eq!(log.count(), 3);
    let [a, b, c] = places[..] else { panic!("three") };
    assert_eq!((session.keys(a, Place::TO), session.keys(a, Place::FROM)), (vec![b, c], vec![c]));
    assert_eq!((session.keys(c, Place::TO), session.keys(c, Place::FROM)), (vec![a], vec![a, b]));
}

/// One direction tells the other, and only that one.
#[test]
fn linked_in_one_direction() {
    let (mut session, log) = session();
    let options = (selectinload(Place::TO), selectinload(Place::FROM));
    let places = session.fetch_all(Place::select().order_by(Place::ID).options(options)).unwrap();
    let [a, b, _] = places[..] else { panic!("three") };
    session.link(b, Place::TO, a);
    assert_eq!((session[b].to.len(), session[a].from.len()), (2, 2));
    assert_eq!((session[b].from.len(), session[a].to.len()), (1, 2));
    session.unlink(b, Place::FROM, a);
    assert_eq!((session[b].from.len(), session[a].to.len()), (0, 1));
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["DELETE roads 1", "INSERT roads 1"]);
    assert_eq!(stored(&mut session, &log, ROADS), ["1-3", "2-1", "2-3", "3-1"]);
}

#[test]
fn a_circle_of_new_objects() {
    let (mut session, log) = session();
    let [x, y] = ["x", "y"].map(|name| session.add(Place::build().name(name)));
    session.link(x, Place::TO, y);
    session.link(y, Place::TO, x);
    session.link(x, Place::FROM, x);
    session.flush().unwrap();
    assert_eq!(log.short(), ["INSERT places 2", "INSERT roads 3"]);
    assert_eq!(stored(&mut session, &log, ROADS)[4..], ["4-4", "4-5", "5-4"]);
    assert_eq!((session.keys(x, Place::TO), session.keys(x, Place::FROM)), (vec![y, x], vec![y, x]));
    session.delete(x);
    session.commit().unwrap();
    assert_eq!(stored(&mut session, &log, ROADS).len(), 4);
}

#[test]
fn joined_in_one_statement() {
    let (mut session, log) = session();
    let places = session
        .fetch_all(Place::select().order_by(Place::ID).options(joinedload(Place::TO).joinedload(Place::TO)))
        .unwrap();
    assert_eq!(log.count(), 1);
    let names: Vec<String> = session
        .view(places[0])
        .many(Place::TO)
        .map(|place| {
            format!("{}:{}", place.name, place.many(Place::TO).map(|next| next.name.clone()).collect::<String>())
        })
        .collect();
    assert_eq!(names, ["b:c", "c:a"]);
}

#[test]
fn a_place_is_deleted() {
    let (mut session, log) = session();
    let a = session.get_one::<Place>(1).unwrap();
    session.delete(a);
    session.commit().unwrap();
    assert_eq!(stored(&mut session, &log, ROADS), ["2-3"]);
}

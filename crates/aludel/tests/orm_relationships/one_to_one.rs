//! One to one: the other table's foreign key is unique, or its primary key.

use aludel::blocking::Session;
use aludel::prelude::*;

use crate::log::{self, Log, stored};

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "people")]
struct Person {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[has_one(Passport::PERSON_ID)]
    passport: One<Passport>,
    #[has_one(Badge::PERSON_ID, cascade = "all, delete-orphan")]
    badge: One<Badge>,
}

/// May be nobody's.
#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "passports")]
struct Passport {
    #[column(primary_key)]
    id: i64,
    number: String,
    #[column(references = Person::ID, unique)]
    person_id: Option<i64>,
    #[belongs_to(Passport::PERSON_ID)]
    person: One<Person>,
}

/// Has its person's key as its own.
#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "badges")]
struct Badge {
    #[column(primary_key, references = Person::ID)]
    person_id: i64,
    color: String,
    #[belongs_to(Badge::PERSON_ID)]
    person: One<Person>,
}

const ROWS: [&str; 3] = [
    "INSERT INTO people VALUES (1, 'ada'), (2, 'bob')",
    "INSERT INTO passports VALUES (1, 'p1', 1), (2, 'p2', NULL)",
    "INSERT INTO badges VALUES (1, 'red')",
];

fn session() -> (Session, Log) {
    log::session(schema![Person, Passport, Badge], &ROWS)
}

const PASSPORTS: &str = "SELECT number || ' ' || coalesce(person_id, '-') FROM passports ORDER BY number";
const BADGES: &str = "SELECT color || ' ' || person_id FROM badges ORDER BY person_id";

#[test]
fn a_graph_of_builders() {
    let (mut session, log) = session();
    let new = Person::build().name("cy").passport(Passport::build().number("p3")).badge(Badge::build().color("blue"));
    let cy = session.add(new);
    session.flush().unwrap();
    let mut statements = log.short();
    statements[1..].sort();
    assert_eq!(statements, ["INSERT people 1", "INSERT badges 1", "INSERT passports 1"]);
    let (passport, badge) = (session.one(cy, Person::PASSPORT).unwrap(), session.one(cy, Person::BADGE).unwrap());
    assert_eq!((session[passport].person_id, session[badge].person_id), (Some(3), 3));
    assert_eq!((session.one(passport, Passport::PERSON), session.one(badge, Badge::PERSON)), (Some(cy), Some(cy)));
    assert_eq!(stored(&mut session, &log, BADGES), ["red 1", "blue 3"]);
    assert_eq!(session.get::<Badge>(3).unwrap(), Some(badge));
}

#[test]
fn loaded_from_both_sides() {
    let (mut session, log) = session();
    let people = session.fetch_all(Person::select().order_by(Person::ID)).unwrap();
    session.load(&people, Person::PASSPORT).unwrap();
    session.load(&people, Person::BADGE).unwrap();
    assert_eq!(log.count(), 3);
    let numbers = people.iter().map(|person| session.view(*person).one(Person::PASSPORT).map(|it| it.number.clone()));
    assert_eq!(numbers.collect::<Vec<_>>(), [Some("p1".to_owned()), None]);
    assert!(session[people[1]].badge.is_none());
    let passport = session.one(people[0], Person::PASSPORT).unwrap();
    assert_eq!(session.one(passport, Passport::PERSON), Some(people[0]));
    assert_eq!(log.count(), 0);
}

/// Another one takes the place: the first one lets go, also where it was never loaded.
#[test]
fn a_place_is_taken() {
    for is_loaded in [true, false] {
        let (mut session, log) = session();
        let ada = session.get_one::<Person>(1).unwrap();
        let other = session.get_one::<Passport>(2).unwrap();
        if is_loaded {
            session.load(ada, Person::PASSPORT).unwrap();
            let first = session.one(ada, Person::PASSPORT).unwrap();
            session.link(ada, Person::PASSPORT, other);
            assert_eq!(session.one(first, Passport::PERSON), None);
            assert_eq!(session.one(ada, Person::PASSPORT), Some(other));
        } else {
            session.link(other, Passport::PERSON, ada);
        }
        assert_eq!((session[other].person_id, session.one(other, Passport::PERSON)), (Some(1), Some(ada)));
        session.commit().unwrap();
        assert_eq!(stored(&mut session, &log, PASSPORTS), ["p1 -", "p2 1"], "loaded: {is_loaded}");
    }
}

#[test]
fn two_change_places() {
    let (mut session, log) = session();
    let (ada, bob) = (session.get_one::<Person>(1).unwrap(), session.get_one::<Person>(2).unwrap());
    session.load([ada, bob], Person::PASSPORT).unwrap();
    let passport = session.one(ada, Person::PASSPORT).unwrap();
    session.link(bob, Person::PASSPORT, passport);
    assert!(session[ada].passport.is_none());
    assert_eq!(session[bob].passport.key(), Some(passport));
    session.commit().unwrap();
    assert_eq!(stored(&mut session, &log, PASSPORTS), ["p1 2", "p2 -"]);
}

#[test]
fn unlinked() {
    let (mut session, log) = session();
    let ada = session.get_one::<Person>(1).unwrap();
    session.load(ada, Person::PASSPORT).unwrap();
    let passport = session.one(ada, Person::PASSPORT).unwrap();
    session.unlink(ada, Person::PASSPORT, passport);
    assert_eq!((session.one(ada, Person::PASSPORT), session.one(passport, Passport::PERSON)), (None, None));
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["UPDATE passports 1"]);
    assert_eq!(stored(&mut session, &log, PASSPORTS), ["p1 -", "p2 -"]);
}

/// Values in the field: a new one, and nobody.
#[test]
fn assigned_values() {
    let (mut session, log) = session();
    let ada = session.get_one::<Person>(1).unwrap();
    session.load(ada, Person::PASSPORT).unwrap();
    session[ada].passport.set(Passport::build().number("p9"));
    session.flush().unwrap();
    assert_eq!(stored(&mut session, &log, PASSPORTS), ["p1 -", "p2 -", "p9 1"]);
    session[ada].passport = One::nobody();
    session.flush().unwrap();
    assert_eq!(stored(&mut session, &log, PASSPORTS), ["p1 -", "p2 -", "p9 -"]);
    assert!(session[ada].passport.is_none());
}

/// The same without loading first: who was there lets go.
#[test]
fn assigned_values_unloaded() {
    let (mut session, log) = session();
    let ada = session.get_one::<Person>(1).unwrap();
    session[ada].passport.set(Passport::build().number("p9"));
    session.flush().unwrap();
    assert_eq!(stored(&mut session, &log, PASSPORTS), ["p1 -", "p2 -", "p9 1"]);
    let (mut session, log) = self::session();
    let ada = session.get_one::<Person>(1).unwrap();
    session[ada].passport = One::nobody();
    session.flush().unwrap();
    assert_eq!(stored(&mut session, &log, PASSPORTS), ["p1 -", "p2 -"]);
}

#[test]
fn an_orphan_is_deleted() {
    let (mut session, log) = session();
    let ada = session.get_one::<Person>(1).unwrap();
    session.load(ada, Person::BADGE).unwrap();
    let badge = session.one(ada, Person::BADGE).unwrap();
    session.unlink(ada, Person::BADGE, badge);
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["DELETE badges 1"]);
    assert!(!session.contains(badge));
}

#[test]
fn deleted_with_its_owner() {
    for is_loaded in [true, false] {
        let (mut session, log) = session();
        let ada = session.get_one::<Person>(1).unwrap();
        if is_loaded {
            session.load(ada, Person::BADGE).unwrap();
            session.load(ada, Person::PASSPORT).unwrap();
        }
        log.count();
        session.delete(ada);
        session.commit().unwrap();
        let statements = log.short();
        assert_eq!(statements[statements.len() - 3..], ["UPDATE passports 1", "DELETE badges 1", "DELETE people 1"]);
        assert_eq!(statements.len(), if is_loaded { 3 } else { 5 });
        assert_eq!(stored(&mut session, &log, PASSPORTS), ["p1 -", "p2 -"]);
        assert!(stored(&mut session, &log, BADGES).is_empty());
    }
}

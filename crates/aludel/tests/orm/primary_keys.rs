//! Primary keys that change, that are used again, and that are given by the program.

use aludel::blocking::Session;
use aludel::prelude::*;

use crate::backend::on;
use crate::model::{Line, User, session};

#[test]
fn changed_in_part() {
    let (mut session, log) = session();
    let line = session.get_one::<Line>((1, 1)).unwrap();
    session[line].no = 7;
    session[line].txt = "moved".into();
    // Until the flush it is known by the key that the database has.
    assert_eq!(session.get::<Line>((1, 1)).unwrap(), Some(line));
    log.take();
    session.flush().unwrap();
    assert_eq!(log.sql(), ["UPDATE lines SET no = ?, txt = ? WHERE lines.doc_id = ? AND lines.no = ?"]);
    assert_eq!(session.get::<Line>((1, 7)).unwrap(), Some(line));
    assert!(log.take().is_empty());
    session[line].no = 8;
    session.commit().unwrap();
    session.refresh(line).unwrap();
    assert_eq!((session[line].no, session[line].txt.as_str()), (8, "moved"));
    session.delete(line);
    session.commit().unwrap();
    let left: Vec<i64> = session.fetch_all(select(Line::NO)).unwrap();
    assert_eq!(left, [2]);
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "countries")]
struct Country {
    #[column(primary_key)]
    code: String,
    name: String,
    #[has_many(City::COUNTRY, order_by = City::ID)]
    cities: Many<City>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "cities")]
struct City {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[column(references = Country::CODE, on_update = "cascade")]
    country: Option<String>,
    #[belongs_to(City::COUNTRY)]
    of: One<Country>,
}

fn countries() -> (Session, Key<Country>) {
    let engine = crate::backend::engine();
    engine.create_all(schema![Country, City]).unwrap();
    let mut session = Session::new(&engine);
    let cities = ["Berlin", "Bonn"].map(|name| City::build().name(name));
    let country = session.add(Country::build().code("de").name("Germany").cities(cities));
    session.commit().unwrap();
    session.refresh(country).unwrap();
    session.load(country, Country::CITIES).unwrap();
    (session, country)
}

/// A natural key, which the program gives; children are found by it.
#[test]
fn of_text() {
    let (mut session, country) = countries();
    assert_eq!(session.get::<Country>("de".into()).unwrap(), Some(country));
    let cities = session.keys(country, Country::CITIES);
    assert_eq!(session[cities[0]].country.as_deref(), Some("de"));
    session[country].code = "at".into();
    session.commit().unwrap();
    // The database has changed the children along.
    for city in &cities {
        session.refresh(*city).unwrap();
    }
    assert_eq!(session[cities[1]].country.as_deref(), Some("at"));
    assert_eq!(session.one(cities[1], City::OF), Some(country));
    assert_eq!(session.get::<Country>("at".into()).unwrap(), Some(country));
    assert!(session.get::<Country>("de".into()).unwrap().is_none());
}

/// The program gives a number; and the database goes on from there, but for PostgreSQL.
#[test]
fn given_by_the_program() {
    let (mut session, log) = session();
    let given = session.add(User::build().id(100).name("given"));
    let made = session.add(User::build().name("made"));
    session.flush().unwrap();
    assert_eq!(log.sql().len(), 2);
    assert_eq!((session[given].id, session[made].id), (100, on(101, 5, 101)));
    assert_eq!(session.get::<User>(100).unwrap(), Some(given));
    let error = session.add(User::build().id(100).name("twice"));
    assert!(session.flush().unwrap_err().is_unique_violation());
    session.expunge(error);
    session.commit().unwrap();
}

/// A row is deleted and another one with its key is added, in one flush.
#[test]
fn used_again_in_one_flush() {
    let (mut session, _) = session();
    let line = session.get_one::<Line>((1, 1)).unwrap();
    session.delete(line);
    let new = session.add(Line { doc_id: 1, no: 1, txt: "new".into() });
    session.flush().unwrap();
    assert_eq!(session.get::<Line>((1, 1)).unwrap(), Some(new));
    session.rollback().unwrap();
    assert_eq!(session.get::<Line>((1, 1)).unwrap(), Some(line));
    assert_eq!(session[line].txt, "a");
    session.delete(line);
    let new = session.add(Line { doc_id: 1, no: 1, txt: "new".into() });
    session.commit().unwrap();
    session.refresh(new).unwrap();
    assert_eq!(session[new].txt, "new");
    assert!(!session.contains(line));
}

/// Two rows exchange a key that is unique: the database sees them one by one and refuses, and nothing is lost.
#[test]
fn exchanged() {
    let (mut session, _) = session();
    let lines = session.fetch_all(Line::select().order_by(Line::NO)).unwrap();
    session[lines[0]].no = 2;
    session[lines[1]].no = 1;
    assert!(session.flush().unwrap_err().is_unique_violation());
    session.rollback().unwrap();
    // By way of a third.
    session[lines[0]].no = 3;
    session.flush().unwrap();
    session[lines[1]].no = 1;
    session.flush().unwrap();
    session[lines[0]].no = 2;
    session.commit().unwrap();
    let rows: Vec<(i64, String)> = session.fetch_all(select((Line::NO, Line::TXT)).order_by(Line::NO)).unwrap();
    assert_eq!(rows, [(1, "b".into()), (2, "a".into())]);
    assert_eq!(session.get::<Line>((1, 1)).unwrap(), Some(lines[1]));
}

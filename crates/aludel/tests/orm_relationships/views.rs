//! Relationships that are read only: with a condition, or because nobody is to write them.

use aludel::blocking::Session;
use aludel::immediateload;
use aludel::prelude::*;

use crate::log::{self, Log, stored};

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "people")]
struct Person {
    #[column(primary_key)]
    id: i64,
    #[has_many(Mail::PERSON_ID, order_by = Mail::ID)]
    mails: Many<Mail>,
    #[has_many(Mail::PERSON_ID, filter = Mail::ADDRESS.like("%@work.com"), order_by = Mail::ID)]
    at_work: Many<Mail>,
    #[has_many(Mail::PERSON_ID, view_only, order_by = desc(Mail::ID))]
    newest: Many<Mail>,
    #[has_one(Mail::PERSON_ID, filter = Mail::IS_MAIN.eq(true))]
    main: One<Mail>,
    #[many_to_many(Liking::PERSON_ID, Liking::THING_ID, order_by = Thing::ID)]
    things: Many<Thing>,
    #[many_to_many(Liking::PERSON_ID, Liking::THING_ID, filter = Thing::PRICE.gt(10), order_by = Thing::ID)]
    dear_things: Many<Thing>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "mails")]
struct Mail {
    #[column(primary_key)]
    id: i64,
    address: String,
    #[column(default)]
    is_main: bool,
    #[column(references = Person::ID)]
    person_id: Option<i64>,
    #[belongs_to(Self::PERSON_ID)]
    person: One<Person>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "things")]
struct Thing {
    #[column(primary_key)]
    id: i64,
    price: i64,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "likings")]
struct Liking {
    #[column(primary_key, references = Person::ID)]
    person_id: i64,
    #[column(primary_key, references = Thing::ID)]
    thing_id: i64,
}

const ROWS: [&str; 4] = [
    "INSERT INTO people VALUES (1), (2)",
    "INSERT INTO mails VALUES (1, 'a@work.com', false, 1), (2, 'a@home.org', true, 1), (3, 'b@home.org', false, 2)",
    "INSERT INTO things VALUES (1, 5), (2, 50), (3, 500)",
    "INSERT INTO likings VALUES (1, 1), (1, 2), (2, 3)",
];

fn session() -> (Session, Log) {
    log::session(schema![Person, Mail, Thing, Liking], &ROWS)
}

/// Each loader puts the condition in.
#[test]
fn conditions_by_every_loader() {
    let query = || Person::select().order_by(Person::ID);
    for how in 0..4 {
        let (mut session, log) = session();
        let people = match how {
            0 => session.fetch_all(query().options((
                selectinload(Person::AT_WORK),
                selectinload(Person::MAIN),
                selectinload(Person::DEAR_THINGS),
            ))),
            1 => session.fetch_all(query().options((
                joinedload(Person::AT_WORK),
                joinedload(Person::MAIN),
                joinedload(Person::DEAR_THINGS),
            ))),
            2 => session.fetch_all(query().options((
                subqueryload(Person::AT_WORK),
                subqueryload(Person::MAIN),
                subqueryload(Person::DEAR_THINGS),
            ))),
            _ => session.fetch_all(query().options((
                immediateload(Person::AT_WORK),
                immediateload(Person::MAIN),
                immediateload(Person::DEAR_THINGS),
            ))),
        };
        let people = people.unwrap();
        assert_eq!(log.count(), [4, 1, 4, 7][how]);
        let [one, two] = people[..] else { panic!("two") };
        let counts = people.iter().map(|key| (session[*key].at_work.len(), session[*key].dear_things.len()));
        assert_eq!(counts.collect::<Vec<_>>(), [(1, 1), (0, 1)], "{how}");
        let main = session.one(one, Person::MAIN).unwrap();
        assert_eq!(session[main].address, "a@home.org");
        assert_eq!(session.one(two, Person::MAIN), None);
    }
}

#[test]
fn nobody_writes_them() {
    let (mut session, _) = session();
    let one = session.get_one::<Person>(1).unwrap();
    session.load(one, Person::AT_WORK).unwrap();
    let mail = session.keys(one, Person::AT_WORK)[0];
    for relation in [Person::AT_WORK, Person::NEWEST] {
        let linked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| session.link(one, relation, mail)));
        let message = *linked.unwrap_err().downcast::<String>().unwrap();
        assert!(message.contains("is view-only: change the foreign key, or another relationship over it"), "{message}");
    }
}

/// What is done over the relationship that writes shows in the others when they are loaded again.
#[test]
fn beside_one_that_is_written() {
    let (mut session, log) = session();
    let one = session.get_one::<Person>(1).unwrap();
    session.load(one, Person::MAILS).unwrap();
    session.load(one, Person::AT_WORK).unwrap();
    session.load(one, Person::NEWEST).unwrap();
    let newest: Vec<i64> = session.view(one).many(Person::NEWEST).map(|mail| mail.id).collect();
    assert_eq!(newest, [2, 1]);
    let new = session.add(Mail::build().address("c@work.com"));
    session.link(one, Person::MAILS, new);
    session.commit().unwrap();
    assert_eq!((session[one].mails.len(), session[one].at_work.len()), (3, 1));
    session.load(one, Person::AT_WORK).unwrap();
    session.load(one, Person::NEWEST).unwrap();
    assert_eq!((session[one].at_work.len(), session.keys(one, Person::NEWEST)[0]), (2, new));
    // The unit of work goes by the one that is whole.
    log.count();
    session.delete(one);
    session.execute(text("DELETE FROM likings")).unwrap();
    session.commit().unwrap();
    let mails = "SELECT id || ' ' || coalesce(person_id, '-') FROM mails ORDER BY id";
    assert_eq!(stored(&mut session, &log, mails), ["1 -", "2 -", "3 2", "4 -"]);
}

/// A value assigned to one is nothing that a flush takes over.
#[test]
fn assigned_values_are_not_taken_over() {
    let (mut session, log) = session();
    let one = session.get_one::<Person>(1).unwrap();
    session[one].at_work.push(Mail::build().address("x@work.com"));
    log.count();
    let error = session.commit().unwrap_err().to_string();
    assert!(error.contains("Person.at_work is view-only"), "{error}");
    assert_eq!(log.count(), 0);
}

/// A one-to-one relationship of which the database has several rows gives one of them, and its owner once.
#[test]
fn several_where_one_is_wanted() {
    for how in 0..3 {
        let (mut session, _) = session();
        session.execute(text("UPDATE mails SET is_main = true")).unwrap();
        let query = Person::select().order_by(Person::ID).limit(2);
        let people = match how {
            0 => session.fetch_all(query.options(selectinload(Person::MAIN))),
            1 => session.fetch_all(query.options(joinedload(Person::MAIN))),
            _ => session.fetch_all(query.options(subqueryload(Person::MAIN))),
        };
        let people = people.unwrap();
        assert_eq!(people.len(), 2, "{how}");
        assert!(people.iter().all(|person| session.one(*person, Person::MAIN).is_some()));
    }
}

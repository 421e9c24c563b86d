//! Tables that refer to each other.

use aludel::blocking::Session;
use aludel::prelude::*;

use crate::log::{self, Log, stored};

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "persons")]
struct Person {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[column(references = Ball::ID)]
    favourite_id: Option<i64>,
    #[belongs_to(Self::FAVOURITE_ID, post_update)]
    favourite: One<Ball>,
    #[has_many(Ball::PERSON_ID, cascade = "all, delete-orphan")]
    balls: Many<Ball>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "balls")]
struct Ball {
    #[column(primary_key)]
    id: i64,
    color: String,
    #[column(references = Person::ID)]
    person_id: i64,
    #[belongs_to(Self::PERSON_ID)]
    person: One<Person>,
}

/// The same, and nobody says that it is set afterwards; either may be NULL.
#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "teams")]
struct Team {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[column(references = Player::ID)]
    captain_id: Option<i64>,
    #[belongs_to(Self::CAPTAIN_ID)]
    captain: One<Player>,
    #[has_many(Player::TEAM_ID)]
    players: Many<Player>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "players")]
struct Player {
    #[column(primary_key)]
    id: i64,
    name: String,
    #[column(references = Team::ID)]
    team_id: Option<i64>,
    #[belongs_to(Self::TEAM_ID)]
    team: One<Team>,
}

/// Neither may be NULL.
#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "hens")]
struct Hen {
    #[column(primary_key)]
    id: i64,
    #[column(references = Egg::ID)]
    egg_id: i64,
    #[belongs_to(Self::EGG_ID)]
    egg: One<Egg>,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "eggs")]
struct Egg {
    #[column(primary_key)]
    id: i64,
    #[column(references = Hen::ID)]
    hen_id: i64,
    #[belongs_to(Self::HEN_ID)]
    hen: One<Hen>,
}

fn session() -> (Session, Log) {
    log::session(schema![Person, Ball, Team, Player, Hen, Egg], &[])
}

const PERSONS: &str = "SELECT name || ' ' || coalesce(favourite_id, '-') FROM persons ORDER BY id";

/// Inserted with NULL, and updated when the other row is there.
#[test]
fn set_afterwards() {
    let (mut session, log) = session();
    let ada = session.add(Person::build().name("ada"));
    let balls = ["red", "blue"].map(|color| session.add(Ball::build().color(color)));
    session.link(ada, Person::BALLS, balls[0]);
    session.link(balls[1], Ball::PERSON, ada);
    session.link(ada, Person::FAVOURITE, balls[1]);
    session.flush().unwrap();
    assert_eq!(log.short(), ["INSERT persons 1", "INSERT balls 2", "UPDATE persons 1"]);
    assert_eq!(session[ada].favourite_id, Some(session[balls[1]].id));
    assert_eq!(stored(&mut session, &log, PERSONS), ["ada 2"]);
    session.link(ada, Person::FAVOURITE, balls[0]);
    session.flush().unwrap();
    assert_eq!(log.short(), ["UPDATE persons 1"]);
    // The favourite is set to NULL before its ball goes, and the ball before its person.
    session.delete(ada);
    session.commit().unwrap();
    assert_eq!(log.short(), ["UPDATE persons 1", "DELETE balls 2", "DELETE persons 1"]);
}

#[test]
fn set_afterwards_by_builders() {
    let (mut session, log) = session();
    for name in ["ada", "bob"] {
        let person = session.add(Person::build().name(name).balls([Ball::build().color("red")]));
        session.flush().unwrap();
        let ball = session.keys(person, Person::BALLS)[0];
        session.link(person, Person::FAVOURITE, ball);
    }
    session.commit().unwrap();
    assert_eq!(stored(&mut session, &log, PERSONS), ["ada 1", "bob 2"]);
    let people =
        session.fetch_all(Person::select().options((joinedload(Person::FAVOURITE), selectinload(Person::BALLS))));
    for person in people.unwrap() {
        assert_eq!(session.keys(person, Person::BALLS), [session.one(person, Person::FAVOURITE).unwrap()]);
        session.delete(person);
    }
    log.count();
    session.commit().unwrap();
    assert_eq!(log.short(), ["UPDATE persons 2", "DELETE balls 2", "DELETE persons 2"]);
}

/// A new row whose other one is there needs no update of its own.
#[test]
fn nothing_to_be_set_afterwards() {
    let (mut session, log) = session();
    let ada = session.add(Person::build().name("ada").balls([Ball::build().color("red")]));
    session.flush().unwrap();
    let ball = session.keys(ada, Person::BALLS)[0];
    log.count();
    let bob = session.add(Person::build().name("bob"));
    session.link(bob, Person::FAVOURITE, ball);
    session.commit().unwrap();
    assert_eq!(log.short(), ["INSERT persons 1"]);
}

/// Without `post_update` the tables are put in the order that the rows need, and a circle is broken where NULL may be.
#[test]
fn the_order_that_rows_need() {
    let (mut session, log) = session();
    let team = session.add(Team::build().name("a").players([Player::build().name("x"), Player::build().name("y")]));
    session.flush().unwrap();
    assert_eq!(log.short(), ["INSERT teams 1", "INSERT players 2"]);
    let star = session.add(Player::build().name("star"));
    let other = session.add(Team::build().name("b"));
    session.link(other, Team::CAPTAIN, star);
    session.flush().unwrap();
    assert_eq!(log.short(), ["INSERT players 1", "INSERT teams 1"]);
    assert_eq!((session[team].players.len(), session.one(other, Team::CAPTAIN)), (2, Some(star)));
}

#[test]
fn a_circle_of_rows() {
    let (mut session, log) = session();
    let (team, star) = (session.add(Team::build().name("a")), session.add(Player::build().name("star")));
    session.link(team, Team::PLAYERS, star);
    session.link(team, Team::CAPTAIN, star);
    session.flush().unwrap();
    assert_eq!(log.count(), 3);
    assert_eq!((session[team].captain_id, session[star].team_id), (Some(1), Some(1)));
    session.delete(team);
    session.delete(star);
    session.commit().unwrap();
    assert_eq!(stored(&mut session, &log, "SELECT name FROM teams UNION SELECT name FROM players"), [""; 0]);
}

#[test]
fn a_circle_that_nothing_breaks() {
    let (mut session, _) = session();
    let (hen, egg) = (session.add(Hen::build()), session.add(Egg::build()));
    session.link(hen, Hen::EGG, egg);
    session.link(egg, Egg::HEN, hen);
    let error = session.flush().unwrap_err().to_string();
    assert!(error.contains("refer to each other in a circle, and none of the foreign keys may be NULL"), "{error}");
    assert!(error.contains("Hen") && error.contains("Egg") && error.contains("`Option`"), "{error}");
}

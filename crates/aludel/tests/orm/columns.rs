//! Columns of every type, wherever a session moves them one by one: back from the database, between copies, through rollbacks.

use aludel::blocking::Session;
use aludel::prelude::*;
use aludel::{Date, DateTime, Decimal, SqlEnum, SqlNewtype, Time, Timestamp};
use serde_json::json;

#[derive(SqlEnum, Clone, Copy, Debug, PartialEq)]
enum Colour {
    Red,
    DarkBlue,
}

#[derive(SqlEnum, Clone, Copy, Debug, PartialEq)]
#[sql_enum(integer)]
#[repr(i64)]
enum Level {
    Low = -1,
    High = 7,
}

#[derive(SqlNewtype, Clone, Debug, PartialEq)]
struct Tag(String);

#[derive(Composite, Clone, Debug, PartialEq)]
struct Money {
    amount: Decimal,
    currency: String,
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "things")]
struct Thing {
    #[column(primary_key)]
    id: i64,
    yes: bool,
    tiny: i8,
    small: i16,
    #[column(name = "whole")]
    int: i32,
    byte: u8,
    word: u16,
    double_word: u32,
    single: f32,
    double: f64,
    text: String,
    bytes: Vec<u8>,
    date: Date,
    time: Time,
    datetime: DateTime,
    timestamp: Timestamp,
    decimal: Decimal,
    jiff_date: jiff::civil::Date,
    jiff_time: jiff::civil::DateTime,
    jiff_stamp: jiff::Timestamp,
    rust_decimal: rust_decimal::Decimal,
    json: serde_json::Value,
    colour: Colour,
    level: Level,
    tag: Tag,
    #[composite(columns(amount: Decimal, currency: String))]
    price: Money,
    #[composite(columns(paid_amount: Decimal, paid_currency: String))]
    paid: Option<Money>,
    maybe_yes: Option<bool>,
    maybe_int: Option<i32>,
    maybe_text: Option<String>,
    maybe_bytes: Option<Vec<u8>>,
    maybe_date: Option<Date>,
    maybe_stamp: Option<jiff::Timestamp>,
    maybe_json: Option<serde_json::Value>,
    maybe_colour: Option<Colour>,
    maybe_tag: Option<Tag>,
    #[column(computed = "whole * 2")]
    twice: i64,
}

fn first() -> Thing {
    Thing {
        id: 0,
        yes: true,
        tiny: i8::MIN,
        small: i16::MAX,
        int: -5,
        byte: u8::MAX,
        word: u16::MAX,
        double_word: u32::MAX,
        single: 0.1,
        double: 0.1 + 0.2,
        text: "it's \u{1F980}".into(),
        bytes: vec![0, 1, 255],
        date: Date::from_ymd(2024, 2, 29).unwrap(),
        time: Time::from_hms_nano(23, 59, 59, 123_456_000).unwrap(),
        datetime: DateTime::parse("1999-12-31 01:02:03").unwrap(),
        timestamp: Timestamp::parse("2023-11-14 22:13:20.005Z").unwrap(),
        decimal: Decimal::parse("12345.6789").unwrap(),
        jiff_date: jiff::civil::date(2024, 2, 29),
        jiff_time: jiff::civil::date(2024, 2, 29).at(1, 2, 3, 4_000),
        jiff_stamp: "2024-02-29T01:02:03.5Z".parse().unwrap(),
        rust_decimal: "0.001".parse().unwrap(),
        json: json!({"a": [1, null, "x"]}),
        colour: Colour::DarkBlue,
        level: Level::High,
        tag: Tag("t".into()),
        price: Money { amount: Decimal::parse("9.99").unwrap(), currency: "EUR".into() },
        paid: Some(Money { amount: Decimal::parse("1.5").unwrap(), currency: "CHF".into() }),
        maybe_yes: Some(false),
        maybe_int: Some(0),
        maybe_text: Some(String::new()),
        maybe_bytes: Some(Vec::new()),
        maybe_date: Some(Date::from_ymd(1970, 1, 1).unwrap()),
        maybe_stamp: Some(jiff::Timestamp::UNIX_EPOCH),
        maybe_json: Some(json!([])),
        maybe_colour: Some(Colour::Red),
        maybe_tag: Some(Tag(String::new())),
        twice: -10,
    }
}

/// Every column differs from the first.
fn second(id: i64) -> Thing {
    Thing {
        id,
        yes: false,
        tiny: 1,
        small: -1,
        int: 6,
        byte: 0,
        word: 1,
        double_word: 2,
        single: -1.5,
        double: f64::MAX,
        text: "other".into(),
        bytes: vec![9],
        date: Date::from_ymd(2000, 1, 1).unwrap(),
        time: Time::from_hms_nano(0, 0, 0, 0).unwrap(),
        datetime: DateTime::parse("2001-01-01 00:00:00.000001").unwrap(),
        timestamp: Timestamp::parse("1969-12-31 23:59:55Z").unwrap(),
        decimal: Decimal::parse("-0.5").unwrap(),
        jiff_date: jiff::civil::date(1, 1, 1),
        jiff_time: jiff::civil::date(2030, 1, 1).at(0, 0, 0, 0),
        jiff_stamp: jiff::Timestamp::UNIX_EPOCH,
        rust_decimal: "-17".parse().unwrap(),
        json: json!("text"),
        colour: Colour::Red,
        level: Level::Low,
        tag: Tag("u".into()),
        price: Money { amount: Decimal::parse("0").unwrap(), currency: "USD".into() },
        paid: None,
        maybe_yes: None,
        maybe_int: None,
        maybe_text: None,
        maybe_bytes: None,
        maybe_date: None,
        maybe_stamp: None,
        maybe_json: None,
        maybe_colour: None,
        maybe_tag: None,
        twice: 12,
    }
}

fn session() -> (Session, Key<Thing>) {
    let engine = crate::backend::engine();
    engine.create_all(schema![Thing]).unwrap();
    let mut session = Session::new(&engine);
    let key = session.add(first());
    session.commit().unwrap();
    (session, key)
}

#[test]
fn inserted_and_read_again() {
    let (mut session, key) = session();
    assert_eq!(session[key], Thing { id: 1, ..first() });
    session.refresh(key).unwrap();
    assert_eq!(session[key], Thing { id: 1, ..first() });
    assert!(!session.is_modified(key));
}

#[test]
fn changed_and_rolled_back() {
    let (mut session, key) = session();
    session[key] = second(1);
    assert!(session.is_modified(key));
    session.flush().unwrap();
    session.refresh(key).unwrap();
    assert_eq!(session[key], second(1));
    session.rollback().unwrap();
    assert_eq!(session[key], Thing { id: 1, ..first() });
    session.refresh(key).unwrap();
    assert_eq!(session[key], Thing { id: 1, ..first() });
}

#[test]
fn merged_and_assigned() {
    let (mut session, key) = session();
    session.refresh(key).unwrap();
    assert_eq!(session.merge(Thing { id: 1, ..first() }).unwrap(), key);
    assert!(!session.is_modified(key));
    session.merge(second(1)).unwrap();
    assert_eq!(session[key], Thing { twice: session[key].twice, ..second(1) });
    session.commit().unwrap();
    session.refresh(key).unwrap();
    assert_eq!(session[key], second(1));
}

#[test]
fn left_out_and_read_by_themselves() {
    let (mut session, _) = session();
    session.expunge_all();
    let query = Thing::select().options(load_only(Thing::TEXT));
    let key = session.fetch_one(query).unwrap();
    assert_eq!(session[key].text, first().text);
    assert!(session.value(key, Thing::JSON).is_err());
    session
        .refresh_only(key, (Thing::JSON, Thing::DECIMAL, Thing::JIFF_STAMP, Thing::COLOUR, Thing::MAYBE_TAG))
        .unwrap();
    assert_eq!(session.value(key, Thing::JSON).unwrap(), &first().json);
    assert_eq!(session.value(key, Thing::DECIMAL).unwrap(), &first().decimal);
    session
        .refresh_only(
            key,
            (Thing::LEVEL, Thing::BYTES, Thing::AMOUNT, Thing::CURRENCY, Thing::TIMESTAMP, Thing::SINGLE),
        )
        .unwrap();
    assert_eq!((session[key].level, session[key].single), (Level::High, 0.1));
    assert_eq!(session[key].price, first().price);
    assert!(!session.is_modified(key));
    session[key].text = "x".into();
    session.commit().unwrap();
    session.refresh(key).unwrap();
    assert_eq!(session[key], Thing { id: 1, text: "x".into(), ..first() });
}

/// An UPDATE of the program's own: each row comes back and is carried over.
#[test]
fn changed_by_a_statement() {
    let (mut session, key) = session();
    session.refresh(key).unwrap();
    session.execute(Thing::update().set(Thing::INT, 50)).unwrap();
    assert_eq!(session[key], Thing { id: 1, int: 50, twice: 100, ..first() });
    session.rollback().unwrap();
    assert_eq!(session[key], Thing { id: 1, ..first() });
    session.bulk_update((Thing::JSON, Thing::MAYBE_DATE, Thing::COLOUR, Thing::SINGLE), [second(1)]).unwrap();
    session.refresh(key).unwrap();
    let wanted = Thing { id: 1, json: json!("text"), maybe_date: None, colour: Colour::Red, single: -1.5, ..first() };
    assert_eq!(session[key], wanted);
}

/// A flush that fails puts back what it had assigned.
#[test]
fn in_a_flush_that_failed() {
    let (mut session, key) = session();
    session.refresh(key).unwrap();
    session[key].int = 6;
    let twin = session.add(Thing { id: 1, ..second(1) });
    assert!(session.flush().unwrap_err().is_unique_violation());
    assert_eq!(session[key], Thing { id: 1, int: 6, ..first() });
    assert_eq!(session[twin], second(1));
    session.expunge(twin);
    session.commit().unwrap();
    session.refresh(key).unwrap();
    assert_eq!(session[key].twice, 12);
}

/// On the way out of a graph and back.
#[test]
fn streamed_and_detached() {
    let (mut session, _) = session();
    session.add_all((0..5).map(|_| second(0)));
    let mut stream = session.stream(Thing::select().order_by(Thing::ID), 4);
    let part = stream.next().unwrap().unwrap();
    assert_eq!(stream[part[3]], second(4));
    drop(stream);
    let value = session.detach(part[0]);
    assert_eq!(value, Thing { id: 1, ..first() });
}

//! Constructs that SQLAlchemy's list does not have: each gives the same on every database that can say it.

use std::fmt::Debug;
use std::time::SystemTime;

use aludel::blocking::Engine;
use aludel::language::{Expr, Expression, func, literal, select, text, tuple, value};
use aludel::{DateTime, Result, Timestamp};
use aludel_sql::Delete;

use crate::backend::Backend;
use crate::data;
use crate::schema::{Address, User};

/// What only reads, on tables that other tests read too; each test keeps them, so that they need not be made again.
fn reads<T: Debug + PartialEq>(backends: &[Backend], expected: &T, run: impl Fn(&Engine) -> Result<T>) {
    for backend in backends {
        match run(&data::filled(*backend).engine) {
            Ok(given) => assert_eq!(given, *expected, "{}", backend.name()),
            Err(error) => panic!("{}: {error}", backend.name()),
        }
    }
}

/// What changes the tables, on tables of its own.
fn changes<T: Debug + PartialEq>(backends: &[Backend], expected: &T, run: impl Fn(&Engine) -> Result<T>) {
    for backend in backends {
        let engine = data::engine(*backend);
        data::fill(&engine, *backend, "");
        match run(&engine) {
            Ok(given) => assert_eq!(given, *expected, "{}", backend.name()),
            Err(error) => panic!("{}: {error}", backend.name()),
        }
    }
}

fn refused(backend: Backend, words: &str, run: impl Fn(&Engine) -> Result<()>) {
    let error = run(&data::filled(backend).engine).unwrap_err().to_string();
    assert!(error.contains(words), "{}: {error}", backend.name());
}

fn some_text(text: &str) -> Expr<String> {
    value(text.to_owned())
}

#[test]
fn fields_of_a_date_are_whole_numbers_and_count_alike() {
    let _kept = Backend::ALL.map(data::filled);
    // A Sunday in the last week of the year before.
    let moment: DateTime = "2021-01-03 04:05:06.75".parse().unwrap();
    let fields = [
        ("year", 2021),
        ("month", 1),
        ("day", 3),
        ("hour", 4),
        ("minute", 5),
        ("second", 6),
        ("dow", 0),
        ("isodow", 7),
        ("doy", 3),
        ("week", 53),
        ("isoyear", 2020),
        ("epoch", 1_609_646_706),
    ];
    for (field, expected) in fields {
        reads(&Backend::ALL, &expected, |engine| engine.fetch_one(select(value(moment).extract(field))));
    }
}

#[test]
fn what_is_cast_to_a_truth_value_is_one() {
    let _kept = Backend::ALL.map(data::filled);
    let ages = select(User::AGE.cast::<Option<bool>>()).order_by(User::ID);
    let expected = [Some(true), Some(true), Some(true), None, Some(true)];
    reads(&Backend::ALL, &expected.to_vec(), |engine| engine.fetch_all(ages.clone()));
    for (word, expected) in [("true", true), ("f", false), ("YES", true), ("0", false)] {
        reads(&Backend::ALL, &expected, |engine| engine.fetch_one(select(some_text(word).cast::<bool>())));
    }
    let inside = select(value(serde_json::json!({"a": true})).json_text(["a"]).cast::<bool>());
    reads(&Backend::ALL, &true, |engine| engine.fetch_one(inside.clone()));
}

#[test]
fn numbers_are_divided_and_rounded_alike() {
    let _kept = Backend::ALL.map(data::filled);
    let whole = select((value(-7).floor_div(2), value(7).floor_div(-2)));
    reads(&Backend::ALL, &(-3, -3), |engine| engine.fetch_one(whole.clone()));
    let twice = select((User::AGE / 2).floor_div(2.0)).filter(User::ID.in_([1, 2])).order_by(User::ID);
    reads(&Backend::ALL, &vec![Some(6.0), Some(4.0)], |engine| engine.fetch_all(twice.clone()));
    let rounded = select((func::round(value(2.567), 1), func::round(value(-7.5).floor_div(2.0), 0)));
    reads(&Backend::ALL, &(2.6, -3.0), |engine| engine.fetch_one(rounded.clone()));
}

#[test]
fn a_text_alone_has_a_type() {
    let _kept = Backend::ALL.map(data::filled);
    let query = select(User::ID).filter(some_text("x").is_null().or(User::NAME.eq("ed")));
    reads(&Backend::ALL, &vec![1], |engine| engine.fetch_all(query.clone()));
    let whole = func::call::<String>("concat", (User::NAME, some_text("-"), User::ID));
    let query = select(whole).filter(User::ID.eq(1));
    reads(&Backend::SERVERS, &"ed-1".to_owned(), |engine| engine.fetch_one(query.clone()));
    let document = select(value(serde_json::json!({"a": "x"})).json_text(["a"]));
    reads(&Backend::ALL, &Some("x".to_owned()), |engine| engine.fetch_one(document.clone()));
}

#[test]
fn lists_may_be_as_long_as_the_database_allows() {
    let _kept = Backend::ALL.map(data::filled);
    let among = |count: i32| select(func::count_all()).from(User::TABLE).filter(User::ID.in_(0..count));
    reads(&Backend::SERVERS, &5, |engine| engine.fetch_one(among(40_000)));
    reads(&[Backend::Sqlite], &5, |engine| engine.fetch_one(among(32_766)));
    reads(&[Backend::Postgres], &5, |engine| engine.fetch_one(among(70_000)));
    let words = "131072 placeholders in one statement (65535 is the most)";
    refused(Backend::MariaDb, words, |engine| engine.fetch_one(among(70_000)).map(drop));
}

#[test]
fn rows_of_the_table_itself_can_be_inserted_again() {
    let columns = (Address::ID, Address::USER_ID, Address::EMAIL);
    let rows = || {
        aludel::language::insert(Address::TABLE).from_query(columns, select(columns).filter(Address::ID.in_([2, 3])))
    };
    let after = || select((Address::ID, Address::USER_ID)).order_by(Address::ID);
    changes(&Backend::ALL, &vec![(1, 1), (2, 1), (3, 2), (10, 5)], |engine| {
        engine.execute(rows().on_conflict_do_nothing())?;
        engine.fetch_all(after())
    });
    changes(&Backend::ALL, &vec![(1, 1), (2, 2), (3, 4), (10, 5)], |engine| {
        let sum = Address::USER_ID + aludel::language::excluded(Address::USER_ID);
        engine.execute(rows().on_conflict(Address::ID).do_update([Address::USER_ID.set(sum)]))?;
        engine.fetch_all(after())
    });
    // Of another table that has a column of the same name.
    changes(&Backend::ALL, &vec![(1, 1), (2, 1), (3, 2), (4, 4), (5, 5), (10, 5)], |engine| {
        let users = select((User::ID, User::ID, User::NAME));
        engine.execute(aludel::language::insert(Address::TABLE).from_query(columns, users).on_conflict_do_nothing())?;
        engine.fetch_all(after())
    });
}

#[test]
fn a_query_behind_in_may_be_limited() {
    let _kept = Backend::ALL.map(data::filled);
    let first = || select(User::ID).order_by(User::ID).limit(2);
    reads(&Backend::ALL, &vec![1, 2], |engine| {
        engine.fetch_all(select(User::ID).filter(User::ID.in_query(first())).order_by(User::ID))
    });
    changes(&Backend::ALL, &2, |engine| {
        let addresses = select(Address::ID).order_by(Address::ID.desc()).limit(2);
        engine.execute(aludel::language::delete(Address::TABLE).filter(Address::ID.in_query(addresses)))
    });
}

#[test]
fn rows_are_compared_as_they_are_sorted() {
    let _kept = Backend::ALL.map(data::filled);
    let page = |condition| select(User::NAME).filter(condition).order_by((User::NAME, User::ID));
    let place = || tuple((User::NAME, User::ID));
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    reads(&Backend::ALL, &names(&["mary", "ted", "wendy"]), |engine| engine.fetch_all(page(place().gt(("fred", 4)))));
    reads(&Backend::ALL, &names(&["fred", "mary", "ted", "wendy"]), |engine| {
        engine.fetch_all(page(place().ge(("fred", 4))))
    });
    reads(&Backend::ALL, &names(&["ed"]), |engine| engine.fetch_all(page(place().lt(("fred", 4)))));
    reads(&Backend::ALL, &names(&["fred"]), |engine| engine.fetch_all(page(place().eq(("fred", 4)))));
    refused(Backend::Sqlite, "a tuple of 2 expressions is compared with 1 values", |engine| {
        engine.fetch_all(page(place().ne(("fred",)))).map(drop)
    });
}

#[test]
fn aggregates_of_distinct_values() {
    let _kept = Backend::ALL.map(data::filled);
    let query = select(func::sum((User::ID % 2).distinct()));
    reads(&Backend::ALL, &Some(1), |engine| engine.fetch_one(query.clone()));
    let names = func::aggregate_strings(func::substring(User::NAME, literal(1_i64), literal(1_i64)).distinct(), "-");
    let query = select(names.aggregate_order_by(func::substring(User::NAME, literal(1_i64), literal(1_i64))));
    reads(&Backend::SERVERS, &Some("e-f-m-t-w".to_owned()), |engine| engine.fetch_one(query.clone()));
    refused(Backend::Postgres, "distinct() belongs to the first argument", |engine| {
        engine.fetch_one(select(func::sum(User::ID).distinct())).map(drop)
    });
}

#[test]
fn as_many_rows_as_are_equal_to_the_last() {
    let _kept = Backend::ALL.map(data::filled);
    let query = select(User::ACTIVE).order_by(User::ACTIVE).limit(1).with_ties();
    reads(&Backend::SERVERS, &vec![false, false], |engine| engine.fetch_all(query.clone()));
}

#[test]
fn the_database_s_clock_has_fractions() {
    let _kept = Backend::ALL.map(data::filled);
    let time = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let now = Timestamp { seconds: i64::try_from(time.as_secs()).unwrap(), nanos: time.subsec_nanos() };
    let later = select((func::now().ge(now.to_utc().unwrap()), func::current_timestamp().ge(now.to_utc().unwrap())));
    // The others tell it in a zone of their own, or in whole seconds.
    reads(&[Backend::MariaDb], &(true, true), |engine| engine.fetch_one(later.clone()));
}

#[test]
fn what_the_database_can_not_say_is_told_before_it_is_sent() {
    let _kept = Backend::ALL.map(data::filled);
    let emails: Delete<Address, i32> = aludel::language::delete(Address::TABLE)
        .using(User::TABLE)
        .filter(Address::USER_ID.eq(User::ID))
        .returning(Address::ID);
    refused(Backend::MariaDb, "RETURNING in a DELETE that reads further tables", |engine| {
        engine.fetch_all(emails.clone()).map(drop)
    });
}

#[test]
fn text_between_dollars_is_left_alone() {
    let _kept = Backend::ALL.map(data::filled);
    let query = text("SELECT $$:a ? '$$, $x$$$ :b $x$, :c").bind("c", 5).rows_as::<(String, String, i32)>();
    let expected = (":a ? '".to_owned(), "$$ :b ".to_owned(), 5);
    reads(&[Backend::Postgres], &expected, |engine| engine.fetch_one(query.clone()));
}

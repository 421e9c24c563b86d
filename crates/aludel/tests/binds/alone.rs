//! Values alone, and what the database says of their types.

use aludel::language::{func::call, text, value};
use aludel::prelude::*;
use aludel::{Date, Decimal};

use crate::{ALL, POSTGRES, Place, gives, places};

#[test]
fn values() {
    let places = places();
    gives!(places, ALL, value(7_i16) => 7);
    gives!(places, ALL, value(7_i32) => 7);
    gives!(places, ALL, value(7_i64) => 7);
    gives!(places, ALL, value(i64::MAX) => i64::MAX);
    gives!(places, ALL, value(i64::MIN) => i64::MIN);
    gives!(places, ALL, value(1.5_f64) => 1.5);
    gives!(places, ALL, value("text".to_owned()) => "text");
    gives!(places, ALL, value(true) => true);
    gives!(places, ALL, value(Date::from_ymd(2024, 2, 29).unwrap()) => Date::from_ymd(2024, 2, 29).unwrap());
    gives!(places, POSTGRES, value(Decimal::parse("1.50").unwrap()) => Decimal::parse("1.50").unwrap());
    gives!(places, POSTGRES, call::<String>("pg_typeof", value(7_i16)).cast::<String>() => "smallint");
    gives!(places, POSTGRES, call::<String>("pg_typeof", value(7_i32)).cast::<String>() => "integer");
    gives!(places, POSTGRES, call::<String>("pg_typeof", value(7_i64)).cast::<String>() => "bigint");
}

/// One statement serves values of any size: its types don't depend on them.
#[test]
fn a_statement_takes_what_fits_its_type() {
    for place in places() {
        let engine = &place.blocking;
        for number in [1, 1 << 20, 1 << 40, i64::MAX / 4] {
            assert_eq!(engine.fetch_one(select(value(number) * 3_i64)).unwrap(), number * 3);
        }
        let misses = engine.cache_statistics().misses;
        assert_eq!(misses, 1, "on {}", place.backend.name());
    }
    let place = Place::new(aludel_testsuite::Backend::Postgres);
    let repeat = |count: i64| select(call::<String>("repeat", (value("a".to_owned()), value(count))));
    assert_eq!(place.blocking.fetch_one(repeat(3)).unwrap(), "aaa");
    for _ in 0..2 {
        let error = place.blocking.fetch_one(repeat(1 << 40)).unwrap_err();
        assert_eq!(error.database().unwrap().code(), "22003", "{error}");
        assert!(error.to_string().contains("integer out of range"), "{error}");
        assert_eq!(place.blocking.fetch_one(repeat(2)).unwrap(), "aa");
    }
}

/// SQL of the program's own says the type itself where the server takes no `bigint`.
#[test]
fn text_of_the_program() {
    let place = Place::new(aludel_testsuite::Backend::Postgres);
    let query = |sql: &str| text(sql).bind("n", 3_i64).rows_as::<String>();
    let engine = &place.blocking;
    assert_eq!(engine.fetch_one(query("SELECT repeat('a', :n::int)")).unwrap(), "aaa");
    let error = engine.fetch_one(query("SELECT repeat('a', :n)")).unwrap_err();
    assert_eq!(error.database().unwrap().code(), "42883");
    assert!(error.to_string().contains("repeat(unknown, bigint)"), "{error}");
    assert_eq!(engine.fetch_one(text("SELECT :n").bind("n", 3_i64).rows_as::<i64>()).unwrap(), 3);
}

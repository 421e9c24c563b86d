//! Arguments of functions.

use aludel::language::func::{self, call};
use aludel::language::{Expr, literal, value, window};
use aludel::prelude::*;
use aludel::{Date, DateTime, Decimal, Interval};
use aludel_testsuite::Backend;

use crate::{ALL, MARIADB, POSTGRES, SERVERS, gives, places};

fn s(text: &str) -> Expr<String> {
    value(text.to_owned())
}

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).unwrap()
}

/// Each number of each width wherever a function takes a whole number.
#[test]
fn whole_numbers() {
    let places = places();
    macro_rules! of {
        ($($type:ty)+) => { $({
            let n = |number: i16| value(<$type>::from(number));
            let text = || s("abcdef");
            gives!(places, ALL, call::<String>("substr", (text(), n(3))) => "cdef");
            gives!(places, ALL, call::<String>("SUBSTR", (text(), n(3), n(2))) => "cd");
            gives!(places, SERVERS, call::<String>("left", (text(), n(2))) => "ab");
            gives!(places, SERVERS, call::<String>("right", (text(), n(2))) => "ef");
            gives!(places, SERVERS, call::<String>("repeat", (s("ab"), n(3))) => "ababab");
            gives!(places, SERVERS, call::<String>("lpad", (s("ab"), n(4), s("."))) => "..ab");
            gives!(places, SERVERS, call::<String>("rpad", (s("ab"), n(4), s("."))) => "ab..");
            gives!(places, SERVERS, call::<Decimal>("round", (value(decimal("2.345")), n(1))) => decimal("2.3"));
            gives!(places, POSTGRES, call::<Decimal>("trunc", (value(decimal("2.345")), n(1))) => decimal("2.3"));
            gives!(places, ALL, call::<$type>("coalesce", (n(4), n(5))) => 4);
            gives!(places, ALL, call::<$type>("nullif", (n(4), n(5))) => 4);
            gives!(places, ALL, call::<$type>("abs", n(-4)) => 4);
            gives!(places, SERVERS, call::<$type>("greatest", (n(4), n(5), n(1))) => 5);
            gives!(places, SERVERS, call::<$type>("mod", (n(9), n(5))) => 4);
            gives!(places, SERVERS, call::<f64>("power", (n(2), n(5))) => 32.0);
            gives!(places, SERVERS, call::<f64>("sqrt", n(16)) => 4.0);
            gives!(places, SERVERS, call::<String>("concat", (s("n"), n(5))) => "n5");
            gives!(places, MARIADB, call::<Date>("makedate", (n(2024), n(32))) => Date::from_ymd(2024, 2, 1).unwrap());

            gives!(places, POSTGRES, call::<Date>("make_date", (n(2024), n(2), n(29))) => Date::from_ymd(2024, 2, 29).unwrap());
            gives!(places, POSTGRES, call::<Interval>("make_interval", (n(1), n(2))) => Interval { months: 14, ..Interval::default() });
            gives!(places, POSTGRES, call::<String>("split_part", (s("a-b-c"), s("-"), n(2))) => "b");
            gives!(places, POSTGRES, call::<String>("pg_catalog.chr", n(65)) => "A");
            gives!(places, POSTGRES, call::<String>("overlay", (text(), s("XX"), n(2), n(3))) => "aXXef");
            gives!(places, POSTGRES, call::<String>("regexp_replace", (s("aaa"), s("a"), s("b"), n(2), n(2))) => "aab");
            gives!(places, POSTGRES, call::<i32>("regexp_instr", (s("abab"), s("b"), n(1), n(2))) => 4);
            gives!(places, POSTGRES, call::<i32>("width_bucket", (value(5.5_f64), value(0.0_f64), value(10.0_f64), n(5))) => 3);
            gives!(places, POSTGRES, call::<i32>("array_length", (value(vec![1_i32, 2]), n(1))) => 2);
            gives!(places, POSTGRES, call::<Vec<i32>>("trim_array", (value(vec![1_i32, 2, 3]), n(2))) => [1]);
            gives!(places, POSTGRES, call::<String>("to_char", (n(5), s("FM009"))) => "005");
            gives!(places, POSTGRES, call::<String>("to_hex", n(255)) => "ff");
            gives!(places, POSTGRES, call::<String>("format_type", (literal(1043_i64), n(9))) => "character varying(5)");
            gives!(places, POSTGRES, call::<bool>("pg_try_advisory_xact_lock", (n(5), n(6))) => true);
            gives!(places, POSTGRES, call::<bool>("pg_try_advisory_xact_lock", n(5)) => true);
            gives!(places, POSTGRES, call::<String>("jsonb_build_array", (n(5), n(6))).cast::<String>() => "[5, 6]");
            gives!(places, POSTGRES, call::<i64>("factorial", n(4)).cast::<i64>() => 24);
            gives!(places, POSTGRES, call::<bool>("isfinite", call::<DateTime>("to_timestamp", n(0))) => true)
        })+ };
    }
    of!(i32 i64);
    // The narrowest goes wherever a wider one goes.
    let n = |number: i16| value(number);
    gives!(places, ALL, call::<String>("substr", (s("abcdef"), n(3), n(2))) => "cd");
    gives!(places, SERVERS, call::<String>("repeat", (s("ab"), n(3))) => "ababab");
    gives!(places, POSTGRES, call::<Date>("make_date", (n(2024), n(2), n(29))) => Date::from_ymd(2024, 2, 29).unwrap());
    gives!(places, SERVERS, call::<Decimal>("round", (value(decimal("2.345")), n(1))) => decimal("2.3"));
}

/// What is computed of wide numbers is wide too, and NULLs are values.
#[test]
fn computed_numbers_and_nulls() {
    let places = places();
    let two = || value(1_i64) + 1_i64;
    gives!(places, ALL, call::<String>("substr", (s("abcdef"), two())) => "bcdef");
    gives!(places, ALL, func::substring(s("abcdef"), two(), func::char_length(s("abc"))) => "bcd");
    gives!(places, SERVERS, call::<String>("repeat", (s("ab"), call::<i64>("abs", value(-2_i64)))) => "abab");
    gives!(places, SERVERS, call::<Option<String>>("repeat", (s("ab"), func::nullif(value(2_i64), 2_i64))) => None);
    gives!(places, ALL, call::<String>("substr", (s("abcdef"), literal(3_i64), value(2_i64))) => "cd");
    gives!(places, ALL, call::<String>("substr", (s("abcdef"), value(3_i64).cast::<i32>(), value(2_i32))) => "cd");
}

/// Values that are no whole numbers.
#[test]
fn other_values() {
    let places = places();
    let day = || value(Date::from_ymd(2024, 2, 29).unwrap());
    gives!(places, POSTGRES, call::<Date>("date_trunc", (s("month"), day())).cast::<Date>() => Date::from_ymd(2024, 2, 1).unwrap());
    gives!(places, POSTGRES, call::<f64>("date_part", (s("day"), day())) => 29.0);
    gives!(places, POSTGRES, call::<String>("to_char", (day(), s("YYYY"))) => "2024");
    gives!(places, MARIADB, call::<i64>("dayofmonth", day()) => 29);
    gives!(places, ALL, call::<String>("upper", s("a")) => "A");
    gives!(places, ALL, call::<i64>("length", s("abc")) => 3);
    gives!(places, ALL, call::<String>("replace", (s("abc"), s("b"), s("-"))) => "a-c");
    gives!(places, ALL, call::<f64>("abs", value(-1.5_f64)) => 1.5);
    gives!(places, ALL, call::<f64>("coalesce", (value(1.5_f64), value(2.5_f64))) => 1.5);
    gives!(places, SERVERS, call::<f64>("power", (value(1.5_f64), value(2_i64))) => 2.25);
    gives!(places, SERVERS, call::<f64>("ceiling", value(1.5_f64)) => 2.0);
    gives!(places, ALL, call::<Decimal>("abs", value(decimal("-1.50"))).cast::<f64>() => 1.5);
    gives!(places, POSTGRES, call::<String>("md5", s("a")) => "0cc175b9c0f1b6a831c399e269772661");
    gives!(places, POSTGRES, call::<bool>("starts_with", (s("abc"), s("ab"))) => true);
}

/// Functions that take anything are told what a text is.
#[test]
fn arguments_of_any_type() {
    let places = places();
    let n = || value(5_i64);
    gives!(places, SERVERS, call::<String>("concat", (s("a"), n(), value(1.5_f64))) => "a51.5");
    gives!(places, SERVERS, call::<String>("concat_ws", (s("-"), s("a"), s("b"))) => "a-b");
    gives!(places, POSTGRES, call::<String>("format", (s("%s is %s"), s("a"), n())) => "a is 5");
    gives!(places, POSTGRES, call::<String>("json_build_array", (s("a"), n())).cast::<String>() => r#"["a", 5]"#);
    gives!(places, POSTGRES, call::<String>("jsonb_build_object", (s("a"), n(), s("b"), s("c"))).cast::<String>() => r#"{"a": 5, "b": "c"}"#);
    gives!(places, POSTGRES, call::<String>("to_jsonb", s("a")).cast::<String>() => "\"a\"");
    gives!(places, POSTGRES, call::<String>("to_json", n()).cast::<String>() => "5");
    let json = || value(serde_json::json!([1, {"a": null}]));
    gives!(places, POSTGRES, call::<serde_json::Value>("jsonb_build_array", json()) => serde_json::json!([[1, {"a": null}]]));
    gives!(places, POSTGRES, call::<i32>("num_nulls", (s("a"), n(), aludel::language::null::<String>().cast::<Option<String>>())) => 1);
    gives!(places, POSTGRES, call::<String>("pg_typeof", s("a")).cast::<String>() => "text");
    gives!(places, ALL, call::<i64>("count", s("a")) => 1);
    gives!(places, POSTGRES, call::<Vec<String>>("array_agg", s("a")) => ["a"]);
    gives!(places, POSTGRES, call::<String>("jsonb_agg", s("a")).cast::<String>() => "[\"a\"]");
}

/// Windows count in whole numbers.
#[test]
fn windows() {
    for place in places() {
        let engine = &place.blocking;
        engine.create_all(schema![Step]).unwrap();
        engine.insert(Step::insert().rows((1..=4).map(|id| Step { id, amount: id * 10 }))).unwrap();
        let by_id = || window().order_by(Step::ID);
        let query = select((
            func::ntile(2_i64).over(by_id()),
            call::<Option<i64>>("lag", (Step::AMOUNT, value(2_i64))).over(by_id()),
            call::<Option<i64>>("nth_value", (Step::AMOUNT, value(2_i64))).over(by_id()),
        ));
        let rows = engine.fetch_all(query.order_by(Step::ID)).unwrap();
        let expected = [(1, None, None), (1, None, Some(20)), (2, Some(10), Some(20)), (2, Some(20), Some(20))];
        assert_eq!(rows, expected, "{}", place.backend.name());
        if place.backend != Backend::MariaDb {
            let lead = call::<i64>("lead", (Step::AMOUNT, value(1_i64), value(-1_i64))).over(by_id());
            let rows = engine.fetch_all(select(lead).order_by(Step::ID)).unwrap();
            assert_eq!(rows, [20, 30, 40, -1], "{}", place.backend.name());
        }
    }
}

#[derive(Entity, Clone, Debug)]
#[entity(table = "step")]
struct Step {
    #[column(primary_key)]
    id: i64,
    amount: i64,
}

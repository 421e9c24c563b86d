//! Operands.

use aludel::language::{ArrayExpression, value};
use aludel::prelude::*;
use aludel::{Date, Decimal};
use serde_json::json;

use crate::{ALL, POSTGRES, gives, places};

#[test]
fn arithmetic_keeps_its_width() {
    let places = places();
    gives!(places, ALL, value(2_000_000_000_i64) + 2_000_000_000_i64 => 4_000_000_000);
    gives!(places, ALL, value(4_000_000_000_i64) * 2_i64 => 8_000_000_000);
    gives!(places, ALL, value(1_i64) - 2_i64 => -1);
    gives!(places, ALL, value(7_i64) % 4_i64 => 3);
    gives!(places, ALL, value(7_i32) + 4_i32 => 11);
    gives!(places, ALL, value(7_i64).bit_and(3_i64) => 3);
    gives!(places, ALL, value(8_i64).bit_or(3_i64) => 11);
    gives!(places, ALL, value(1_i64).op("<<", 40_i64) => 1_i64 << 40);
    gives!(places, ALL, value(1_i64 << 40).op(">>", 38_i64) => 4);
    gives!(places, ALL, value(1.5_f64) + 2.0_f64 => 3.5);
    gives!(places, ALL, value(7_i64).gt(3_i64) => true);
    gives!(places, ALL, value(7_i64).between(3_i64, 1_i64 << 40) => true);
    gives!(places, ALL, value(7_i64).in_([1_i64 << 40, 7]) => true);
    gives!(places, POSTGRES, value(Decimal::parse("1.5").unwrap()) * Decimal::parse("2").unwrap() => Decimal::parse("3.0").unwrap());
}

/// Beside a column a value has its type, and what does not fit is not cut.
#[test]
fn beside_columns() {
    for place in places() {
        let engine = &place.blocking;
        engine.create_all(schema![Thing]).unwrap();
        engine.insert(Thing::insert().rows([thing(1), thing(2)])).unwrap();
        let sum: Vec<i64> = engine.fetch_all(select(Thing::WIDE + 3_000_000_000_i64).order_by(Thing::ID)).unwrap();
        assert_eq!(sum, [3_000_000_001, 3_000_000_002]);
        let shifted: Vec<i64> = engine.fetch_all(select(Thing::WIDE.op("<<", 33_i64)).order_by(Thing::ID)).unwrap();
        assert_eq!(shifted, [1 << 33, 2 << 33]);
        let small: Vec<i16> = engine.fetch_all(select(Thing::SMALL).filter(Thing::SMALL.gt(1_i16))).unwrap();
        assert_eq!(small, [2]);
    }
}

#[derive(Entity, Clone, Debug)]
#[entity(table = "thing")]
struct Thing {
    #[column(primary_key)]
    id: i64,
    wide: i64,
    small: i16,
    day: Date,
    doc: serde_json::Value,
}

fn thing(id: i64) -> Thing {
    let day = Date::from_ymd(2024, 2, 28).unwrap();
    Thing { id, wide: id, small: i16::try_from(id).unwrap(), day, doc: json!(["a", "b", {"c": 5}]) }
}

/// Days beside a date, positions in documents and arrays: whole numbers of 32 bits on PostgreSQL.
#[test]
fn what_takes_fewer_bits() {
    let places = places();
    gives!(places, POSTGRES, value(vec![5_i32, 6]).element(2) => Some(6));
    let place = places.into_iter().find(|place| place.backend == aludel_testsuite::Backend::Postgres).unwrap();
    let engine = &place.blocking;
    engine.create_all(schema![Thing]).unwrap();
    engine.insert(Thing::insert().rows([thing(1)])).unwrap();
    let day = |month, day| Date::from_ymd(2024, month, day).unwrap();
    let plus = (Thing::DAY.coerce::<i64>() + 2_i64).coerce::<Date>();
    let minus = (Thing::DAY.coerce::<i64>() - 28_i64).coerce::<Date>();
    let before = (value(1_i64) + Thing::DAY.coerce::<i64>()).coerce::<Date>();
    assert_eq!(engine.fetch_one(select((plus, minus, before))).unwrap(), (day(3, 1), day(1, 31), day(2, 29)));
    let custom = Thing::DAY.coerce::<i64>().op("+", 2_i64).coerce::<Date>();
    assert_eq!(engine.fetch_one(select(custom)).unwrap(), day(3, 1));

    let doc = || Thing::DOC.coerce::<i64>();
    assert_eq!(engine.fetch_one(select(doc().op("->>", 1_i64).coerce::<String>())).unwrap(), "b");
    assert_eq!(engine.fetch_one(select(doc().op("->", 0_i64).coerce::<serde_json::Value>())).unwrap(), json!("a"));
    assert_eq!(engine.fetch_one(select(Thing::DOC.json_text([1_i64]))).unwrap().unwrap(), "b");

    // The same of a table that is known at run time only.
    let things = <aludel::Table as ReflectTable>::reflect(engine, "thing").unwrap();
    let plus = (things.column::<Date>("day").unwrap().coerce::<i64>() + 2_i64).coerce::<Date>();
    assert_eq!(engine.fetch_one(select(plus).from(&things)).unwrap(), day(3, 1));
}

//! A column of every type.

use aludel::prelude::*;
use aludel::{Date, DateTime, Decimal, Time, Timestamp};

use crate::describe::describe;
use crate::fake_row::{NULL, cell, row};

#[derive(Entity, Debug, PartialEq)]
struct Everything {
    #[column(primary_key)]
    id: u32,
    yes: bool,
    tiny: i8,
    small: i16,
    middle: i32,
    big: i64,
    byte: u8,
    word: u16,
    single: f32,
    double: f64,
    text: String,
    bytes: Vec<u8>,
    date: Date,
    time: Time,
    datetime: DateTime,
    instant: Timestamp,
    exact: Decimal,
    maybe: Option<f32>,
    maybe_text: std::option::Option<String>,
}

#[test]
fn of_the_language() {
    insta::assert_snapshot!(describe(Everything::TABLE.definition()), @r#"
    everything key ["id"]
      id UnsignedInteger Key
      yes Boolean
      tiny SmallInt
      small SmallInt
      middle Integer
      big BigInt
      byte UnsignedTinyInt
      word UnsignedSmallInt
      single Float
      double Double
      text Text
      bytes Blob
      date Date
      time Time
      datetime DateTime
      instant Timestamp
      exact Numeric(None)
      maybe Float null
      maybe_text Text null
    "#);
}

#[test]
fn round_trip() {
    let cells = || {
        row([
            cell(1),
            cell(true),
            cell(-1),
            cell(-300),
            cell(70_000),
            cell(5_000_000_000_i64),
            cell(255),
            cell(65_535),
            cell(0.5),
            cell(0.1),
            cell("text"),
            cell(vec![0_u8, 255]),
            cell("2024-02-29"),
            cell("12:30:00"),
            cell("2024-02-29 12:30:00"),
            cell("2024-02-29 12:30:00+00:00"),
            cell("12.50"),
            NULL,
            cell("maybe"),
        ])
    };
    let all = Everything::from_row(&cells(), 0).unwrap();
    assert_eq!((all.byte, all.single, all.maybe_text.as_deref()), (255, 0.5, Some("maybe")));
    let again: Vec<_> = (0..19).map(|index| format!("{:?}", all.column_value(index))).collect();
    insta::assert_snapshot!(again.join(" "), @"1 true -1 -300 70000 5000000000 255 65535 0.5 0.1 'text' x'00ff' 2024-02-29 12:30:00 2024-02-29 12:30:00 2024-02-29 12:30:00+00:00 12.50 NULL 'maybe'");
}

#[cfg(feature = "jiff")]
#[test]
fn of_jiff() {
    #[derive(Entity)]
    struct Times {
        #[column(primary_key)]
        day: jiff::civil::Date,
        #[column(default = jiff::Timestamp::UNIX_EPOCH)]
        instant: jiff::Timestamp,
        time: Option<jiff::civil::Time>,
    }
    let row = Times::build().day(jiff::civil::date(2024, 2, 29)).time(jiff::civil::time(1, 2, 3, 0));
    assert_eq!(NewRow::<Times>::given(&row).len(), 3);
    insta::assert_snapshot!(describe(Times::TABLE.definition()), @r#"
    times key ["day"]
      day Date
      instant Timestamp
      time Time null
    "#);
}

#[cfg(feature = "rust_decimal")]
#[test]
fn of_rust_decimal() {
    #[derive(Entity)]
    struct Price {
        #[column(primary_key)]
        id: i64,
        #[column(numeric(15, 2))]
        amount: rust_decimal::Decimal,
        tax: Option<rust_decimal::Decimal>,
    }
    let row = Price::build().amount(5).tax(rust_decimal::Decimal::ONE);
    assert_eq!(NewRow::<Price>::given(&row).len(), 2);
    insta::assert_snapshot!(describe(Price::TABLE.definition()), @r#"
    price key ["id"]
      id BigInt Key
      amount Numeric(Some((15, 2)))
      tax Numeric(None) null
    "#);
}

//! `#[derive(SqlEnum)]`

use aludel::prelude::*;
use aludel::{Decode, Encode, SqlType, SqlTyped};

use crate::fake_row::{NULL, cell, row};

#[derive(SqlEnum, Debug, PartialEq, Clone, Copy)]
enum Color {
    DarkRed,
    #[sql_enum(label = "it's blue")]
    Blue,
    r#Match,
}

#[test]
fn labels() {
    let SqlType::Enum(kind) = <Color as SqlTyped>::SQL_TYPE else { panic!("not an enum") };
    assert_eq!(&*kind.name, "color");
    assert_eq!(kind.labels.iter().map(|label| &**label).collect::<Vec<_>>(), ["dark_red", "it's blue", "match"]);
    for color in [Color::DarkRed, Color::Blue, Color::Match] {
        let cells = row([color.to_value()]);
        assert_eq!(Color::decode(&cells, 0).unwrap(), color);
        assert_eq!(Color::from_row(&cells, 0).unwrap(), color);
    }
    assert_eq!(cell(Color::DarkRed), cell("dark_red"));
    assert_eq!(<Option<Color>>::decode(&row([NULL]), 0).unwrap(), None);
}

#[test]
fn an_unknown_label_is_a_fault() {
    let fault = Color::from_row(&row([NULL, cell("green")]), 1).unwrap_err();
    let text = "is the text \"green\", where a label of Color (\"dark_red\", \"it's blue\", \"match\") was wanted";
    assert_eq!((fault.to_string().as_str(), fault.column()), (text, Some(1)));
}

#[derive(SqlEnum, Debug, PartialEq)]
#[sql_enum(name = "currency_code", rename_all = "SCREAMING_SNAKE_CASE")]
enum Currency {
    Euro,
    UsDollar,
}

#[test]
fn other_names() {
    let SqlType::Enum(kind) = <Currency as SqlTyped>::SQL_TYPE else { panic!("not an enum") };
    assert_eq!(&*kind.name, "currency_code");
    assert_eq!([cell(Currency::Euro), cell(Currency::UsDollar)], [cell("EURO"), cell("US_DOLLAR")]);
}

#[derive(SqlEnum, Debug, PartialEq, Clone)]
#[sql_enum(integer)]
#[repr(i16)]
enum Level {
    Low = -5,
    Middle,
    High = 10 * 10,
}

#[derive(SqlEnum, Debug, PartialEq)]
#[sql_enum(integer)]
enum Plain {
    Zero,
    One,
}

#[test]
fn integers() {
    assert_eq!((<Level as SqlTyped>::SQL_TYPE, <Plain as SqlTyped>::SQL_TYPE), (SqlType::SmallInt, SqlType::Integer));
    assert_eq!([Level::Low, Level::Middle, Level::High].map(cell), [cell(-5_i64), cell(-4_i64), cell(100_i64)]);
    assert_eq!(Level::decode(&row([cell(100)]), 0).unwrap(), Level::High);
    assert_eq!(Plain::decode(&row([cell(1)]), 0).unwrap(), Plain::One);
    let fault = Level::decode(&row([cell(3)]), 0).unwrap_err();
    assert_eq!(fault.to_string(), "is the number 3, where a number of Level (-5, -4, 100) was wanted");
}

#[derive(Entity)]
struct Car {
    #[column(primary_key)]
    id: i64,
    color: Color,
    level: Option<Level>,
}

#[test]
fn as_columns() {
    let _ = Car::COLOR.eq(Color::Blue).and(Car::LEVEL.eq(Level::Low)).and(Car::COLOR.in_([Color::Blue]));
    let car = Car::build().color(Color::Blue).level(Level::High);
    assert_eq!(NewRow::<Car>::column_value(&car, 2), cell(100_i64));
    assert!(Car::TABLE.definition().columns[2].nullable);
}

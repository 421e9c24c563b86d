//! Enums, as text and as integers, and newtypes.

use aludel::{SqlEnum, SqlNewtype};

use crate::column_type;

#[derive(SqlEnum, Clone, Copy, Debug, PartialEq)]
enum Colour {
    #[sql_enum(label = "")]
    Nothing,
    #[sql_enum(label = "it's")]
    Quoted,
    RedAndWhite,
    #[sql_enum(label = "été")]
    Summer,
}

#[derive(SqlEnum, Clone, Copy, Debug, PartialEq)]
#[sql_enum(integer)]
#[repr(i64)]
enum Level {
    Least = i64::MIN,
    Low = -1,
    Normal,
    Most = i64::MAX,
}

#[derive(SqlNewtype, Clone, Debug, PartialEq)]
struct Name(String);

#[derive(SqlNewtype, Clone, Copy, Debug, PartialEq)]
struct Age(u8);

#[derive(SqlNewtype, Clone, Copy, Debug, PartialEq)]
struct Wrapped(Level);

column_type!(labels, Colour, ordered, [Colour::Nothing, Colour::Quoted, Colour::RedAndWhite, Colour::Summer]);
column_type!(discriminants, Level, ordered, [Level::Least, Level::Low, Level::Normal, Level::Most]);
column_type!(named_texts, Name, ordered, ["", "ed", "été"].map(|name| Name(name.to_owned())));
column_type!(named_numbers, Age, ordered, [Age(0), Age(255)]);
column_type!(named_enums, Wrapped, ordered, [Wrapped(Level::Least), Wrapped(Level::Most)]);

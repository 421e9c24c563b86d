//! Values that do not fit: each an error that names the table, the column and what is there.

use aludel::blocking::Engine;
use aludel::prelude::*;
use aludel::{Date, DateTime, Decimal, Direction, ErrorKind, Fault, FaultKind, Time, Timestamp};
use insta::assert_snapshot;

/// A table that takes anything.
const TABLE: &str = "CREATE TABLE thing (id INTEGER PRIMARY KEY, cell ANY)";

/// Entities of the one table, each with another idea of its cell.
macro_rules! ideas {
    ($($entity:ident: $type:ty;)+) => {
        $(
            #[derive(Entity, Debug)]
            #[entity(table = "thing")]
            #[allow(dead_code, reason = "only reading it matters")]
            struct $entity {
                #[column(primary_key)]
                id: i64,
                cell: $type,
            }
        )+
    };
}

#[derive(SqlEnum, Clone, Copy, Debug, PartialEq)]
enum Mood {
    Glad,
    Sad,
}

#[derive(SqlEnum, Clone, Copy, Debug, PartialEq)]
#[sql_enum(integer)]
enum Rank {
    First = 1,
    Second,
}

ideas! {
    Tiny: i8;
    Unsigned: u32;
    Long: i64;
    Yes: bool;
    Single: f32;
    Double: f64;
    Words: String;
    Bytes: Vec<u8>;
    Exact: Decimal;
    Day: Date;
    Clock: Time;
    Reading: DateTime;
    Instant: Timestamp;
    Moody: Mood;
    Ranked: Rank;
}

fn engine() -> Engine {
    let engine = Engine::connect("sqlite::memory:").expect("an engine");
    engine.acquire().and_then(|mut conn| conn.batch(TABLE)).expect("a table");
    engine
}

/// What reading a cell as the entity's type gives, when the cell is this SQL.
fn read<E: Entity>(cell: &str) -> String {
    let engine = engine();
    engine.execute(text(format!("INSERT INTO thing (cell) VALUES ({cell})"))).expect("a row");
    let error = engine.fetch_all(select(aludel::language::All::<E>::new(E::table()))).err().expect("it does not fit");
    assert!(
        matches!(error.kind(), ErrorKind::Column(error) if error.direction == Direction::Read && error.index == Some(1))
    );
    assert!(error.fingerprint().is_some() && error.sql().is_some() && error.location().is_some(), "{error}");
    error.kind().to_string()
}

#[test]
fn integers() {
    assert_snapshot!(read::<Tiny>("300"), @"result column 2, thing.cell: 300 does not fit into i8");
    assert_snapshot!(read::<Unsigned>("-1"), @"result column 2, thing.cell: -1 does not fit into u32");
    assert_snapshot!(read::<Tiny>("'five'"), @"result column 2, thing.cell: is text, where an integer was wanted");
    assert_snapshot!(read::<Long>("1.5"), @"result column 2, thing.cell: is a floating-point number, where an integer was wanted");
    assert_snapshot!(read::<Long>("x'00'"), @"result column 2, thing.cell: is bytes, where an integer was wanted");
    assert_snapshot!(read::<Long>("NULL"), @"result column 2, thing.cell: is NULL, and its Rust type has no place for NULL; make it an Option");
    assert_snapshot!(read::<Yes>("2"), @"result column 2, thing.cell: 2 does not fit into a boolean (0 or 1)");
    assert_snapshot!(read::<Yes>("'true'"), @"result column 2, thing.cell: is text, where an integer was wanted");
}

#[test]
fn floats() {
    assert_snapshot!(read::<Single>("1e300"), @"result column 2, thing.cell: 1e300 does not fit into f32");
    assert_snapshot!(read::<Double>("9007199254740993"), @"result column 2, thing.cell: 9007199254740993 does not fit into a floating-point number exactly");
    assert_snapshot!(read::<Double>("'pi'"), @"result column 2, thing.cell: is text, where a number was wanted");
    assert_snapshot!(read::<Double>("NULL"), @"result column 2, thing.cell: is NULL, and its Rust type has no place for NULL; make it an Option");
}

#[test]
fn texts_and_bytes() {
    assert_snapshot!(read::<Words>("5"), @"result column 2, thing.cell: is an integer, where text was wanted");
    assert_snapshot!(read::<Words>("x'61'"), @"result column 2, thing.cell: is bytes, where text was wanted");
    assert_snapshot!(read::<Words>("CAST(x'ff' AS TEXT)"), @"result column 2, thing.cell: is text with bytes that are not UTF-8, where text in UTF-8 was wanted");
    assert_snapshot!(read::<Words>("NULL"), @"result column 2, thing.cell: is NULL, and its Rust type has no place for NULL; make it an Option");
    assert_snapshot!(read::<Bytes>("'text'"), @"result column 2, thing.cell: is text, where bytes was wanted");
    assert_snapshot!(read::<Bytes>("NULL"), @"result column 2, thing.cell: is NULL, and its Rust type has no place for NULL; make it an Option");
}

#[test]
fn decimals() {
    assert_snapshot!(read::<Exact>("'ten'"), @r#"result column 2, thing.cell: is the text "ten", where a decimal was wanted"#);
    assert_snapshot!(read::<Exact>("1e300"), @"result column 2, thing.cell: 1e300 does not fit into a decimal of 128 bits");
    assert_snapshot!(read::<Exact>("9e999"), @"result column 2, thing.cell: inf does not fit into a decimal of 128 bits");
    assert_snapshot!(read::<Exact>("x'00'"), @"result column 2, thing.cell: is bytes, where a decimal was wanted");
}

#[test]
fn dates() {
    assert_snapshot!(read::<Day>("'2023-02-29'"), @r#"result column 2, thing.cell: is the text "2023-02-29", where a date (text, YYYY-MM-DD) was wanted"#);
    assert_snapshot!(read::<Day>("20230228"), @"result column 2, thing.cell: is an integer, where a date (text, YYYY-MM-DD) was wanted");
    assert_snapshot!(read::<Day>("NULL"), @"result column 2, thing.cell: is NULL, and its Rust type has no place for NULL; make it an Option");
    assert_snapshot!(read::<Clock>("'24:00:00'"), @r#"result column 2, thing.cell: is the text "24:00:00", where a time (text, HH:MM:SS) was wanted"#);
    assert_snapshot!(read::<Reading>("'2023-02-28 12:00:60'"), @r#"result column 2, thing.cell: is the text "2023-02-28 12:00:60", where a date and time (text, YYYY-MM-DD HH:MM:SS) was wanted"#);
    assert_snapshot!(read::<Instant>("'2023-02-28 12:00:00+99:00'"), @r#"result column 2, thing.cell: is the text "2023-02-28 12:00:00+99:00", where a timestamp (text, YYYY-MM-DD HH:MM:SS+00:00) was wanted"#);
    assert_snapshot!(read::<Instant>("1677585600"), @"result column 2, thing.cell: is an integer, where a timestamp (text, YYYY-MM-DD HH:MM:SS+00:00) was wanted");
}

#[test]
fn enums() {
    assert_snapshot!(read::<Moody>("'angry'"), @r#"result column 2, thing.cell: is the text "angry", where a label of Mood ("glad", "sad") was wanted"#);
    assert_snapshot!(read::<Moody>("1"), @"result column 2, thing.cell: is an integer, where text was wanted");
    assert_snapshot!(read::<Moody>("NULL"), @"result column 2, thing.cell: is NULL, and its Rust type has no place for NULL; make it an Option");
    assert_snapshot!(read::<Ranked>("3"), @"result column 2, thing.cell: is the number 3, where a number of Rank (1, 2) was wanted");
    assert_snapshot!(read::<Ranked>("'first'"), @"result column 2, thing.cell: is text, where an integer was wanted");
}

/// What writing a value gives, in a statement of its own and among many.
fn write<E: Entity>(row: fn() -> E) -> String {
    let engine = engine();
    let insert = || aludel::language::insert(aludel::language::TableRef::<E>::new(E::table()));
    let one = engine.execute(insert().row(row())).expect_err("it does not fit");
    let many = engine.insert(insert().rows([row()])).expect_err("it does not fit");
    for error in [&one, &many] {
        assert!(matches!(error.kind(), ErrorKind::Column(error) if error.direction == Direction::Write));
        assert!(error.fingerprint().is_some() && error.sql().is_some() && error.location().is_some(), "{error}");
    }
    assert_eq!(one.kind().to_string(), many.kind().to_string());
    let left = engine.fetch_scalar::<i64>(text("SELECT count(*) FROM thing")).expect("a count");
    assert_eq!(left, 0, "nothing was written");
    one.kind().to_string()
}

#[test]
fn what_sqlite_can_not_keep() {
    assert_snapshot!(write(|| Double { id: 1, cell: f64::NAN }), @"parameter 2, thing.cell: this driver has no form for NaN: SQLite would keep NULL in its place");
    assert_snapshot!(write(|| Single { id: 1, cell: -f32::NAN }), @"parameter 2, thing.cell: this driver has no form for NaN: SQLite would keep NULL in its place");
    assert_snapshot!(write(|| Exact { id: 1, cell: Decimal::new(1_234_567_890_123_456, 3) }), @"parameter 2, thing.cell: 1234567890123.456 does not fit into a number in SQLite, which keeps 15 digits exactly; a column of type Text keeps any decimal");
    assert_snapshot!(write(|| Exact { id: 1, cell: Decimal::new(i128::MAX, 0) }), @"parameter 2, thing.cell: 170141183460469231731687303715884105727 does not fit into a number in SQLite, which keeps 15 digits exactly; a column of type Text keeps any decimal");
    assert_snapshot!(write(|| Day { id: 1, cell: Date { days: i32::MAX } }), @"parameter 2, thing.cell: 5881580-07-11 does not fit into a date of the years -9999 to 9999");
    assert_snapshot!(write(|| Day { id: 1, cell: Date { days: i32::MIN } }), @"parameter 2, thing.cell: -5877641-06-23 does not fit into a date of the years -9999 to 9999");
    assert_snapshot!(write(|| Clock { id: 1, cell: Time { nanos: -1 } }), @"parameter 2, thing.cell: -1 ns after midnight does not fit into a time of one day");
    assert_snapshot!(write(|| Clock { id: 1, cell: Time { nanos: 86_400_000_000_000 } }), @"parameter 2, thing.cell: 86400000000000 ns after midnight does not fit into a time of one day");
    let reading = || Reading { id: 1, cell: DateTime { date: Date { days: 3_000_000 }, time: Time { nanos: 0 } } };
    assert_snapshot!(write(reading), @"parameter 2, thing.cell: 10183-09-21 does not fit into a date of the years -9999 to 9999");
    assert_snapshot!(write(|| Instant { id: 1, cell: Timestamp { seconds: i64::MAX, nanos: 0 } }), @"parameter 2, thing.cell: 9223372036854775807.000000000s does not fit into a timestamp of the years -9999 to 9999");
    assert_snapshot!(write(|| Instant { id: 1, cell: Timestamp { seconds: 0, nanos: 1_000_000_000 } }), @"parameter 2, thing.cell: 1970-01-01 00:00:01+00:00 does not fit into a timestamp of the years -9999 to 9999");
}

#[test]
fn a_value_by_name() {
    let engine = engine();
    engine.execute(text("INSERT INTO thing VALUES (1, 'five'), (2, NULL)")).expect("rows");
    let rows = engine.fetch_all(text("SELECT id, cell FROM thing ORDER BY id")).expect("rows");
    assert_snapshot!(rows[0].get::<i64>("cell").expect_err("text"), @r#"result column 2, "cell": is the text 'five', where an integer was wanted"#);
    assert_snapshot!(rows[1].get::<String>("cell").expect_err("NULL"), @r#"result column 2, "cell": is NULL, and its Rust type has no place for NULL; make it an Option"#);
    assert_snapshot!(rows[0].get::<i64>("sell").expect_err("no column"), @r#"a result column, "sell": is not there; the columns are id, cell"#);
    assert_snapshot!(rows[0].at::<i64>(2).expect_err("no column"), @"result column 3: is not there: the row has 2 column(s)");
    assert_eq!(rows[1].get::<Option<String>>("cell").expect("NULL"), None);
}

#[test]
fn a_fault_of_the_programs_own() {
    let fault = Fault::custom("is no postcode");
    assert_eq!(fault.kind(), &FaultKind::Custom("is no postcode".to_owned()));
    let engine = engine();
    let error = engine.fetch_scalar::<bool>(text("SELECT 1 AS a, 'x' AS b")).map(|_| ());
    assert!(error.is_ok(), "the first column alone is read");
}

//! Numbers and truth values.

use aludel::{Decimal, Numeric};
use bigdecimal::BigDecimal;

use crate::db::{Db, InMatrix};
use crate::{matrix, refusal};

matrix!(booleans, bool, on [Sqlite, Postgres, MariaDb], ordered, |_| vec![false, true]);
matrix!(bytes, i8, on [Sqlite, Postgres, MariaDb], ordered, |_| vec![i8::MIN, -1, 0, 1, i8::MAX]);
matrix!(shorts, i16, on [Sqlite, Postgres, MariaDb], ordered, |_| vec![i16::MIN, -1, 0, 1, i16::MAX]);
matrix!(ints, i32, on [Sqlite, Postgres, MariaDb], ordered, |_| vec![i32::MIN, -1, 0, 1, i32::MAX]);
matrix!(longs, i64, on [Sqlite, Postgres, MariaDb], ordered, |_| vec![i64::MIN, -1, 0, 1, i64::MAX]);
matrix!(unsigned_bytes, u8, on [Sqlite, Postgres, MariaDb], ordered, |_| vec![0, 1, 128, u8::MAX]);
matrix!(unsigned_shorts, u16, on [Sqlite, Postgres, MariaDb], ordered, |_| vec![0, 1, 32_768, u16::MAX]);
matrix!(unsigned_ints, u32, on [Sqlite, Postgres, MariaDb], ordered, |_| vec![0, 1, 1 << 31, u32::MAX]);
matrix!(unsigned_longs, u64, on [Sqlite, Postgres, MariaDb], ordered, |db| {
    let mut values = vec![0, 1, i64::MAX.unsigned_abs()];
    if db == Db::MariaDb {
        values.extend([1 << 63, u64::MAX]);
    }
    values
});
matrix!(floats, f32, on [Sqlite, Postgres, MariaDb], ordered, |_| {
    vec![f32::MIN, -1.5, -f32::MIN_POSITIVE, 0.0, 1.0e-45_f32.max(f32::MIN_POSITIVE), 0.1, 16_777_217.0, f32::MAX]
});
matrix!(doubles, f64, on [Sqlite, Postgres, MariaDb], ordered, |db| {
    let mut values = vec![f64::MIN, -1.5, -f64::MIN_POSITIVE, 0.0, f64::MIN_POSITIVE, 0.1, 0.1 + 0.2, f64::MAX];
    if db != Db::MariaDb {
        // The smallest subnormal number, and infinities.
        values.insert(4, f64::from_bits(1));
        values.insert(0, f64::NEG_INFINITY);
        values.push(f64::INFINITY);
    }
    values
});

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).unwrap()
}

fn numeric(text: &str) -> Numeric {
    Numeric::parse(text).unwrap()
}

matrix!(decimals, Decimal, on [Sqlite, Postgres, MariaDb], ordered, |db| {
    // What has few enough digits for SQLite, and no zeros at the end, which only PostgreSQL keeps.
    let mut texts = vec!["-123456789012.345", "-0.5", "0", "0.000001", "1", "99999999999999"];
    if db != Db::Sqlite {
        texts.push("12345678901234567890123456789.012345678");
    }
    if db == Db::Postgres {
        texts.push("170141183460469231731687303715884105.727");
    }
    texts.into_iter().map(decimal).collect()
});
matrix!(scaled_decimals, Decimal, #[column(numeric(12, 4))], on [Sqlite, Postgres, MariaDb], ordered, |_| {
    ["-99999999.9999", "-0.5000", "0.0000", "0.0001", "99999999.9999"].into_iter().map(decimal).collect()
});
matrix!(rust_decimals, rust_decimal::Decimal, on [Sqlite, Postgres, MariaDb], ordered, |db| {
    let mut texts = vec!["-123456789012.345", "-0.5", "0", "0.000001", "1"];
    if db != Db::Sqlite {
        texts.push("79228162514264337593543950335");
    }
    texts.into_iter().map(|text| text.parse().unwrap()).collect()
});
matrix!(numerics, Numeric, on [Sqlite, Postgres, MariaDb], ordered, |db| {
    let mut values: Vec<Numeric> = ["-0.5", "0", "0.000001", "1"].into_iter().map(numeric).collect();
    match db {
        Db::Sqlite => {}
        Db::MariaDb => values.push(numeric(&format!("{}.{}", "9".repeat(35), "9".repeat(30)))),
        Db::Postgres => {
            values.insert(0, Numeric::NEGATIVE_INFINITY);
            values.push(numeric(&format!("{}.5", "9".repeat(500))));
            values.push(numeric(&format!("{}.{}", "9".repeat(131_072), "9".repeat(16_383))));
            values.push(Numeric::INFINITY);
            // PostgreSQL says that NaN equals itself and is larger than everything.
            values.push(Numeric::NAN);
        }
    }
    values
});
matrix!(big_decimals, BigDecimal, on [Sqlite, Postgres, MariaDb], ordered, |db| {
    let mut texts = vec!["-0.5".to_owned(), "0".to_owned(), "0.25".to_owned(), "1e3".to_owned()];
    if db != Db::Sqlite {
        texts.push(format!("{}.25", "9".repeat(33)));
    }
    texts.into_iter().map(|text| text.parse().unwrap()).collect()
});

fn refused(db: Db, words: &[&str], messages: [String; 2]) {
    for message in messages {
        assert!(words.iter().all(|word| message.contains(word)), "{db:?}: {message}");
    }
}

#[test]
fn unsigned_numbers_that_the_database_has_no_place_for() {
    refused(
        Db::Sqlite,
        &["refused.plain", "18446744073709551615", "64-bit signed"],
        refusal!(Db::Sqlite.open(), u64, u64::MAX),
    );
    for message in refusal!(Db::Postgres.open(), u64, u64::MAX) {
        assert!(
            message.contains("18446744073709551615") && message.contains("int8") || message.contains("bigint"),
            "{message}"
        );
    }
}

#[test]
fn numbers_that_are_none() {
    refused(Db::Sqlite, &["refused.plain", "NaN", "SQLite"], refusal!(Db::Sqlite.open(), f64, f64::NAN));
    for value in [f64::NAN, f64::INFINITY] {
        refused(Db::MariaDb, &["refused.plain", "MySQL", "finite"], refusal!(Db::MariaDb.open(), f64, value));
    }
    for db in [Db::Sqlite, Db::MariaDb] {
        let name = if db == Db::Sqlite { "SQLite" } else { "MySQL" };
        refused(db, &["refused.plain", "NaN", name], refusal!(db.open(), Numeric, Numeric::NAN));
    }
}

#[test]
fn decimals_that_are_too_long() {
    let long = || numeric(&"9".repeat(66));
    refused(
        Db::Sqlite,
        &["refused.plain", "SQLite, which keeps 15 digits"],
        refusal!(Db::Sqlite.open(), Numeric, long()),
    );
    refused(Db::MariaDb, &["refused.plain", "MySQL", "65 digits"], refusal!(Db::MariaDb.open(), Numeric, long()));
    let fine = || decimal("0.00000000000000000000000000000001");
    refused(Db::MariaDb, &["refused.plain", "MySQL", "30 of them"], refusal!(Db::MariaDb.open(), Decimal, fine()));
    let finer = || numeric(&format!("0.{}1", "0".repeat(16_383)));
    refused(
        Db::Postgres,
        &["refused.plain"],
        refusal!(Db::Postgres.open(), Numeric, finer()).map(|message| {
            assert!(message.contains("16383"), "{message}");
            message
        }),
    );
}

/// NaN and infinity of a `numeric` column have no place in decimals of Rust that have none.
#[test]
fn what_is_no_number_is_not_read_as_one() {
    use aludel::prelude::*;

    let database = Db::Postgres.open();
    for text_of in ["NaN", "Infinity", "-Infinity"] {
        let sql = || text(format!("SELECT CAST('{text_of}' AS numeric) AS n"));
        let row = database.engine.fetch_one(sql()).unwrap();
        assert_eq!(row.get::<Numeric>("n").unwrap(), numeric(text_of));
        for message in [
            row.get::<Decimal>("n").unwrap_err().to_string(),
            row.get::<BigDecimal>("n").unwrap_err().to_string(),
            row.get::<rust_decimal::Decimal>("n").unwrap_err().to_string(),
        ] {
            assert!(message.contains(text_of), "{message}");
        }
    }
}

/// A floating-point number has a place for them, but none for what is larger than it can be; a number of 64 bits without a sign is
/// one of more digits than the integers have.
#[test]
fn numerics_are_read_as_the_numbers_that_hold_them() {
    use aludel::prelude::*;

    let database = Db::Postgres.open();
    let engine = &database.engine;
    let direct = |sql: &str| engine.fetch_one(text(sql).rows_as::<(f64,)>());
    assert!(direct("SELECT 'NaN'::numeric").unwrap().0.is_nan());
    assert_eq!(direct("SELECT '-Infinity'::numeric").unwrap(), (f64::NEG_INFINITY,));
    assert_eq!(direct("SELECT 1e300::numeric").unwrap(), (1e300,));
    let message = direct("SELECT 1e400::numeric").unwrap_err().to_string();
    assert!(message.contains("does not fit into a 64-bit floating-point number"), "{message}");

    let unsigned = |sql: &str| engine.fetch_one(text(sql).rows_as::<(u64,)>());
    assert_eq!(unsigned("SELECT 18446744073709551615::numeric").unwrap(), (u64::MAX,));
    assert!(unsigned("SELECT 18446744073709551616::numeric").is_err() && unsigned("SELECT -1::numeric").is_err());
}

/// The way to keep all numbers of 64 bits in PostgreSQL.
#[derive(aludel::Entity, Clone, Debug, PartialEq)]
struct Unsigned {
    #[column(primary_key)]
    id: i64,
    #[column(numeric(20, 0))]
    number: u64,
}

#[test]
fn unsigned_numbers_in_a_numeric_column() {
    use aludel::prelude::*;

    for db in Db::ALL {
        if db == Db::Sqlite {
            continue; // Its numbers have 15 digits there.
        }
        let database = db.open();
        database.engine.create_all(schema![Unsigned]).unwrap();
        let rows: Vec<_> = [0, 1, u64::MAX].into_iter().zip(1..).map(|(number, id)| Unsigned { id, number }).collect();
        database.engine.insert(Unsigned::insert().rows(rows.clone())).unwrap();
        assert_eq!(database.engine.fetch_all(Unsigned::select().order_by(Unsigned::ID)).unwrap(), rows);
        let most = Unsigned::select().filter(Unsigned::NUMBER.eq(u64::MAX));
        assert_eq!(database.engine.fetch_one(most).unwrap().id, 3);
    }
}

#[test]
fn negative_numbers_are_not_unsigned() {
    use aludel::prelude::*;

    for db in Db::ALL {
        let database = db.open();
        let row = database.engine.fetch_one(text("SELECT -1 AS n")).unwrap();
        let message = row.get::<u32>("n").unwrap_err().to_string();
        assert!(message.contains("-1 does not fit into u32"), "{message}");
    }
}

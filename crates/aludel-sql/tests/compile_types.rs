//! The names of types in every dialect's words, and what belongs to arrays and to single families.

use aludel_core::{EnumType, Held, NativeType, SqlType};
use aludel_sql::dialect::{Dialect, MariaDb, MsSql, MySql, Oracle, Postgres, Sqlite};

const REFUSED: &str = "(refused)";

fn names(sql_type: &SqlType) -> [String; 6] {
    let dialects: [&dyn Dialect; 6] = [&Sqlite, &Postgres, &MySql, &MariaDb, &MsSql, &Oracle];
    dialects.map(|dialect| match dialect.type_name(sql_type) {
        Ok(name) => name.into_owned(),
        Err(error) => {
            assert!(error.to_string().contains(dialect.name()), "{error}");
            REFUSED.to_owned()
        }
    })
}

#[test]
fn types_in_every_dialects_words() {
    static LABELS: EnumType =
        EnumType { name: Held::Static("colour"), labels: Held::Static(&[Held::Static("red"), Held::Static("it's")]) };
    static RANGE: NativeType = NativeType { family: Held::Static("postgresql"), name: Held::Static("int4range") };
    static RANGES: SqlType = SqlType::Native(Held::Static(&RANGE));
    static YEAR: NativeType = NativeType { family: Held::Static("mysql"), name: Held::Static("YEAR") };
    let cases: [(SqlType, [&str; 6]); 13] = [
        (
            SqlType::UnsignedTinyInt,
            ["SMALLINT", "SMALLINT", "TINYINT UNSIGNED", "TINYINT UNSIGNED", "TINYINT", "SMALLINT"],
        ),
        (
            SqlType::UnsignedSmallInt,
            ["INTEGER", "INTEGER", "SMALLINT UNSIGNED", "SMALLINT UNSIGNED", "INTEGER", "INTEGER"],
        ),
        (
            SqlType::UnsignedInteger,
            ["BIGINT", "BIGINT", "INTEGER UNSIGNED", "INTEGER UNSIGNED", "BIGINT", "NUMBER(19)"],
        ),
        (SqlType::UnsignedBigInt, ["BIGINT", "BIGINT", "BIGINT UNSIGNED", "BIGINT UNSIGNED", "BIGINT", "NUMBER(20)"]),
        (SqlType::Json, ["JSON", "JSON", "JSON", "JSON", "NVARCHAR(max)", "JSON"]),
        (SqlType::Jsonb, ["JSON", "JSONB", "JSON", "JSON", "NVARCHAR(max)", "JSON"]),
        (SqlType::Interval, ["INTERVAL", "INTERVAL", "TIME(6)", "TIME(6)", REFUSED, "INTERVAL DAY TO SECOND"]),
        (SqlType::Numeric(None), ["NUMERIC", "NUMERIC", "NUMERIC(65, 30)", "NUMERIC(65, 30)", "NUMERIC", "NUMERIC"]),
        (
            SqlType::Set(Held::Static(&LABELS)),
            [REFUSED, REFUSED, "SET('red','it''s')", "SET('red','it''s')", REFUSED, REFUSED],
        ),
        (
            SqlType::Array(Held::Static(&SqlType::UnsignedInteger)),
            [REFUSED, "BIGINT[]", REFUSED, REFUSED, REFUSED, REFUSED],
        ),
        (SqlType::Array(Held::Static(&RANGES)), [REFUSED, "int4range[]", REFUSED, REFUSED, REFUSED, REFUSED]),
        (SqlType::Native(Held::Static(&RANGE)), [REFUSED, "int4range", REFUSED, REFUSED, REFUSED, REFUSED]),
        (SqlType::Native(Held::Static(&YEAR)), [REFUSED, REFUSED, "YEAR", "YEAR", REFUSED, REFUSED]),
    ];
    for (sql_type, wanted) in cases {
        assert_eq!(names(&sql_type), wanted, "{sql_type:?}");
    }
}

//! Every basic type, by every way in and out: one value at a time, in bulk, as the value of a condition, returned, alone,
//! changed, and NULL.

use aludel::language::func;
use aludel::prelude::*;
use aludel::{
    CacheSafety, Date, DateTime, Decimal, Encode, Fault, Held, ParamSink, Row, SqlType, Time, Timestamp, Value,
};

use crate::Capability;
use crate::suite::Suite;

/// A case that tries these values of a type, in a column of it and in one that may be NULL.
macro_rules! cases {
    ($($(#[$doc:meta])* $name:ident $(if $capability:ident)? $(with ($($attribute:tt)*))?: $type:ty, $values:expr;)+) => {
        $(
            $(#[$doc])*
            pub async fn $name(suite: Suite) {
                #[derive(Entity, Clone, Debug, PartialEq)]
                #[entity(table = "suite_value")]
                struct Sample {
                    #[column(primary_key)]
                    id: i64,
                    $(#[column($($attribute)*)])?
                    plain: $type,
                    $(#[column($($attribute)*)])?
                    maybe: Option<$type>,
                }

                let engine = suite.single(&[]).await;
                let values: Vec<$type> = $values.into_iter().collect();
                let sample = |(id, value): (i64, &$type)| Sample {
                    id,
                    plain: value.clone(),
                    maybe: (id % 2 == 0).then(|| value.clone()),
                };
                let samples: Vec<Sample> = (1..).zip(values.iter().flat_map(|value| [value, value])).map(sample).collect();
                let in_order = || Sample::select().order_by(Sample::ID);
                let work = async {
                    engine.create_all(schema![Sample]).await?;
                    for sample in &samples {
                        engine.execute(Sample::insert().row(sample.clone())).await?;
                    }
                    assert_eq!(engine.fetch_all(in_order()).await?, samples, "one by one");
                    for sample in &samples {
                        let own = Sample::ID.eq(sample.id);
                        let found = engine.fetch_one(select(Sample::PLAIN).filter(own.clone())).await?;
                        assert_eq!(found, sample.plain);
                        let count = select(func::count_all()).from(Sample::TABLE);
                        let is_there = count.clone().filter(own.clone()).filter(Sample::PLAIN.eq(sample.plain.clone()));
                        assert_eq!(engine.fetch_one(is_there).await?, 1, "as a condition's value: {:?}", sample.plain);
                        let is_there = count.filter(own).filter(Sample::MAYBE.eq(sample.maybe.clone()));
                        assert_eq!(engine.fetch_one(is_there).await?, 1, "as a condition's value: {:?}", sample.maybe);
                    }
                    for value in &values {
                        let alone = engine.fetch_one(select(aludel::language::value(value.clone()))).await?;
                        assert_eq!(&alone, value, "alone");
                    }
                    let query = select((Sample::PLAIN, Sample::MAYBE)).order_by(Sample::ID);
                    let rows: Vec<Row> = engine.fetch_all(query.rows_as::<Row>()).await?;
                    for (row, sample) in rows.iter().zip(&samples) {
                        assert_eq!(row.get::<$type>("plain")?, sample.plain, "by name");
                        assert_eq!(row.get::<Option<$type>>("maybe")?, sample.maybe, "by name");
                    }

                    let sql = text("SELECT plain, maybe FROM suite_value ORDER BY id");
                    let sql = sql.column::<$type>("plain").column::<Option<$type>>("maybe");
                    let rows = engine.fetch_all(sql.rows_as::<($type, Option<$type>)>()).await?;
                    for ((plain, maybe), sample) in rows.iter().zip(&samples) {
                        assert_eq!((plain, maybe), (&sample.plain, &sample.maybe), "by SQL text");
                    }

                    engine.execute(Sample::delete()).await?;
                    engine.insert(Sample::insert().rows(samples.clone())).await?;
                    assert_eq!(engine.fetch_all(in_order()).await?, samples, "in bulk");
                    engine.execute(Sample::delete()).await?;
                    if suite.has(Capability::InsertReturning) {
                        for sample in &samples {
                            let query = Sample::insert().row(sample.clone()).returning(Sample::ALL);
                            assert_eq!(&engine.fetch_one(query).await?, sample, "returned");
                        }
                        engine.execute(Sample::delete()).await?;
                        let bulk = Sample::insert().rows(samples.clone()).returning(Sample::ALL);
                        assert_eq!(engine.insert_returning(bulk).await?, samples, "returned in bulk");
                    } else {
                        engine.insert(Sample::insert().rows(samples.clone())).await?;
                    }

                    let first = Sample::ID.eq(1);
                    for value in values.iter().map(|value| Some(value.clone())).chain([None]) {
                        let update = Sample::update().set(Sample::MAYBE, value.clone()).filter(first.clone());
                        assert_eq!(engine.execute(update).await?, 1);
                        let found = engine.fetch_one(select(Sample::MAYBE).filter(first.clone())).await?;
                        assert_eq!(found, value, "changed");
                    }
                    Ok(())
                };
                #[allow(unused_mut, unused_assignments, reason = "only some types are claimed")]
                let mut claimed: Option<Capability> = None;
                $(claimed = Some(Capability::$capability);)?
                let result = work.await;
                match claimed {
                    Some(capability) => suite.judge(capability, &engine, result).await,
                    None => result.unwrap_or_else(|error: Error| panic!("{error}")),
                }
            }
        )+
    };
}

cases! {
    /// Booleans.
    bools: bool, [false, true];
    /// `i8`.
    eight_bits: i8, [i8::MIN, -1, 0, 1, i8::MAX];
    /// `i16`.
    sixteen_bits: i16, [i16::MIN, -1, 0, 1, i16::MAX];
    /// `i32`.
    thirty_two_bits: i32, [i32::MIN, -1, 0, 1, i32::MAX];
    /// `i64`, beyond what a floating-point number could hold.
    sixty_four_bits: i64, [i64::MIN, -(1 << 53) - 1, -1, 0, 1, (1 << 53) + 1, i64::MAX];
    /// `u8`.
    unsigned_eight_bits: u8, [0, 1, 128, u8::MAX];
    /// `u16`.
    unsigned_sixteen_bits: u16, [0, 1, 32_768, u16::MAX];
    /// `u32`.
    unsigned_thirty_two_bits: u32, [0, 1, 2_147_483_648, u32::MAX];
    /// `f32`.
    single_floats: f32, [f32::MIN, -1.5, 0.0, f32::MIN_POSITIVE, 0.1, 16_777_217.0, f32::MAX];
    /// `f64`, to the last bit.
    double_floats: f64, [f64::MIN, -9_007_199_254_740_993.0, -1.5, 0.0, f64::MIN_POSITIVE, 0.1, 0.1 + 0.2, 1e18, f64::MAX];
    /// Beyond all bounds.
    infinite_floats if Infinity: f64, [f64::NEG_INFINITY, f64::INFINITY];
    /// Decimals of up to 15 digits.
    decimals if Decimals with (numeric(20, 5)): Decimal,
        ["-9999999999.99999", "-0.05001", "0.00001", "0.10203", "1.50607", "1234567890.12345"].map(decimal);
    /// Decimals of 30 digits.
    wide_decimals if WideDecimals with (numeric(38, 10)): Decimal,
        ["-12345678901234567890.1234567891", "0.0000000001", "99999999999999999999.9999999999"].map(decimal);
    /// Text of any language and length, with what SQL quotes.
    texts: String, [
        String::new(),
        " ".to_owned(),
        " both sides ".to_owned(),
        "1".to_owned(),
        "it's \"quoted\" `here` \\ ? :name $1 % _ -- /* */ ;".to_owned(),
        "line\nbreak\r\ttab".to_owned(),
        "exactly twenty-four byte".to_owned(),
        "é ê ß 中文 עברית".to_owned(),
        "🦀🚀".to_owned(),
        char::MAX.to_string(),
        "long ".repeat(10_000)
    ];
    /// Text with U+0000.
    texts_with_zero if ZeroInText: String, ["\0".to_owned(), "a\0b".to_owned(), "a\0".to_owned()];
    /// Bytes.
    bytes: Vec<u8>, [vec![], vec![0], vec![0, 0], b"text".to_vec(), vec![39, 92, 34], vec![128; 60_000], (0..=255).collect::<Vec<u8>>()];
    /// Dates.
    dates if Temporal: Date, ["1000-01-01", "1582-10-15", "1969-12-31", "1970-01-01", "2024-02-29", "9999-12-31"].map(date);
    /// Times of day, to the microsecond.
    times if Temporal: Time, ["00:00:00", "00:00:00.000001", "12:30:00", "23:59:59.999999"].map(time);
    /// Dates with a time of day.
    datetimes if Temporal: DateTime, ["1000-01-01 00:00:00", "1969-12-31 23:59:59.999999", "2024-02-29 12:30:00.5", "9999-12-31 23:59:59"].map(datetime);
    /// Instants.
    timestamps if Temporal: Timestamp, ["1970-01-02 00:00:00", "2001-09-09 01:46:40.000001", "2024-03-31 01:30:00", "2037-12-31 23:59:59.999999"].map(|text| datetime(text).as_utc());
    /// UUIDs.
    uuids if Uuids: uuid::Uuid, [uuid::Uuid::nil(), uuid::Uuid::max(), uuid::Uuid::from_u128(0x1234_5678_9abc_4ef0_9234_5678_9abc_def0)];
}

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).unwrap_or_else(|| panic!("{text} is a decimal"))
}

fn date(text: &str) -> Date {
    Date::parse(text).unwrap_or_else(|| panic!("{text} is a date"))
}

fn time(text: &str) -> Time {
    Time::parse(text).unwrap_or_else(|| panic!("{text} is a time"))
}

fn datetime(text: &str) -> DateTime {
    DateTime::parse(text).unwrap_or_else(|| panic!("{text} is a date and time"))
}

/// What is no number comes back as that, or is refused; it does not become NULL or 0.
pub async fn floats_that_are_none(suite: Suite) {
    #[derive(Entity, Clone, Debug, PartialEq)]
    #[entity(table = "suite_value")]
    struct Sample {
        #[column(primary_key)]
        id: i64,
        plain: f64,
        maybe: Option<f64>,
    }
    let engine = suite.single(schema![Sample]).await;
    let work = async {
        engine.execute(Sample::insert().row(Sample { id: 1, plain: f64::NAN, maybe: Some(f64::NAN) })).await?;
        let rows = (2..5).map(|id| Sample { id, plain: f64::NAN, maybe: Some(f64::NAN) });
        engine.insert(Sample::insert().rows(rows)).await?;
        let found = engine.fetch_all(Sample::select()).await?;
        assert_eq!(found.len(), 4);
        assert!(found.iter().all(|row| row.plain.is_nan() && row.maybe.is_some_and(f64::is_nan)));
        assert!(engine.fetch_one(select(value(f64::NAN))).await?.is_nan());
        Ok(())
    };
    let result = work.await;
    suite.judge(Capability::NotANumber, &engine, result).await;
}

/// Documents; what is equal to a document is another question.
pub async fn json(suite: Suite) {
    #[derive(Entity, Clone, Debug, PartialEq)]
    #[entity(table = "suite_value")]
    struct Sample {
        #[column(primary_key)]
        id: i64,
        plain: serde_json::Value,
        maybe: Option<serde_json::Value>,
    }
    let engine = suite.single(&[]).await;
    let documents = [
        serde_json::json!(null),
        serde_json::json!(true),
        serde_json::json!(-1.5),
        serde_json::json!("it's \"quoted\" \\ ü 🦀"),
        serde_json::json!([1, [2, {"three": 4}]]),
        serde_json::json!({"a": {"b": [null, false, ""]}, "long": "x".repeat(10_000)}),
    ];
    let samples: Vec<Sample> = (1..)
        .zip(documents)
        .map(|(id, plain)| Sample { id, maybe: (id % 2 == 0).then(|| plain.clone()), plain })
        .collect();
    let work = async {
        engine.create_all(schema![Sample]).await?;
        for sample in &samples {
            engine.execute(Sample::insert().row(sample.clone())).await?;
        }
        assert_eq!(engine.fetch_all(Sample::select().order_by(Sample::ID)).await?, samples, "one by one");
        engine.execute(Sample::delete()).await?;
        engine.insert(Sample::insert().rows(samples.clone())).await?;
        assert_eq!(engine.fetch_all(Sample::select().order_by(Sample::ID)).await?, samples, "in bulk");
        Ok(())
    };
    let result = work.await;
    suite.judge(Capability::Json, &engine, result).await;
}

/// A list of numbers as one parameter.
struct Numbers(Vec<i64>);

impl Encode for Numbers {
    fn encode(&self, sink: &mut dyn ParamSink) -> std::result::Result<(), Fault> {
        sink.list(self.0.len(), &mut |index, sink| self.0[index].encode(sink))
    }
    fn to_value(&self) -> Value {
        Value::List(self.0.iter().map(Encode::to_value).collect())
    }
}

impl aludel::SqlTyped for Numbers {
    type Base = Self;
    const SQL_TYPE: SqlType = SqlType::Array(Held::Static(&SqlType::BigInt));
    const CACHE: CacheSafety = CacheSafety::Safe;
}

/// Lists of any length.
pub async fn lists_as_one_parameter(suite: Suite) {
    #[derive(Entity, Clone, Debug, PartialEq)]
    #[entity(table = "suite_value")]
    struct Sample {
        #[column(primary_key)]
        id: i64,
    }
    let engine = suite.single(schema![Sample]).await;
    let rows = engine.insert(Sample::insert().rows((1..=50).map(|id| Sample { id }))).await;
    rows.unwrap_or_else(|error| panic!("{error}"));
    let work = async {
        for length in [0, 1, 2, 40, 5_000] {
            let wanted = Numbers((11..11 + length).collect());
            let query = text("SELECT id FROM suite_value WHERE id = ANY(:list) ORDER BY id").bind("list", wanted);
            let found = engine.fetch_all(query.rows_as::<i64>()).await?;
            assert!(found.into_iter().eq((11..11 + length).take(40)));
        }
        Ok(())
    };
    let result = work.await;
    suite.judge(Capability::Arrays, &engine, result).await;
    assert_eq!(engine.dialect().capabilities().arrays, suite.has(Capability::Arrays), "`arrays` of the dialect");
}

/// Columns of every kind in one row, some NULL: nothing of one is read as another.
pub async fn mixed_columns(suite: Suite) {
    #[derive(Entity, Clone, Debug, PartialEq)]
    #[entity(table = "suite_mixed")]
    struct Mixed {
        #[column(primary_key)]
        id: i64,
        flag: Option<bool>,
        small: Option<i16>,
        words: Option<String>,
        real: Option<f64>,
        data: Option<Vec<u8>>,
        large: Option<i64>,
        more: Option<String>,
        last: Option<i32>,
    }
    let engine = suite.single(schema![Mixed]).await;
    let mixed = |id: i64| {
        let has = |bit: i64| id >> bit & 1 == 1;
        Mixed {
            id,
            flag: has(0).then_some(id % 3 == 0),
            small: has(1).then(|| i16::try_from(id).unwrap_or(0) - 100),
            words: has(2).then(|| "w".repeat(usize::try_from(id).unwrap_or(0))),
            real: has(3).then_some(0.5),
            data: has(4).then(|| vec![0; usize::try_from(id % 7).unwrap_or(0)]),
            large: has(5).then_some(id << 40),
            more: has(6).then(|| "ü".repeat(100)),
            last: has(7).then_some(-1),
        }
    };
    let samples: Vec<Mixed> = (1..=255).map(mixed).collect();
    let work = async {
        engine.insert(Mixed::insert().rows(samples.clone())).await?;
        assert_eq!(engine.fetch_all(Mixed::select().order_by(Mixed::ID)).await?, samples);
        engine.execute(Mixed::delete()).await?;
        for sample in &samples {
            engine.execute(Mixed::insert().row(sample.clone())).await?;
        }
        assert_eq!(engine.fetch_all(Mixed::select().order_by(Mixed::ID)).await?, samples);
        Ok::<(), Error>(())
    };
    work.await.unwrap_or_else(|error| panic!("{error}"));
}

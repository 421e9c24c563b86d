//! PostgreSQL's own types; the others refuse them by name.

use crate::db::{Db, InMatrix};
use std::ops::Bound;

use aludel::postgres::types::{Bits, Cidr, Citext, Hstore, Inet, LTree, Lexeme, MacAddr, Multirange, Range, TsVector};
use aludel::{Date, DateTime, Decimal, Timestamp};

use crate::matrix;

matrix!(int_ranges, Range<i32>, on [Postgres] or "the type int4range of postgresql", unordered, |_| {
    vec![
        Range::EMPTY,
        (1..5).into(),
        Range::new(i32::MIN, i32::MAX),
        (..).into(),
        (3..).into(),
        (..3).into(),
    ]
});
matrix!(long_ranges, Range<i64>, on [Postgres] or "the type int8range of postgresql", unordered, |_| {
    vec![Range::EMPTY, (i64::MIN..i64::MAX).into(), (0..1).into()]
});
matrix!(decimal_ranges, Range<Decimal>, on [Postgres] or "the type numrange of postgresql", unordered, |_| {
    let decimal = |text| Decimal::parse(text).unwrap();
    vec![
        Range::EMPTY,
        (decimal("0.5")..=decimal("1.50")).into(),
        Range::between(Bound::Excluded(decimal("-1")), Bound::Unbounded),
    ]
});
matrix!(date_ranges, Range<Date>, on [Postgres] or "the type daterange of postgresql", unordered, |_| {
    vec![Range::EMPTY, (Date { days: 0 }..Date { days: 1 }).into(), (Date { days: -719_162 }..).into()]
});
matrix!(clock_ranges, Range<DateTime>, on [Postgres] or "the type tsrange of postgresql", unordered, |_| {
    let at = |text| DateTime::parse(text).unwrap();
    vec![Range::EMPTY, (at("2024-01-01 00:00:00")..=at("2024-01-01 12:00:00.000001")).into()]
});
matrix!(instant_ranges, Range<Timestamp>, on [Postgres] or "the type tstzrange of postgresql", unordered, |_| {
    let at = |seconds| Timestamp { seconds, nanos: 5_000 };
    vec![Range::EMPTY, (at(-1)..at(0)).into(), (at(5)..).into()]
});
matrix!(jiff_ranges, Range<jiff::civil::Date>, on [Postgres] or "the type daterange of postgresql", unordered, |_| {
    vec![Range::EMPTY, (jiff::civil::date(2024, 1, 1)..jiff::civil::date(2025, 1, 1)).into()]
});
matrix!(multiranges, Multirange<i32>, on [Postgres] or "the type int4multirange of postgresql", unordered, |_| {
    vec![Multirange::default(), Multirange(vec![(1..2).into(), (5..).into()])]
});
matrix!(lists_of_ranges, Vec<Range<i32>>, on [Postgres] or "an array type", unordered, |_| {
    vec![vec![], vec![(1..2).into(), Range::EMPTY]]
});
matrix!(hosts, Inet, on [Postgres] or "the type inet of postgresql", ordered, |_| {
    ["0.0.0.0", "127.0.0.1", "192.168.1.5/24", "255.255.255.255", "::", "2001:db8::1/64", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"]
        .map(|text| text.parse().unwrap())
        .to_vec()
});
matrix!(networks, Cidr, on [Postgres] or "the type cidr of postgresql", ordered, |_| {
    ["0.0.0.0/0", "10.0.0.0/8", "192.168.1.0/24", "2001:db8::/32"].map(|text| text.parse().unwrap()).to_vec()
});
matrix!(cards, MacAddr, on [Postgres] or "the type macaddr of postgresql", ordered, |_| {
    vec![MacAddr([0; 6]), "08:00:2b:01:02:03".parse().unwrap(), MacAddr([255; 6])]
});
matrix!(bit_strings, Bits, on [Postgres] or "the type varbit of postgresql", unordered, |_| {
    ["", "0", "1", "10110", "11111111", "000000001"].map(|text| text.parse().unwrap()).to_vec()
});
matrix!(maps, Hstore, on [Postgres] or "the type hstore of postgresql", unordered, |_| {
    let mut with_null = Hstore::from_iter([("a", "1"), ("it's", "\"q\""), ("", "")]);
    with_null.0.insert("none".into(), None);
    vec![Hstore::default(), Hstore::from_iter([("a", "1")]), with_null]
});
matrix!(any_case, Citext, on [Postgres] or "the type citext of postgresql", unordered, |_| {
    vec!["".into(), "Ed".into(), "été 🦀".into()]
});
matrix!(trees, LTree, on [Postgres] or "the type ltree of postgresql", ordered, |_| {
    vec!["".into(), "top".into(), "top.science.astronomy".into()]
});
matrix!(words, TsVector, on [Postgres] or "the type tsvector of postgresql", unordered, |_| {
    let word = |word: &str, places: &[(u16, char)]| Lexeme { word: word.into(), places: places.to_vec() };
    vec![
        TsVector::default(),
        TsVector(vec![word("fat", &[(2, 'A'), (5, 'D')]), word("it's", &[]), word("rat", &[(16_383, 'C')])]),
    ]
});

/// Types that can't be compared: what goes in comes out.
#[test]
fn points_and_documents() {
    use aludel::postgres::types::{Point, Xml};
    use aludel::prelude::*;

    #[derive(Entity, Clone, Debug, PartialEq)]
    struct Thing {
        #[column(primary_key)]
        id: i64,
        place: Option<Point>,
        doc: Option<Xml>,
        #[column(sql_type = aludel::SqlType::Named(aludel::Held::Static("bit(5)")))]
        flags: Bits,
    }
    let database = Db::Postgres.open();
    let engine = &database.engine;
    engine.create_all(schema![Thing]).unwrap();
    let flags: Bits = "10110".parse().unwrap();
    let things = [
        Thing {
            id: 1,
            place: Some(Point { x: -0.5, y: f64::MAX }),
            doc: Some("<a>é</a>".into()),
            flags: flags.clone(),
        },
        Thing { id: 2, place: None, doc: None, flags },
    ];
    engine.insert(Thing::insert().rows(things.clone())).unwrap();
    assert_eq!(engine.fetch_all(Thing::select().order_by(Thing::ID)).unwrap(), things);
    let wrong = engine.execute(Thing::insert().row(Thing {
        id: 3,
        place: None,
        doc: Some("<a>".into()),
        flags: Bits::default(),
    }));
    assert!(wrong.is_err());
}

/// Bytes of another type are not read as this one.
#[test]
fn other_types() {
    use aludel::prelude::*;

    let database = Db::Postgres.open();
    let row = database.engine.fetch_one(text("SELECT int8range(1, 2) AS r, CAST(1.5 AS money) AS m")).unwrap();
    let message = row.get::<Range<i32>>("r").unwrap_err().to_string();
    assert!(message.contains("int4range") && message.contains("int8range"), "{message}");
    let message = row.get::<Decimal>("m").unwrap_err().to_string();
    assert!(message.contains("m"), "{message}");
    assert_eq!(row.get::<aludel::RawValue>("m").unwrap().bytes.len(), 8);
}

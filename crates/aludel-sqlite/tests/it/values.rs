//! Values of every kind, there and back.

use aludel::blocking::Engine;
use aludel::prelude::*;
use aludel::{Date, DateTime, Decimal, SqlType, Time, Timestamp, Value};

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "things")]
struct Thing {
    #[column(primary_key)]
    id: i64,
    flag: bool,
    small: i8,
    unsigned: u32,
    single: f32,
    double: f64,
    name: String,
    bytes: Vec<u8>,
    day: Date,
    at: Time,
    clock: DateTime,
    moment: Timestamp,
    nothing: Option<String>,
}

fn thing(id: i64) -> Thing {
    Thing {
        id,
        flag: id % 2 == 0,
        small: i8::MIN,
        unsigned: u32::MAX,
        single: 1.5,
        double: std::f64::consts::PI,
        name: "zoë 'quoted' \u{1F980}".to_owned(),
        bytes: vec![0, 255, 39],
        day: Date::parse("2024-02-29").unwrap(),
        at: Time::parse("23:59:59.000001").unwrap(),
        clock: DateTime::parse("1969-12-31 23:59:59.5").unwrap(),
        moment: Timestamp::parse("2024-05-01T14:30:00.123456789+02:00").unwrap(),
        nothing: None,
    }
}

#[test]
fn an_entity_comes_back_as_it_went() {
    let engine = Engine::connect("sqlite::memory:").unwrap();
    engine.create_all(&[Thing::table().table]).unwrap();
    let things: Vec<Thing> = [thing(1), Thing { bytes: Vec::new(), name: String::new(), ..thing(2) }].into();
    engine.insert(Thing::insert().rows(things.clone())).unwrap();
    assert_eq!(engine.fetch_all(Thing::select().order_by(Thing::ID)).unwrap(), things);
    for found in [
        engine.fetch_one(Thing::select().filter(Thing::DAY.eq(things[0].day)).filter(Thing::ID.eq(1))),
        engine.fetch_one(Thing::select().filter(Thing::MOMENT.eq(things[0].moment)).filter(Thing::FLAG.eq(false))),
        engine.fetch_one(Thing::select().filter(Thing::BYTES.eq(vec![0_u8, 255, 39]))),
        engine.fetch_one(Thing::select().filter(Thing::NAME.eq(things[0].name.clone()))),
    ] {
        assert_eq!(found.unwrap(), things[0]);
    }
    let kinds = engine
        .fetch_one(text("SELECT typeof(flag), typeof(day), typeof(bytes), moment FROM things WHERE id = 1"))
        .unwrap();
    let kinds: Vec<String> = (0..4).map(|index| kinds.at(index).unwrap()).collect();
    assert_eq!(kinds, ["integer", "text", "blob", "2024-05-01 12:30:00.123456789+00:00"]);
}

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).unwrap()
}

#[test]
fn decimals() {
    let engine = Engine::connect("sqlite::memory:").unwrap();
    let mut connection = engine.acquire().unwrap();
    connection.batch("CREATE TABLE money (n NUMERIC, t TEXT)").unwrap();
    for (text_in, kind) in [
        ("12.50", "real"),
        ("-0.01", "real"),
        ("5.00", "integer"),
        ("123456789012345678", "integer"),
        ("99999999999.9999", "real"),
    ] {
        let n = decimal(text_in);
        connection.execute(text("INSERT INTO money (n) VALUES (:n)").bind("n", n)).unwrap();
        let row = connection.fetch_one(text("SELECT typeof(n), n FROM money")).unwrap();
        assert_eq!(row.at::<String>(0).unwrap(), kind, "{text_in}");
        let back: Decimal = connection.fetch_scalar(text("SELECT n FROM money")).unwrap();
        assert_eq!(back.rescale(n.scale()).unwrap(), n);
        connection.batch("DELETE FROM money").unwrap();
    }
    let error = connection.execute(text("SELECT :n").bind("n", decimal("1.2345678901234567"))).unwrap_err().to_string();
    assert!(error.contains("keeps 15 digits exactly; a column of type Text keeps any decimal"), "{error}");
    connection.batch("INSERT INTO money VALUES (0.1, NULL), (0.2, NULL), (1e3, NULL)").unwrap();
    let sum = text("SELECT sum(n) AS s FROM money WHERE n < 1").rows_as::<Decimal>();
    assert_eq!(connection.fetch_one(sum).unwrap(), decimal("0.3"));
}

#[derive(Entity, Clone, Debug, PartialEq)]
#[entity(table = "prices")]
struct Price {
    #[column(primary_key)]
    id: i64,
    #[column(sql_type = SqlType::Numeric(Some((12, 2))))]
    amount: Decimal,
}

#[test]
fn a_declared_scale_is_kept() {
    let engine = Engine::connect("sqlite::memory:").unwrap();
    engine.create_all(&[Price::table().table]).unwrap();
    let prices: Vec<Price> = ["1.50", "2.00", "-3.07", "1234567890.12"]
        .into_iter()
        .zip(1..)
        .map(|(text, id)| Price { id, amount: decimal(text) })
        .collect();
    engine.insert(Price::insert().rows(prices.clone())).unwrap();
    assert_eq!(engine.fetch_all(Price::select().order_by(Price::ID)).unwrap(), prices);
}

#[test]
fn values_as_they_are() {
    let engine = Engine::connect("sqlite::memory:").unwrap();
    let row = engine.fetch_one(text("SELECT 1, 1.5, 'a', x'00ff', NULL")).unwrap();
    let bytes: Box<[u8]> = Box::new([0, 255]);
    assert_eq!(
        row.values(),
        [Value::Int(1), Value::Float(1.5), Value::Text("a".into()), Value::Bytes(bytes), Value::Null]
    );
}

//! `rust_decimal`: as numbers up to 15 digits, as text all of them.

use aludel::blocking::Engine;
use aludel::prelude::*;
use rust_decimal::Decimal;
use rust_decimal::dec;

use crate::column_type;

column_type!(
    decimals,
    Decimal,
    ordered,
    [
        dec!(-999999999999999),
        dec!(-0.000000000000001),
        dec!(0),
        dec!(0.100000000000001),
        dec!(1.5),
        dec!(9.99999999999999),
        dec!(999999999999.999),
        dec!(9223372036854775807)
    ]
);

#[derive(Entity, Clone, Debug, PartialEq)]
struct Price {
    #[column(primary_key)]
    id: i64,
    #[column(numeric(15, 2))]
    amount: Decimal,
    #[column(sql_type = aludel::SqlType::Text)]
    exact: Decimal,
}

fn engine() -> Engine {
    let engine = Engine::connect("sqlite::memory:").expect("an engine");
    engine.create_all(schema![Price]).expect("a table");
    engine
}

#[test]
fn the_scale_of_the_column_comes_back() -> Result<()> {
    let engine = engine();
    let amounts = [dec!(5), dec!(0.1), dec!(-0.05), dec!(9999999999999.99), dec!(100)];
    engine.insert(Price::insert().rows(amounts.map(|amount| Price::build().amount(amount).exact(amount))))?;
    let query = select((Price::AMOUNT, Price::EXACT)).order_by(Price::ID);
    let found: Vec<String> =
        engine.fetch_all(query)?.iter().map(|(amount, exact)| format!("{amount} {exact}")).collect();
    assert_eq!(found, ["5.00 5", "0.10 0.1", "-0.05 -0.05", "9999999999999.99 9999999999999.99", "100.00 100"]);
    let sum = engine.fetch_one(select(func::sum(Price::AMOUNT)).filter(Price::AMOUNT.lt(dec!(1000))))?;
    assert_eq!(sum, Some(dec!(105.05)));
    Ok(())
}

#[test]
fn a_column_of_text_keeps_every_digit() -> Result<()> {
    let engine = engine();
    let most = Decimal::MAX - dec!(0);
    for exact in [most, Decimal::MIN, dec!(0.1234567890123456789012345678), dec!(1.50)] {
        let price = Price::build().amount(dec!(1)).exact(exact);
        assert_eq!(
            engine.fetch_one(Price::insert().row(price).returning(Price::EXACT))?.to_string(),
            exact.to_string()
        );
        assert_eq!(engine.fetch_all(select(Price::EXACT).filter(Price::EXACT.eq(exact)))?, [exact]);
    }
    Ok(())
}

#[test]
fn more_than_fifteen_digits_are_no_number() {
    let engine = engine();
    let price = || Price::build().amount(dec!(12345678901234.56)).exact(dec!(0));
    let one = engine.execute(Price::insert().row(price())).expect_err("16 digits").to_string();
    let many = engine.insert(Price::insert().rows([price()])).expect_err("16 digits").to_string();
    let wanted = "parameter 1, price.amount: 12345678901234.56 does not fit into a number in SQLite, which keeps 15 digits exactly";
    assert!(one.starts_with(wanted), "{one}");
    assert!(many.starts_with(wanted), "{many}");
    let query = Price::select().filter(Price::AMOUNT.gt(dec!(0.1234567890123456)));
    let compared = engine.fetch_all(query).expect_err("16 digits").to_string();
    assert!(compared.contains("price.amount: 0.1234567890123456 does not fit"), "{compared}");
    assert_eq!(engine.fetch_one(select(func::count_all()).from(Price::TABLE)).expect("a count"), 0);
}

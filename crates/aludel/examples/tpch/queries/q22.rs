//! Global sales opportunity: customers of some countries with a good balance who have never ordered.

use aludel::prelude::*;
use rust_decimal::{Decimal, dec};

use crate::entities::{Customer, Orders};

const COUNTRIES: [&str; 7] = ["13", "31", "23", "29", "30", "18", "17"];
const COUNTRY: Label<String> = label("cntrycode");

/// The country, how many customers, and their balances together.
pub(crate) type Row = (String, i64, Option<Decimal>);

pub(crate) fn query() -> Select<Row> {
    let orders = select(literal(1)).filter(Orders::O_CUSTKEY.eq(Customer::C_CUSTKEY));
    let customers = select((country().label(COUNTRY), Customer::C_ACCTBAL))
        .filter(country().in_(COUNTRIES))
        .filter(Customer::C_ACCTBAL.gt(average_balance()))
        .filter(orders.not_exists())
        .subquery("custsale");
    let country = customers.get(COUNTRY);
    select((
        &country,
        func::count_all().label("numcust"),
        func::sum(customers.col(Customer::C_ACCTBAL)).label("totacctbal"),
    ))
    .group_by(&country)
    .order_by(&country)
}

/// What a phone number begins with.
fn country() -> Expr<String> {
    func::substring(Customer::C_PHONE, 1, 2)
}

/// Of the customers in those countries who have any money.
fn average_balance() -> Select<Option<Decimal>> {
    select(func::avg(Customer::C_ACCTBAL)).filter(Customer::C_ACCTBAL.gt(dec!(0))).filter(country().in_(COUNTRIES))
}

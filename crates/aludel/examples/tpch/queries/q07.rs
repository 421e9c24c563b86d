//! Volume shipping: what two nations ship to each other, by year.

use aludel::prelude::*;
use jiff::civil::date;
use rust_decimal::Decimal;

use super::discounted_price;
use crate::entities::{Customer, LineItem, Nation, Orders, Supplier};

const SUPPLIER_NATION: Label<String> = label("supp_nation");
const CUSTOMER_NATION: Label<String> = label("cust_nation");
const YEAR: Label<i64> = label("l_year");
const VOLUME: Label<Decimal> = label("volume");

/// The supplier's nation, the customer's, the year and the revenue.
pub(crate) type Row = (String, String, i64, Option<Decimal>);

pub(crate) fn query() -> Select<Row> {
    let shipping = shipping();
    let nations_and_year = (shipping.get(SUPPLIER_NATION), shipping.get(CUSTOMER_NATION), shipping.get(YEAR));
    let (supplier, customer, year) = nations_and_year.clone();
    select((supplier, customer, year, func::sum(shipping.get(VOLUME)).label("revenue")))
        .group_by(nations_and_year.clone())
        .order_by(nations_and_year)
}

/// Each line between the two nations.
fn shipping() -> Subquery<(String, String, i64, Decimal)> {
    let (theirs, ours) = (Nation::alias("n1"), Nation::alias("n2"));
    let between = |from: &str, to: &str| theirs.col(Nation::N_NAME).eq(from).and(ours.col(Nation::N_NAME).eq(to));
    select((
        theirs.col(Nation::N_NAME).label(SUPPLIER_NATION),
        ours.col(Nation::N_NAME).label(CUSTOMER_NATION),
        LineItem::L_SHIPDATE.extract("year").label(YEAR),
        discounted_price().label(VOLUME),
    ))
    .from(Supplier::TABLE)
    .join_by_key(LineItem::TABLE)
    .join_by_key(Orders::TABLE)
    .join_by_key(Customer::TABLE)
    .join(&theirs, Supplier::S_NATIONKEY.eq(theirs.col(Nation::N_NATIONKEY)))
    .join(&ours, Customer::C_NATIONKEY.eq(ours.col(Nation::N_NATIONKEY)))
    .filter(between("FRANCE", "GERMANY").or(between("GERMANY", "FRANCE")))
    .filter(LineItem::L_SHIPDATE.between(date(1995, 1, 1), date(1996, 12, 31)))
    .subquery("shipping")
}

//! Returned item reporting: the twenty customers who sent back most in a quarter.

use aludel::prelude::*;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use super::discounted_price;
use crate::entities::{Customer, LineItem, Nation, Orders};

const REVENUE: Label<Option<Decimal>> = label("revenue");
const QUARTER: Date = date(1993, 10, 1);

/// The customer's key and name, what was lost, the customer's balance, nation, address, phone and comment.
pub(crate) type Row = (i64, String, Option<Decimal>, Decimal, String, String, String, String);

pub(crate) fn query() -> Select<Row> {
    select((
        Customer::C_CUSTKEY,
        Customer::C_NAME,
        func::sum(discounted_price()).label(REVENUE),
        Customer::C_ACCTBAL,
        Nation::N_NAME,
        Customer::C_ADDRESS,
        Customer::C_PHONE,
        Customer::C_COMMENT,
    ))
    .from(Customer::TABLE)
    .join_by_key(Orders::TABLE)
    .join_by_key(LineItem::TABLE)
    .join_by_key(Nation::TABLE)
    .filter(Orders::O_ORDERDATE.ge(QUARTER))
    .filter(Orders::O_ORDERDATE.lt(QUARTER + 3.months()))
    .filter(LineItem::L_RETURNFLAG.eq("R"))
    .group_by((
        Customer::C_CUSTKEY,
        Customer::C_NAME,
        Customer::C_ACCTBAL,
        Customer::C_PHONE,
        Nation::N_NAME,
        Customer::C_ADDRESS,
        Customer::C_COMMENT,
    ))
    .order_by(REVENUE.desc())
    .limit(20)
}

//! Shipping priority: the ten unshipped orders of the largest revenue.

use aludel::prelude::*;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use super::discounted_price;
use crate::entities::{Customer, LineItem, Orders};

const REVENUE: Label<Option<Decimal>> = label("revenue");
const DAY: Date = date(1995, 3, 15);

/// The order, its revenue, its date and its priority.
pub(crate) type Row = (i64, Option<Decimal>, Date, i32);

pub(crate) fn query() -> Select<Row> {
    select((
        LineItem::L_ORDERKEY,
        func::sum(discounted_price()).label(REVENUE),
        Orders::O_ORDERDATE,
        Orders::O_SHIPPRIORITY,
    ))
    .from(Customer::TABLE)
    .join_by_key(Orders::TABLE)
    .join_by_key(LineItem::TABLE)
    .filter(Customer::C_MKTSEGMENT.eq("BUILDING"))
    .filter(Orders::O_ORDERDATE.lt(DAY))
    .filter(LineItem::L_SHIPDATE.gt(DAY))
    .group_by((LineItem::L_ORDERKEY, Orders::O_ORDERDATE, Orders::O_SHIPPRIORITY))
    .order_by((REVENUE.desc(), Orders::O_ORDERDATE))
    .limit(10)
}

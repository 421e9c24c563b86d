//! Large volume customer: the hundred dearest of the orders of a large quantity.

use aludel::prelude::*;
use jiff::civil::Date;
use rust_decimal::{Decimal, dec};

use crate::entities::{Customer, LineItem, Orders};

/// The customer's name and key, the order's key, date and price, and its quantity.
pub(crate) type Row = (String, i64, i64, Date, Decimal, Option<Decimal>);

pub(crate) fn query() -> Select<Row> {
    let large_orders = select(LineItem::L_ORDERKEY)
        .group_by(LineItem::L_ORDERKEY)
        .having(func::sum(LineItem::L_QUANTITY).gt(dec!(300)));
    select((
        Customer::C_NAME,
        Customer::C_CUSTKEY,
        Orders::O_ORDERKEY,
        Orders::O_ORDERDATE,
        Orders::O_TOTALPRICE,
        func::sum(LineItem::L_QUANTITY).label("sum_qty"),
    ))
    .from(Customer::TABLE)
    .join_by_key(Orders::TABLE)
    .join_by_key(LineItem::TABLE)
    .filter(Orders::O_ORDERKEY.in_query(large_orders))
    .group_by((Customer::C_NAME, Customer::C_CUSTKEY, Orders::O_ORDERKEY, Orders::O_ORDERDATE, Orders::O_TOTALPRICE))
    .order_by((Orders::O_TOTALPRICE.desc(), Orders::O_ORDERDATE))
    .limit(100)
}

//! Order priority checking: orders of a quarter with a line that came late.

use aludel::prelude::*;
use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::entities::{LineItem, Orders};

const QUARTER: Date = date(1993, 7, 1);

/// The priority and how many orders.
pub(crate) type Row = (String, i64);

pub(crate) fn query() -> Select<Row> {
    let late_lines = select(literal(1))
        .filter(LineItem::L_ORDERKEY.eq(Orders::O_ORDERKEY))
        .filter(LineItem::L_COMMITDATE.lt(LineItem::L_RECEIPTDATE));
    select((Orders::O_ORDERPRIORITY, func::count_all().label("order_count")))
        .filter(Orders::O_ORDERDATE.ge(QUARTER))
        .filter(Orders::O_ORDERDATE.lt(QUARTER + 3.months()))
        .filter(late_lines.exists())
        .group_by(Orders::O_ORDERPRIORITY)
        .order_by(Orders::O_ORDERPRIORITY)
}

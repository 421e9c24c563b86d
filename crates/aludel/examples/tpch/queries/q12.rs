//! Shipping modes and order priority: whether cheaper ways of shipping delay orders of high priority.

use aludel::prelude::*;
use jiff::ToSpan;
use jiff::civil::{Date, date};

use crate::entities::{LineItem, Orders};

const YEAR: Date = date(1994, 1, 1);

/// The way of shipping; late lines of orders of high priority and of others.
pub(crate) type Row = (String, Option<i64>, Option<i64>);

pub(crate) fn query() -> Select<Row> {
    let is_high = Orders::O_ORDERPRIORITY.eq("1-URGENT").or(Orders::O_ORDERPRIORITY.eq("2-HIGH"));
    let is_low = Orders::O_ORDERPRIORITY.ne("1-URGENT").and(Orders::O_ORDERPRIORITY.ne("2-HIGH"));
    select((
        LineItem::L_SHIPMODE,
        count_where(is_high).label("high_line_count"),
        count_where(is_low).label("low_line_count"),
    ))
    .from(Orders::TABLE)
    .join_by_key(LineItem::TABLE)
    .filter(LineItem::L_SHIPMODE.in_(["MAIL", "SHIP"]))
    .filter(LineItem::L_COMMITDATE.lt(LineItem::L_RECEIPTDATE))
    .filter(LineItem::L_SHIPDATE.lt(LineItem::L_COMMITDATE))
    .filter(LineItem::L_RECEIPTDATE.ge(YEAR))
    .filter(LineItem::L_RECEIPTDATE.lt(YEAR + 1.year()))
    .group_by(LineItem::L_SHIPMODE)
    .order_by(LineItem::L_SHIPMODE)
}

fn count_where(condition: Expr<bool>) -> Expr<Option<i64>> {
    func::sum(case().when::<i64>(condition, 1).otherwise(0))
}

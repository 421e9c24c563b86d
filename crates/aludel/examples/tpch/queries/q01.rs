//! Pricing summary report: how much was billed, shipped and returned, up to 90 days before the last day of shipping.

use aludel::prelude::*;
use jiff::ToSpan;
use jiff::civil::date;
use rust_decimal::Decimal;

use super::{discounted_price, taxed_price};
use crate::entities::LineItem;

/// Return flag and line status; sums of quantity, price, discounted and taxed price; averages of quantity, price and
/// discount; lines.
pub(crate) type Row = (
    String,
    String,
    Option<Decimal>,
    Option<Decimal>,
    Option<Decimal>,
    Option<Decimal>,
    Option<Decimal>,
    Option<Decimal>,
    Option<Decimal>,
    i64,
);

pub(crate) fn query() -> Select<Row> {
    select((
        LineItem::L_RETURNFLAG,
        LineItem::L_LINESTATUS,
        func::sum(LineItem::L_QUANTITY).label("sum_qty"),
        func::sum(LineItem::L_EXTENDEDPRICE).label("sum_base_price"),
        func::sum(discounted_price()).label("sum_disc_price"),
        func::sum(taxed_price()).label("sum_charge"),
        func::avg(LineItem::L_QUANTITY).label("avg_qty"),
        func::avg(LineItem::L_EXTENDEDPRICE).label("avg_price"),
        func::avg(LineItem::L_DISCOUNT).label("avg_disc"),
        func::count_all().label("count_order"),
    ))
    .filter(LineItem::L_SHIPDATE.le(date(1998, 12, 1) - 90.days()))
    .group_by((LineItem::L_RETURNFLAG, LineItem::L_LINESTATUS))
    .order_by((LineItem::L_RETURNFLAG, LineItem::L_LINESTATUS))
}

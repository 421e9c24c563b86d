//! Forecasting revenue change: what a year would have earned without its small discounts.

use aludel::prelude::*;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use rust_decimal::{Decimal, dec};

use crate::entities::LineItem;

const YEAR: Date = date(1994, 1, 1);

/// The revenue.
pub(crate) type Row = Option<Decimal>;

pub(crate) fn query() -> Select<Row> {
    select(func::sum(LineItem::L_EXTENDEDPRICE * LineItem::L_DISCOUNT).label("revenue"))
        .filter(LineItem::L_SHIPDATE.ge(YEAR))
        .filter(LineItem::L_SHIPDATE.lt(YEAR + 1.year()))
        .filter(LineItem::L_DISCOUNT.between(dec!(0.06) - dec!(0.01), dec!(0.06) + dec!(0.01)))
        .filter(LineItem::L_QUANTITY.lt(dec!(24)))
}

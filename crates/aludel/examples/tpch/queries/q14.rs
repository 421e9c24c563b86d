//! Promotion effect: which part of a month's revenue came from promoted parts, in percent.

use aludel::prelude::*;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use rust_decimal::{Decimal, dec};

use super::discounted_price;
use crate::entities::{LineItem, Part};

const MONTH: Date = date(1995, 9, 1);

/// The percentage.
pub(crate) type Row = Option<Decimal>;

pub(crate) fn query() -> Select<Row> {
    let promoted = case().when::<Decimal>(Part::P_TYPE.starts_with("PROMO"), discounted_price()).otherwise(dec!(0));
    select((func::sum(promoted) * dec!(100) / func::sum(discounted_price())).label("promo_revenue"))
        .from(LineItem::TABLE)
        .join_by_key(Part::TABLE)
        .filter(LineItem::L_SHIPDATE.ge(MONTH))
        .filter(LineItem::L_SHIPDATE.lt(MONTH + 1.month()))
}

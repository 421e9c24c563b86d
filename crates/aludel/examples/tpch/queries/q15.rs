//! Top supplier: who earned most in a quarter, ties included.

use aludel::prelude::*;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use super::discounted_price;
use crate::entities::{LineItem, Supplier};

const QUARTER: Date = date(1996, 1, 1);
const SUPPLIER: Label<i64> = label("supplier_no");
const TOTAL: Label<Option<Decimal>> = label("total_revenue");

/// The supplier's key, name, address and phone, and its revenue.
pub(crate) type Row = (i64, String, String, String, Option<Decimal>);

pub(crate) fn query() -> Select<Row> {
    let revenue = select((LineItem::L_SUPPKEY.label(SUPPLIER), func::sum(discounted_price()).label(TOTAL)))
        .filter(LineItem::L_SHIPDATE.ge(QUARTER))
        .filter(LineItem::L_SHIPDATE.lt(QUARTER + 3.months()))
        .group_by(LineItem::L_SUPPKEY)
        .cte("revenue");
    let total = revenue.get(TOTAL);
    select((Supplier::S_SUPPKEY, Supplier::S_NAME, Supplier::S_ADDRESS, Supplier::S_PHONE, &total))
        .from(Supplier::TABLE)
        .join(&revenue, Supplier::S_SUPPKEY.eq(revenue.get(SUPPLIER)))
        .filter(total.clone().eq(select(func::max(&total))))
        .order_by(Supplier::S_SUPPKEY)
}

//! Discounted revenue: what three kinds of parts earned that were flown in and handed over in person.

use std::ops::RangeInclusive;

use aludel::prelude::*;
use rust_decimal::Decimal;

use super::discounted_price;
use crate::entities::{LineItem, Part};

/// The revenue.
pub(crate) type Row = Option<Decimal>;

pub(crate) fn query() -> Select<Row> {
    select(func::sum(discounted_price()).label("revenue")).filter(any_of([
        kind("Brand#12", ["SM CASE", "SM BOX", "SM PACK", "SM PKG"], 1..=11, 5),
        kind("Brand#23", ["MED BAG", "MED BOX", "MED PKG", "MED PACK"], 10..=20, 10),
        kind("Brand#34", ["LG CASE", "LG BOX", "LG PACK", "LG PKG"], 20..=30, 15),
    ]))
}

/// A line of such a part. Each kind has the join's condition, as in the specification: outside of the OR it would be all
/// that SQLite joins by.
fn kind(brand: &str, containers: [&str; 4], quantity: RangeInclusive<i64>, largest: i32) -> Expr<bool> {
    all_of([
        Part::P_PARTKEY.eq(LineItem::L_PARTKEY),
        Part::P_BRAND.eq(brand),
        Part::P_CONTAINER.in_(containers),
        LineItem::L_QUANTITY.ge(Decimal::from(*quantity.start())),
        LineItem::L_QUANTITY.le(Decimal::from(*quantity.end())),
        Part::P_SIZE.between(1, largest),
        LineItem::L_SHIPMODE.in_(["AIR", "AIR REG"]),
        LineItem::L_SHIPINSTRUCT.eq("DELIVER IN PERSON"),
    ])
}

//! Small-quantity-order revenue: what a year would lose without the small orders of some parts.

use aludel::prelude::*;
use rust_decimal::{Decimal, dec};

use crate::entities::{LineItem, Part};

/// The average of a year; the data are of seven.
pub(crate) type Row = Option<Decimal>;

pub(crate) fn query() -> Select<Row> {
    select((func::sum(LineItem::L_EXTENDEDPRICE) / dec!(7)).label("avg_yearly"))
        .from(LineItem::TABLE)
        .join_by_key(Part::TABLE)
        .filter(Part::P_BRAND.eq("Brand#23"))
        .filter(Part::P_CONTAINER.eq("MED BOX"))
        .filter(LineItem::L_QUANTITY.lt(small_quantity()))
}

/// A fifth of what is ordered of the part on average. The part is that of the query around this one, the lines are not.
fn small_quantity() -> Select<Option<Decimal>> {
    select(func::avg(LineItem::L_QUANTITY) * dec!(0.2))
        .from(LineItem::TABLE)
        .filter(LineItem::L_PARTKEY.eq(Part::P_PARTKEY))
}

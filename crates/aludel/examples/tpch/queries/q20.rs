//! Potential part promotion: a nation's suppliers with more of some parts than they need.

use aludel::prelude::*;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use rust_decimal::{Decimal, dec};

use crate::entities::{LineItem, Nation, Part, PartSupp, Supplier};

const YEAR: Date = date(1994, 1, 1);

/// The supplier's name and address.
pub(crate) type Row = (String, String);

pub(crate) fn query() -> Select<Row> {
    select((Supplier::S_NAME, Supplier::S_ADDRESS))
        .from(Supplier::TABLE)
        .join_by_key(Nation::TABLE)
        .filter(Supplier::S_SUPPKEY.in_query(suppliers_with_too_much()))
        .filter(Nation::N_NAME.eq("CANADA"))
        .order_by(Supplier::S_NAME)
}

/// Suppliers of a part of the kind that have more of it than half of what they sold in the year.
fn suppliers_with_too_much() -> Select<i64> {
    let parts = select(Part::P_PARTKEY).filter(Part::P_NAME.starts_with("forest"));
    let half_of_sold = select(func::sum(LineItem::L_QUANTITY) * dec!(0.5))
        .filter(LineItem::L_PARTKEY.eq(PartSupp::PS_PARTKEY))
        .filter(LineItem::L_SUPPKEY.eq(PartSupp::PS_SUPPKEY))
        .filter(LineItem::L_SHIPDATE.ge(YEAR))
        .filter(LineItem::L_SHIPDATE.lt(YEAR + 1.year()));
    select(PartSupp::PS_SUPPKEY)
        .filter(PartSupp::PS_PARTKEY.in_query(parts))
        .filter(PartSupp::PS_AVAILQTY.coerce::<Decimal>().gt(half_of_sold))
}

//! Local supplier volume: revenue where customer and supplier are of the same nation.

use aludel::prelude::*;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;

use super::discounted_price;
use crate::entities::{Customer, LineItem, Nation, Orders, Region, Supplier};

const REVENUE: Label<Option<Decimal>> = label("revenue");
const YEAR: Date = date(1994, 1, 1);

/// The nation and the revenue.
pub(crate) type Row = (String, Option<Decimal>);

pub(crate) fn query() -> Select<Row> {
    select((Nation::N_NAME, func::sum(discounted_price()).label(REVENUE)))
        .from(Customer::TABLE)
        .join_by_key(Orders::TABLE)
        .join_by_key(LineItem::TABLE)
        .join_by_key(Supplier::TABLE)
        .join(Nation::TABLE, Supplier::S_NATIONKEY.eq(Nation::N_NATIONKEY))
        .join_by_key(Region::TABLE)
        .filter(Customer::C_NATIONKEY.eq(Supplier::S_NATIONKEY))
        .filter(Region::R_NAME.eq("ASIA"))
        .filter(Orders::O_ORDERDATE.ge(YEAR))
        .filter(Orders::O_ORDERDATE.lt(YEAR + 1.year()))
        .group_by(Nation::N_NAME)
        .order_by(REVENUE.desc())
}

//! National market share: a nation's part of a region's market for one type of part, by year.

use aludel::prelude::*;
use jiff::civil::date;
use rust_decimal::Decimal;

use super::discounted_price;
use crate::entities::{Customer, LineItem, Nation, Orders, Part, Region, Supplier};

const YEAR: Label<i64> = label("o_year");
const VOLUME: Label<Decimal> = label("volume");
const NATION: Label<String> = label("nation");

/// The year and the share.
pub(crate) type Row = (i64, Option<Decimal>);

pub(crate) fn query() -> Select<Row> {
    let lines = all_nations();
    let (year, volume) = (lines.get(YEAR), lines.get(VOLUME));
    let of_nation = case().when::<Decimal>(lines.get(NATION).eq("BRAZIL"), &volume).otherwise(Decimal::ZERO);
    select((&year, (func::sum(of_nation) / func::sum(volume)).label("mkt_share"))).group_by(&year).order_by(&year)
}

/// Each line of the type of part that a customer of the region bought, with the seller's nation.
fn all_nations() -> Subquery<(i64, Decimal, String)> {
    let (buyers, sellers) = (Nation::alias("n1"), Nation::alias("n2"));
    select((
        Orders::O_ORDERDATE.extract("year").label(YEAR),
        discounted_price().label(VOLUME),
        sellers.col(Nation::N_NAME).label(NATION),
    ))
    .from(Part::TABLE)
    .join_by_key(LineItem::TABLE)
    .join_by_key(Supplier::TABLE)
    .join_by_key(Orders::TABLE)
    .join_by_key(Customer::TABLE)
    .join(&buyers, Customer::C_NATIONKEY.eq(buyers.col(Nation::N_NATIONKEY)))
    .join_by_key(Region::TABLE)
    .join(&sellers, Supplier::S_NATIONKEY.eq(sellers.col(Nation::N_NATIONKEY)))
    .filter(Region::R_NAME.eq("AMERICA"))
    .filter(Orders::O_ORDERDATE.between(date(1995, 1, 1), date(1996, 12, 31)))
    .filter(Part::P_TYPE.eq("ECONOMY ANODIZED STEEL"))
    .subquery("all_nations")
}

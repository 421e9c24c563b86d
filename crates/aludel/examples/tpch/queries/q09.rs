//! Product type profit: what the parts of a kind earned, by nation and year.

use aludel::prelude::*;
use rust_decimal::Decimal;

use super::discounted_price;
use crate::entities::{LineItem, Nation, Orders, Part, PartSupp, Supplier};

const NATION: Label<String> = label("nation");
const YEAR: Label<i64> = label("o_year");
const AMOUNT: Label<Decimal> = label("amount");

/// The nation, the year and the profit.
pub(crate) type Row = (String, i64, Option<Decimal>);

pub(crate) fn query() -> Select<Row> {
    let profit = profit();
    let (nation, year) = (profit.get(NATION), profit.get(YEAR));
    select((&nation, &year, func::sum(profit.get(AMOUNT)).label("sum_profit")))
        .group_by((&nation, &year))
        .order_by((&nation, year.desc()))
}

/// What each line earned.
fn profit() -> Subquery<(String, i64, Decimal)> {
    select((
        Nation::N_NAME.label(NATION),
        Orders::O_ORDERDATE.extract("year").label(YEAR),
        (discounted_price() - PartSupp::PS_SUPPLYCOST * LineItem::L_QUANTITY).label(AMOUNT),
    ))
    .from(Part::TABLE)
    .join_by_key(LineItem::TABLE)
    .join_by_key(Supplier::TABLE)
    .join(
        PartSupp::TABLE,
        PartSupp::PS_SUPPKEY.eq(LineItem::L_SUPPKEY).and(PartSupp::PS_PARTKEY.eq(LineItem::L_PARTKEY)),
    )
    .join_by_key(Orders::TABLE)
    .join_by_key(Nation::TABLE)
    .filter(Part::P_NAME.contains("green"))
    .subquery("profit")
}

//! Minimum cost supplier: who in a region sells each part of a size and kind at the lowest cost.

use aludel::prelude::*;
use rust_decimal::Decimal;

use crate::entities::{Nation, Part, PartSupp, Region, Supplier};

const REGION: &str = "EUROPE";

/// The supplier's balance and name, its nation, the part, its maker, the supplier's address, phone and comment.
pub(crate) type Row = (Decimal, String, String, i64, String, String, String, String);

pub(crate) fn query() -> Select<Row> {
    select((
        Supplier::S_ACCTBAL,
        Supplier::S_NAME,
        Nation::N_NAME,
        Part::P_PARTKEY,
        Part::P_MFGR,
        Supplier::S_ADDRESS,
        Supplier::S_PHONE,
        Supplier::S_COMMENT,
    ))
    .from(Part::TABLE)
    .join_by_key(PartSupp::TABLE)
    .join_by_key(Supplier::TABLE)
    .join_by_key(Nation::TABLE)
    .join_by_key(Region::TABLE)
    .filter(Part::P_SIZE.eq(15))
    .filter(Part::P_TYPE.ends_with("BRASS"))
    .filter(Region::R_NAME.eq(REGION))
    .filter(PartSupp::PS_SUPPLYCOST.eq(lowest_cost()))
    .order_by((Supplier::S_ACCTBAL.desc(), Nation::N_NAME, Supplier::S_NAME, Part::P_PARTKEY))
    .limit(100)
}

/// What the part costs where it is cheapest in the region. The part is that of the query around this one.
fn lowest_cost() -> Select<Option<Decimal>> {
    select(func::min(PartSupp::PS_SUPPLYCOST))
        .from(PartSupp::TABLE)
        .join_by_key(Supplier::TABLE)
        .join_by_key(Nation::TABLE)
        .join_by_key(Region::TABLE)
        .filter(PartSupp::PS_PARTKEY.eq(Part::P_PARTKEY))
        .filter(Region::R_NAME.eq(REGION))
}

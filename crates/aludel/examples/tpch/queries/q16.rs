//! Parts/supplier relationship: how many suppliers without complaints have the parts that a customer wants.

use aludel::prelude::*;

use crate::entities::{Part, PartSupp, Supplier};

const SUPPLIERS: Label<i64> = label("supplier_cnt");

/// Brand, type and size of the parts, and how many suppliers have them.
pub(crate) type Row = (String, String, i32, i64);

pub(crate) fn query() -> Select<Row> {
    let complained_of = select(Supplier::S_SUPPKEY).filter(Supplier::S_COMMENT.like("%Customer%Complaints%"));
    select((Part::P_BRAND, Part::P_TYPE, Part::P_SIZE, func::count_distinct(PartSupp::PS_SUPPKEY).label(SUPPLIERS)))
        .from(PartSupp::TABLE)
        .join_by_key(Part::TABLE)
        .filter(Part::P_BRAND.ne("Brand#45"))
        .filter(not(Part::P_TYPE.starts_with("MEDIUM POLISHED")))
        .filter(Part::P_SIZE.in_([49, 14, 23, 45, 19, 3, 36, 9]))
        .filter(PartSupp::PS_SUPPKEY.not_in_query(complained_of))
        .group_by((Part::P_BRAND, Part::P_TYPE, Part::P_SIZE))
        .order_by((SUPPLIERS.desc(), Part::P_BRAND, Part::P_TYPE, Part::P_SIZE))
}

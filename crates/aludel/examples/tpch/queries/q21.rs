//! Suppliers who kept orders waiting: who of a nation alone was late with an order of several suppliers.

use aludel::prelude::*;

use crate::entities::{LineItem, Nation, Orders, Supplier};

const WAITED: Label<i64> = label("numwait");

/// The supplier's name, and how often others waited for it.
pub(crate) type Row = (String, i64);

pub(crate) fn query() -> Select<Row> {
    let (line, other, late) = (LineItem::alias("l1"), LineItem::alias("l2"), LineItem::alias("l3"));
    let is_by_another = |lines: &Alias<LineItem>| {
        let same_order = lines.col(LineItem::L_ORDERKEY).eq(line.col(LineItem::L_ORDERKEY));
        same_order.and(lines.col(LineItem::L_SUPPKEY).ne(line.col(LineItem::L_SUPPKEY)))
    };
    let others = select(literal(1)).filter(is_by_another(&other));
    let late_others = select(literal(1)).filter(is_by_another(&late)).filter(is_late(&late));
    select((Supplier::S_NAME, func::count_all().label(WAITED)))
        .from(Supplier::TABLE)
        .join_by_key(&line)
        .join_by_key(Orders::TABLE)
        .join_by_key(Nation::TABLE)
        .filter(Orders::O_ORDERSTATUS.eq("F"))
        .filter(is_late(&line))
        .filter(others.exists())
        .filter(late_others.not_exists())
        .filter(Nation::N_NAME.eq("SAUDI ARABIA"))
        .group_by(Supplier::S_NAME)
        .order_by((WAITED.desc(), Supplier::S_NAME))
        .limit(100)
}

fn is_late(line: &Alias<LineItem>) -> Expr<bool> {
    line.col(LineItem::L_RECEIPTDATE).gt(line.col(LineItem::L_COMMITDATE))
}

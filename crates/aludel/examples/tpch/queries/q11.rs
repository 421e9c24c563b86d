//! Important stock identification: parts that make up a notable share of a nation's stock.

use aludel::prelude::*;
use rust_decimal::{Decimal, dec};

use crate::entities::{Nation, PartSupp, Supplier};

const VALUE: Label<Option<Decimal>> = label("value");

/// The part and the value of its stock.
pub(crate) type Row = (i64, Option<Decimal>);

pub(crate) fn query() -> Select<Row> {
    let least = in_nation(select(stock_value() * dec!(0.0001)));
    in_nation(select((PartSupp::PS_PARTKEY, stock_value().label(VALUE))))
        .group_by(PartSupp::PS_PARTKEY)
        .having(stock_value().gt(least))
        .order_by(VALUE.desc())
}

fn stock_value() -> Expr<Option<Decimal>> {
    func::sum(PartSupp::PS_SUPPLYCOST * PartSupp::PS_AVAILQTY.coerce::<Decimal>())
}

/// The query over the stock of the nation's suppliers.
fn in_nation<R>(query: Select<R>) -> Select<R> {
    query
        .from(PartSupp::TABLE)
        .join_by_key(Supplier::TABLE)
        .join_by_key(Nation::TABLE)
        .filter(Nation::N_NAME.eq("GERMANY"))
}

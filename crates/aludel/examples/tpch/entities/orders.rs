use aludel::prelude::*;
use jiff::civil::Date;
use rust_decimal::Decimal;
use tpchgen::generators;

use super::Customer;
use crate::generate::{date, decimal};

/// An order, whose lines are [`LineItem`](super::LineItem)s.
#[derive(Entity, Clone, Debug)]
#[entity(table = "orders")]
pub(crate) struct Orders {
    #[column(primary_key, generated = false)]
    pub(crate) o_orderkey: i64,
    #[column(references = Customer::C_CUSTKEY, index)]
    pub(crate) o_custkey: i64,
    pub(crate) o_orderstatus: String,
    #[column(numeric(15, 2))]
    pub(crate) o_totalprice: Decimal,
    pub(crate) o_orderdate: Date,
    pub(crate) o_orderpriority: String,
    pub(crate) o_clerk: String,
    pub(crate) o_shippriority: i32,
    pub(crate) o_comment: String,
}

impl From<generators::Order<'_>> for Orders {
    fn from(row: generators::Order<'_>) -> Self {
        Self {
            o_orderkey: row.o_orderkey,
            o_custkey: row.o_custkey,
            o_orderstatus: row.o_orderstatus.as_str().to_owned(),
            o_totalprice: decimal(row.o_totalprice),
            o_orderdate: date(row.o_orderdate),
            o_orderpriority: row.o_orderpriority.to_owned(),
            o_clerk: row.o_clerk.to_string(),
            o_shippriority: row.o_shippriority,
            o_comment: row.o_comment.to_owned(),
        }
    }
}

use aludel::prelude::*;
use jiff::civil::Date;
use rust_decimal::Decimal;
use tpchgen::generators;

use super::{Orders, Part, Supplier};
use crate::generate::{date, decimal};

/// A line of an order: so many of a part from a supplier.
#[derive(Entity, Clone, Debug)]
#[entity(table = "lineitem")]
pub(crate) struct LineItem {
    #[column(primary_key, references = Orders::O_ORDERKEY)]
    pub(crate) l_orderkey: i64,
    #[column(references = Part::P_PARTKEY, index)]
    pub(crate) l_partkey: i64,
    #[column(references = Supplier::S_SUPPKEY)]
    pub(crate) l_suppkey: i64,
    #[column(primary_key)]
    pub(crate) l_linenumber: i32,
    #[column(numeric(15, 2))]
    pub(crate) l_quantity: Decimal,
    #[column(numeric(15, 2))]
    pub(crate) l_extendedprice: Decimal,
    #[column(numeric(15, 2))]
    pub(crate) l_discount: Decimal,
    #[column(numeric(15, 2))]
    pub(crate) l_tax: Decimal,
    pub(crate) l_returnflag: String,
    pub(crate) l_linestatus: String,
    pub(crate) l_shipdate: Date,
    pub(crate) l_commitdate: Date,
    pub(crate) l_receiptdate: Date,
    pub(crate) l_shipinstruct: String,
    pub(crate) l_shipmode: String,
    pub(crate) l_comment: String,
}

impl From<generators::LineItem<'_>> for LineItem {
    fn from(row: generators::LineItem<'_>) -> Self {
        Self {
            l_orderkey: row.l_orderkey,
            l_partkey: row.l_partkey,
            l_suppkey: row.l_suppkey,
            l_linenumber: row.l_linenumber,
            l_quantity: row.l_quantity.into(),
            l_extendedprice: decimal(row.l_extendedprice),
            l_discount: decimal(row.l_discount),
            l_tax: decimal(row.l_tax),
            l_returnflag: row.l_returnflag.to_owned(),
            l_linestatus: row.l_linestatus.to_owned(),
            l_shipdate: date(row.l_shipdate),
            l_commitdate: date(row.l_commitdate),
            l_receiptdate: date(row.l_receiptdate),
            l_shipinstruct: row.l_shipinstruct.to_owned(),
            l_shipmode: row.l_shipmode.to_owned(),
            l_comment: row.l_comment.to_owned(),
        }
    }
}

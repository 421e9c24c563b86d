use aludel::prelude::*;
use rust_decimal::Decimal;
use tpchgen::generators;

use super::{Part, Supplier};
use crate::generate::decimal;

/// That a supplier has a part, how many and at what cost.
#[derive(Entity, Clone, Debug)]
#[entity(table = "partsupp")]
pub(crate) struct PartSupp {
    #[column(primary_key, references = Part::P_PARTKEY)]
    pub(crate) ps_partkey: i64,
    #[column(primary_key, references = Supplier::S_SUPPKEY)]
    pub(crate) ps_suppkey: i64,
    pub(crate) ps_availqty: i32,
    #[column(numeric(15, 2))]
    pub(crate) ps_supplycost: Decimal,
    pub(crate) ps_comment: String,
}

impl From<generators::PartSupp<'_>> for PartSupp {
    fn from(row: generators::PartSupp<'_>) -> Self {
        Self {
            ps_partkey: row.ps_partkey,
            ps_suppkey: row.ps_suppkey,
            ps_availqty: row.ps_availqty,
            ps_supplycost: decimal(row.ps_supplycost),
            ps_comment: row.ps_comment.to_owned(),
        }
    }
}

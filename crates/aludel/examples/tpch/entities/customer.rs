use aludel::prelude::*;
use rust_decimal::Decimal;
use tpchgen::generators;

use super::Nation;
use crate::generate::decimal;

/// Who orders parts.
#[derive(Entity, Clone, Debug)]
#[entity(table = "customer")]
pub(crate) struct Customer {
    #[column(primary_key, generated = false)]
    pub(crate) c_custkey: i64,
    pub(crate) c_name: String,
    pub(crate) c_address: String,
    #[column(references = Nation::N_NATIONKEY)]
    pub(crate) c_nationkey: i64,
    pub(crate) c_phone: String,
    #[column(numeric(15, 2))]
    pub(crate) c_acctbal: Decimal,
    pub(crate) c_mktsegment: String,
    pub(crate) c_comment: String,
}

impl From<generators::Customer<'_>> for Customer {
    fn from(row: generators::Customer<'_>) -> Self {
        Self {
            c_custkey: row.c_custkey,
            c_name: row.c_name.to_string(),
            c_address: row.c_address.to_string(),
            c_nationkey: row.c_nationkey,
            c_phone: row.c_phone.to_string(),
            c_acctbal: decimal(row.c_acctbal),
            c_mktsegment: row.c_mktsegment.to_owned(),
            c_comment: row.c_comment.to_owned(),
        }
    }
}

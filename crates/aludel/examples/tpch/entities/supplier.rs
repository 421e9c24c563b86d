use aludel::prelude::*;
use rust_decimal::Decimal;
use tpchgen::generators;

use super::Nation;
use crate::generate::decimal;

/// Who sells parts.
#[derive(Entity, Clone, Debug)]
#[entity(table = "supplier")]
pub(crate) struct Supplier {
    #[column(primary_key, generated = false)]
    pub(crate) s_suppkey: i64,
    pub(crate) s_name: String,
    pub(crate) s_address: String,
    #[column(references = Nation::N_NATIONKEY)]
    pub(crate) s_nationkey: i64,
    pub(crate) s_phone: String,
    #[column(numeric(15, 2))]
    pub(crate) s_acctbal: Decimal,
    pub(crate) s_comment: String,
}

impl From<generators::Supplier> for Supplier {
    fn from(row: generators::Supplier) -> Self {
        Self {
            s_suppkey: row.s_suppkey,
            s_name: row.s_name.to_string(),
            s_address: row.s_address.to_string(),
            s_nationkey: row.s_nationkey,
            s_phone: row.s_phone.to_string(),
            s_acctbal: decimal(row.s_acctbal),
            s_comment: row.s_comment,
        }
    }
}

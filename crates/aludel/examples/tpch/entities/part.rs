use aludel::prelude::*;
use rust_decimal::Decimal;
use tpchgen::generators;

use crate::generate::decimal;

/// What is sold.
#[derive(Entity, Clone, Debug)]
#[entity(table = "part")]
pub(crate) struct Part {
    #[column(primary_key, generated = false)]
    pub(crate) p_partkey: i64,
    pub(crate) p_name: String,
    pub(crate) p_mfgr: String,
    pub(crate) p_brand: String,
    pub(crate) p_type: String,
    pub(crate) p_size: i32,
    pub(crate) p_container: String,
    #[column(numeric(15, 2))]
    pub(crate) p_retailprice: Decimal,
    pub(crate) p_comment: String,
}

impl From<generators::Part<'_>> for Part {
    fn from(row: generators::Part<'_>) -> Self {
        Self {
            p_partkey: row.p_partkey,
            p_name: row.p_name.to_string(),
            p_mfgr: row.p_mfgr.to_string(),
            p_brand: row.p_brand.to_string(),
            p_type: row.p_type.to_owned(),
            p_size: row.p_size,
            p_container: row.p_container.to_owned(),
            p_retailprice: decimal(row.p_retailprice),
            p_comment: row.p_comment.to_owned(),
        }
    }
}

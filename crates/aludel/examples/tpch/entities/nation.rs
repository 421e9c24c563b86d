use aludel::prelude::*;
use tpchgen::generators;

use super::Region;

/// A nation of a region.
#[derive(Entity, Clone, Debug)]
#[entity(table = "nation")]
pub(crate) struct Nation {
    #[column(primary_key, generated = false)]
    pub(crate) n_nationkey: i64,
    pub(crate) n_name: String,
    #[column(references = Region::R_REGIONKEY)]
    pub(crate) n_regionkey: i64,
    pub(crate) n_comment: String,
}

impl From<generators::Nation<'_>> for Nation {
    fn from(row: generators::Nation<'_>) -> Self {
        Self {
            n_nationkey: row.n_nationkey,
            n_name: row.n_name.to_owned(),
            n_regionkey: row.n_regionkey,
            n_comment: row.n_comment.to_owned(),
        }
    }
}

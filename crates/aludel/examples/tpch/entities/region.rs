use aludel::prelude::*;
use tpchgen::generators;

/// A part of the world.
#[derive(Entity, Clone, Debug)]
#[entity(table = "region")]
pub(crate) struct Region {
    #[column(primary_key, generated = false)]
    pub(crate) r_regionkey: i64,
    pub(crate) r_name: String,
    pub(crate) r_comment: String,
}

impl From<generators::Region<'_>> for Region {
    fn from(row: generators::Region<'_>) -> Self {
        Self { r_regionkey: row.r_regionkey, r_name: row.r_name.to_owned(), r_comment: row.r_comment.to_owned() }
    }
}

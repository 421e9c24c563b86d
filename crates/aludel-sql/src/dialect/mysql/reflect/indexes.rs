//! Indexes, of which the primary key and UNIQUE constraints are some.

use aludel_core::{Result, Row};

use super::{LEXIS, Reading, runs};
use crate::dialect::catalog::draft::{cell, word};
use crate::dialect::catalog::tokens::bare;
use crate::schema::{Index, IndexKey, IndexOption, IndexPart, Unique};

impl Reading<'_> {
    /// One row for each part of an index, in their order.
    pub(super) fn indexes(&mut self, rows: &[Row]) -> Result<()> {
        for index in runs(rows)? {
            self.index(index)?;
        }
        Ok(())
    }

    fn index(&mut self, rows: &[Row]) -> Result<()> {
        let Some(first) = rows.first() else { return Ok(()) };
        let name = word(first, "name")?;
        let Some(draft) = self.drafts.table(&word(first, "table_name")?) else { return Ok(()) };
        // A length that is told of a spatial index is none that can be said.
        let has_lengths = word(first, "method")? != "SPATIAL";
        let mut parts = Vec::new();
        for row in rows {
            let column = cell::<Option<String>>(row, "column_name")?;
            let key = match column.and_then(|column| draft.position(&column)) {
                Some(position) => IndexKey::Column(position),
                None => IndexKey::Sql(bare(&word(row, "expression")?.replace("\\'", "'"), LEXIS).into()),
            };
            let length = cell::<Option<i64>>(row, "length")?.and_then(|length| u32::try_from(length).ok());
            let length = length.filter(|_| has_lengths);
            parts.push(IndexPart { descending: word(row, "direction")? == "D", length, ..IndexPart::of(key) });
        }
        let plain: Vec<usize> = parts.iter().filter_map(plain_column).collect();
        if name == "PRIMARY" {
            draft.primary_key = plain;
            return Ok(());
        }
        let method = word(first, "method")?.to_lowercase();
        let method = Some(method).filter(|method| method != "btree");
        let mut options = Vec::new();
        let comment = word(first, "comment")?;
        if !comment.is_empty() {
            options.push(IndexOption::Comment(comment.into()));
        }
        if cell::<Option<i64>>(first, "is_invisible")?.unwrap_or(0) != 0 {
            options.push(IndexOption::Invisible);
        }
        let unique = cell::<i64>(first, "non_unique")? == 0;
        let is_plain = plain.len() == parts.len() && method.is_none() && options.is_empty();
        // A foreign key brings this index with it.
        let is_of_key =
            |key: &crate::schema::ForeignKey| key.name.as_deref() == Some(&name) && key.columns.iter().eq(plain.iter());
        match (is_plain, unique) {
            (true, true) => {
                draft.uniques.push(Unique { name: Some(name.into()), columns: plain.into(), ..Unique::default() });
            }
            (true, false) if draft.foreign_keys.iter().any(is_of_key) => {}
            _ => {
                let using = method.map(Into::into);
                draft.indexes.push(Index { unique, using, options: options.into(), ..Index::new(name, parts) });
            }
        }
        Ok(())
    }
}

fn plain_column(part: &IndexPart) -> Option<usize> {
    match part.key {
        IndexKey::Column(position) if !part.descending && part.length.is_none() => Some(position),
        _ => None,
    }
}

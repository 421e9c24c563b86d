//! Indexes that no constraint made.

use aludel_core::{Result, Row};

use super::{LEXIS, Reading};
use crate::dialect::catalog::draft::{cell, word};
use crate::dialect::catalog::tokens::bare;
use crate::schema::{Index, IndexKey, IndexOption, IndexPart};

impl Reading<'_> {
    /// One row for each part of an index, in their order.
    pub(super) fn indexes(&mut self, rows: &[Row]) -> Result<()> {
        let mut rest = rows;
        while let Some(first) = rest.first() {
            let (table, name) = (word(first, "table_name")?, word(first, "name")?);
            let is_of = |row: &Row| {
                row.get::<String>("name").is_ok_and(|other| other == name)
                    && row.get::<String>("table_name").is_ok_and(|other| other == table)
            };
            let length = rest.iter().take_while(|row| is_of(row)).count().max(1);
            let (parts, others) = rest.split_at(length);
            self.index(&table, name, parts)?;
            rest = others;
        }
        Ok(())
    }

    fn index(&mut self, table: &str, name: String, rows: &[Row]) -> Result<()> {
        let (Some(first), Some(draft)) = (rows.first(), self.drafts.table(table)) else { return Ok(()) };
        let (mut parts, mut include) = (Vec::new(), Vec::new());
        for row in rows {
            let column = cell::<Option<String>>(row, "column_name")?;
            let position = column.and_then(|column| draft.position(&column));
            match position {
                Some(position) if cell(row, "is_included")? => include.push(position),
                Some(position) => parts.push(part(row, IndexKey::Column(position))?),
                None => parts.push(part(row, IndexKey::Sql(bare(&word(row, "sql")?, LEXIS).into()))?),
            }
        }
        let method = word(first, "method")?;
        let mut options = Vec::new();
        if word(first, "nulls_not_distinct")? == "true" {
            options.push(IndexOption::NullsNotDistinct);
        }
        if let Some(parameters) = cell::<Option<String>>(first, "options")? {
            options.push(IndexOption::With(parameters.into()));
        }
        if let Some(comment) = cell::<Option<String>>(first, "comment")? {
            options.push(IndexOption::Comment(comment.into()));
        }
        draft.indexes.push(Index {
            unique: cell(first, "is_unique")?,
            filter: cell::<Option<String>>(first, "filter")?.map(|filter| bare(&filter, LEXIS).into()),
            using: Some(method).filter(|method| method != "btree").map(Into::into),
            include: include.into(),
            options: options.into(),
            ..Index::new(name.clone(), parts)
        });
        if !cell::<bool>(first, "is_valid")? {
            self.drafts.lost(table, Some(&name), "the index is not valid: building it has failed, or goes on");
        }
        Ok(())
    }
}

fn part(row: &Row, key: IndexKey) -> Result<IndexPart> {
    let is_ordered = cell::<bool>(row, "is_ordered")?;
    let descending = is_ordered && cell(row, "is_descending")?;
    let nulls_first: bool = cell(row, "has_nulls_first")?;
    Ok(IndexPart {
        descending,
        nulls_first: Some(nulls_first).filter(|first| is_ordered && *first != descending),
        operator_class: cell::<Option<String>>(row, "operator_class")?.map(Into::into),
        collation: cell::<Option<String>>(row, "collation")?.map(Into::into),
        ..IndexPart::of(key)
    })
}

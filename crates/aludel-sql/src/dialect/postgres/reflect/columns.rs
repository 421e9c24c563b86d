//! Columns and the sequences behind them.

use aludel_core::{Result, Row, SqlType};

use super::spelling;
use super::types::sql_type;
use super::{LEXIS, Reading, comment};
use crate::ddl::Sequence;
use crate::dialect::catalog::draft::{cell, enum_type, word};
use crate::dialect::catalog::tokens::bare;
use crate::schema::{ColumnDef, Generated, Table};

impl Reading<'_> {
    pub(super) fn column(&mut self, row: &Row) -> Result<()> {
        let (table, name, type_name) = (word(row, "table_name")?, word(row, "name")?, word(row, "type")?);
        let labels = cell::<Option<String>>(row, "enum_name")?;
        let labels = labels.map(|name| enum_type(&name, self.enums.get(&name).map_or(&[], Vec::as_slice)));
        let mut column = ColumnDef::new(name.clone(), sql_type(&type_name, labels));
        if let SqlType::Named(_) = column.sql_type {
            self.drafts.kept_type(&table, &name, &type_name);
        }
        column.nullable = !cell::<bool>(row, "is_not_null")?;
        column.collation = cell::<Option<String>>(row, "collation")?.map(Into::into);
        column.comment = comment(row)?;
        self.value(row, &table, &type_name, &mut column)?;
        if let Some(draft) = self.drafts.table(&table) {
            draft.columns.push(column);
        }
        Ok(())
    }

    /// Where the column's value comes from when an INSERT leaves it out.
    fn value(&mut self, row: &Row, table: &str, type_name: &str, column: &mut ColumnDef) -> Result<()> {
        let default = cell::<Option<String>>(row, "default_value")?;
        match (word(row, "identity")?.as_str(), word(row, "generated")?.as_str(), default) {
            (kind @ ("a" | "d"), ..) => {
                let Sequence { start, increment, min, max, cache, cycle, .. } = sequence(row, type_name)?;
                let always = kind == "a";
                column.generated = Generated::Identity { always, start, increment, min, max, cache, cycle };
            }
            (_, kind @ ("s" | "v"), Some(sql)) => {
                column.generated = Generated::Computed { sql: bare(&sql, LEXIS).into(), stored: kind == "s" };
            }
            (_, _, Some(sql)) if cell(row, "has_sequence")? && sql.starts_with("nextval(") => {
                let counted = sequence(row, type_name)?;
                let is_serial = counted == Sequence::default()
                    && word(row, "sequence_type")? == type_name
                    && !column.nullable
                    && matches!(column.sql_type, SqlType::SmallInt | SqlType::Integer | SqlType::BigInt);
                if is_serial {
                    column.generated = Generated::Key;
                } else {
                    // A column of its own could not say this of its sequence, so the sequence stands for itself.
                    let name = word(row, "sequence_name")?;
                    let what = format!("that its sequence \"{name}\" goes with it");
                    self.drafts.lost(table, Some(&column.name), what);
                    let schema = self.schema.map(|schema| schema.to_owned().into());
                    self.sequences.push(Sequence { name: name.into(), schema, ..sequence(row, "bigint")? });
                    column.server_default = Some(spelling::default(&sql, &column.sql_type));
                }
            }
            (_, _, Some(sql)) => column.server_default = Some(spelling::default(&sql, &column.sql_type)),
            (_, _, None) => {}
        }
        Ok(())
    }
}

/// What a sequence says of its numbers, but for what it would say by itself.
pub(super) fn sequence(row: &Row, type_name: &str) -> Result<Sequence> {
    let (least, most) = match type_name {
        "smallint" => (i64::from(i16::MIN), i64::from(i16::MAX)),
        "integer" => (i64::from(i32::MIN), i64::from(i32::MAX)),
        _ => (i64::MIN, i64::MAX),
    };
    let number = |name| cell::<Option<i64>>(row, name);
    let increment = number("increment")?.unwrap_or(1);
    let (min, max) = (number("min")?, number("max")?);
    let (usual_min, usual_max) = if increment > 0 { (1, most) } else { (least, -1) };
    let usual_start = if increment > 0 { min } else { max };
    let start = number("start")?;
    Ok(Sequence {
        start: start.filter(|_| start != usual_start),
        increment: Some(increment).filter(|by| *by != 1),
        min: min.filter(|min| *min != usual_min),
        max: max.filter(|max| *max != usual_max),
        cache: number("cache")?.filter(|cache| *cache != 1).and_then(|cache| u32::try_from(cache).ok()),
        cycle: cell(row, "cycle")?,
        ..Sequence::default()
    })
}

/// The column as the catalog would tell of it: what an identity says that it would do by itself is left out.
pub(super) fn normal(_table: &Table, column: &ColumnDef) -> ColumnDef {
    let mut normal = column.clone();
    if let Generated::Identity { start, increment, min, max, cache, .. } = &mut normal.generated {
        let ascends = increment.is_none_or(|by| by > 0);
        let (least, most) = match column.sql_type {
            SqlType::SmallInt => (i64::from(i16::MIN), i64::from(i16::MAX)),
            SqlType::Integer => (i64::from(i32::MIN), i64::from(i32::MAX)),
            _ => (i64::MIN, i64::MAX),
        };
        let (usual_min, usual_max) = if ascends { (1, most) } else { (least, -1) };
        let usual_start = if ascends { min.unwrap_or(usual_min) } else { max.unwrap_or(usual_max) };
        *start = start.filter(|start| *start != usual_start);
        *increment = increment.filter(|by| *by != 1);
        *min = min.filter(|min| *min != usual_min);
        *max = max.filter(|max| *max != usual_max);
        *cache = cache.filter(|cache| *cache != 1);
    }
    // A counted column is never NULL.
    if matches!(normal.generated, Generated::Key | Generated::MonotonicKey | Generated::Identity { .. }) {
        normal.nullable = false;
    }
    if normal.generated == Generated::MonotonicKey {
        normal.generated = Generated::Key;
    }
    normal
}

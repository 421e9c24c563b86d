//! A table's definition as text, for snapshots.

use aludel::CacheSafety;
use aludel::schema::{ColumnDef, ForeignKey, Generated, Index, IndexKey, Table};

/// One line for the table and each of its columns, constraints and indexes. Facts that are as usual are left out.
pub(crate) fn describe(table: &Table) -> String {
    let names = |positions: &[usize]| -> Vec<String> {
        positions.iter().map(|at| table.columns[*at].name.clone().into_owned()).collect()
    };
    let mut lines = vec![format!("{} key {:?}", table.full_name(), names(&table.primary_key))];
    lines.extend(table.columns.iter().map(column));
    lines.extend(table.foreign_keys.iter().map(|key| foreign_key(key, &names(&key.columns))));
    for unique in table.uniques.iter() {
        lines.push(format!("unique {:?} {:?}", names(&unique.columns), unique.name));
    }
    for check in table.checks.iter() {
        lines.push(format!("check {:?} {:?}", check.sql, check.name));
    }
    lines.extend(table.indexes.iter().map(|one| index(one, table)));
    lines.extend(table.comment.iter().map(|comment| format!("comment {comment:?}")));
    lines.extend(table.options.iter().map(|option| format!("option {option:?}")));
    lines.join("\n")
}

fn column(column: &ColumnDef) -> String {
    let ColumnDef { name, sql_type, nullable, server_default, generated, collation, comment, cache } = column;
    let mut line = format!("  {name} {sql_type:?}");
    line += if *nullable { " null" } else { "" };
    line += &server_default.as_ref().map(|default| format!(" default {default:?}")).unwrap_or_default();
    if *generated != Generated::No {
        line += &format!(" {generated:?}");
    }
    line += &collation.as_ref().map(|name| format!(" collate {name}")).unwrap_or_default();
    line += &comment.as_ref().map(|text| format!(" comment {text:?}")).unwrap_or_default();
    if *cache == CacheSafety::Safe { line } else { line + &format!(" {cache:?}") }
}

fn foreign_key(key: &ForeignKey, columns: &[String]) -> String {
    let (schema, table) = key.target.table();
    let mut line = format!(
        "references {columns:?} {}{table} {:?}",
        schema.map(|s| format!("{s}.")).unwrap_or_default(),
        key.target.columns()
    );
    line += &key.name.as_ref().map(|name| format!(" name {name}")).unwrap_or_default();
    line += &key.on_delete.map(|action| format!(" on delete {action:?}")).unwrap_or_default();
    line += &key.on_update.map(|action| format!(" on update {action:?}")).unwrap_or_default();
    line + &key.deferrable.map(|when| format!(" {when:?}")).unwrap_or_default()
}

fn index(index: &Index, table: &Table) -> String {
    let column = |at: &usize| table.columns[*at].name.clone().into_owned();
    let parts = index.parts.iter().map(|part| {
        let key = match &part.key {
            IndexKey::Column(at) => column(at),
            IndexKey::Sql(sql) => format!("({sql})"),
        };
        let class = part.operator_class.as_ref().map(|class| format!(" {class}")).unwrap_or_default();
        key + if part.descending { " desc" } else { "" } + &class
    });
    let mut line = format!("index {} {:?}", index.name, parts.collect::<Vec<_>>());
    line += if index.unique { " unique" } else { "" };
    line += &index.filter.as_ref().map(|sql| format!(" where {sql}")).unwrap_or_default();
    line += &index.using.as_ref().map(|method| format!(" using {method}")).unwrap_or_default();
    line += &index.include.iter().map(|at| format!(" include {}", column(at))).collect::<String>();
    line + if index.concurrently { " concurrently" } else { "" }
}

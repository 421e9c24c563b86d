//! The order in which tables can be made.

use crate::schema::{ForeignKey, Table};

/// Tables in the order in which they can be made: each after those that it refers to.
#[derive(Clone, Debug, Default)]
pub struct Sorted<'a> {
    /// The tables.
    pub tables: Vec<&'a Table>,
    /// Foreign keys that close a circle: their targets come later, so that they are added when all tables are there.
    pub deferred: Vec<(&'a Table, &'a ForeignKey)>,
}

/// Sorts tables by their foreign keys; tables that don't depend on each other stay in the order given.
///
/// A table's references to itself and to tables that are not given don't count.
#[must_use]
pub fn sorted_tables<'a>(tables: &[&'a Table]) -> Sorted<'a> {
    let mut sorted = Sorted::default();
    let mut waiting: Vec<&'a Table> = Vec::with_capacity(tables.len());
    for table in tables {
        if !waiting.iter().any(|seen| is_same(seen, table)) {
            waiting.push(table);
        }
    }
    while !waiting.is_empty() {
        let free = waiting.iter().position(|table| blocking(table, &waiting, &sorted).next().is_none());
        // In a circle, the first table is made without the keys that it waits for.
        let next = free.unwrap_or(0);
        let table = waiting[next];
        let deferred: Vec<_> = blocking(table, &waiting, &sorted).collect();
        sorted.deferred.extend(deferred.into_iter().map(|key| (table, key)));
        sorted.tables.push(table);
        waiting.remove(next);
    }
    sorted
}

/// The foreign keys of a table whose targets are still to be made.
fn blocking<'a>(table: &'a Table, waiting: &[&'a Table], sorted: &Sorted<'a>) -> impl Iterator<Item = &'a ForeignKey> {
    let waiting: Vec<_> = waiting.iter().copied().filter(|other| !is_same(other, table)).collect();
    let deferred: Vec<_> = sorted.deferred.iter().map(|(_, key)| std::ptr::from_ref(*key)).collect();
    table.foreign_keys.iter().filter(move |key| {
        let target = key.target.table();
        !deferred.contains(&std::ptr::from_ref(*key)) && waiting.iter().any(|other| name(other) == target)
    })
}

fn name(table: &Table) -> (Option<&str>, &str) {
    (table.schema.as_deref(), &table.name)
}

fn is_same(a: &Table, b: &Table) -> bool {
    name(a) == name(b)
}

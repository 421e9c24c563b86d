//! What the numbers of a description refer to.

use crate::statement::{Definition, From, Source};

/// A table of the test data: its name, its columns of integers and its columns of text.
pub(crate) struct TestTable {
    pub(crate) name: &'static str,
    pub(crate) numbers: &'static [&'static str],
    pub(crate) texts: &'static [&'static str],
}

pub(crate) const USERS: usize = 0;

pub(crate) static TABLES: [TestTable; 4] = [
    TestTable { name: "users", numbers: &["id", "age", "manager_id"], texts: &["name", "fullname"] },
    TestTable { name: "addresses", numbers: &["id", "user_id"], texts: &["email"] },
    TestTable { name: "orders", numbers: &["id", "user_id"], texts: &["status"] },
    TestTable { name: "items", numbers: &["order_id", "line"], texts: &["sku"] },
];

/// A source of a SELECT under the name that its columns are read by.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    pub(crate) columns: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A table under its own name.
    Table(usize),
    /// A table under another name.
    Alias(usize),
    /// A definition under its own name.
    Definition(usize),
    /// A CTE under another name.
    CteAlias(usize),
}

/// The sources of a SELECT and of those around it, each with what an interpreter needs to read it.
pub(crate) struct Scope<'a, T> {
    pub(crate) sources: &'a [(Named, T)],
    /// How many of the sources may be read: in a join's condition only those up to its target.
    reach: usize,
    pub(crate) outer: Option<&'a Scope<'a, T>>,
    /// How many definitions may be read.
    pub(crate) visible: usize,
}

impl<T> Clone for Scope<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Scope<'_, T> {}

impl Named {
    pub(crate) fn table(table: usize) -> Self {
        let columns = TABLES[table].numbers.iter().map(|&name| name.to_owned()).collect();
        Self { kind: Kind::Table(table), name: TABLES[table].name.to_owned(), columns }
    }

    fn texts(&self) -> &'static [&'static str] {
        match self.kind {
            Kind::Table(table) | Kind::Alias(table) => TABLES[table].texts,
            Kind::Definition(_) | Kind::CteAlias(_) => &[],
        }
    }
}

impl<'a, T> Scope<'a, T> {
    /// These sources, with nothing around them.
    pub(crate) fn top(sources: &'a [(Named, T)], visible: usize) -> Self {
        Self { sources, reach: sources.len(), outer: None, visible }
    }

    /// These sources, inside a query that reads others.
    pub(crate) fn inside(sources: &'a [(Named, T)], outer: &'a Self) -> Self {
        Self { sources, reach: sources.len(), outer: Some(outer), visible: outer.visible }
    }

    /// Only the first sources.
    pub(crate) fn first(&self, reach: usize) -> Self {
        Self { reach, ..*self }
    }

    /// The source and the position of its column of integers.
    pub(crate) fn number(&self, source: u8, column: u8) -> Option<(&'a (Named, T), usize)> {
        let source = self.sources.get(usize::from(source).checked_rem(self.reach)?)?;
        Some((source, usize::from(column) % source.0.columns.len()))
    }

    /// As [`number`](Self::number) in the query around this one, where there is one and no source here has that name.
    pub(crate) fn outer_number(&self, source: u8, column: u8) -> Option<(&'a (Named, T), usize)> {
        let is_hidden = |name: &str| self.sources.iter().any(|(own, _)| own.name == name);
        let found = self.outer.and_then(|outer| outer.number(source, column));
        found.filter(|((named, _), _)| !is_hidden(&named.name)).or_else(|| self.number(source, column))
    }

    /// The source and the position of its column of text.
    pub(crate) fn text(&self, source: u8, column: u8) -> Option<(&'a (Named, T), usize)> {
        let sources = &self.sources[..self.reach];
        let first = usize::from(source).checked_rem(self.reach)?;
        let source = sources[first..].iter().chain(sources).find(|(named, _)| !named.texts().is_empty())?;
        Some((source, usize::from(column) % source.0.texts().len()))
    }

    pub(crate) fn depth(&self) -> usize {
        self.outer.map_or(0, |outer| 1 + outer.depth())
    }
}

/// The names of a definition and of its columns.
pub(crate) fn definition_name(index: usize) -> String {
    format!("d{index}")
}

pub(crate) fn definition_columns(definition: &Definition) -> Vec<String> {
    let (letter, width) = match definition {
        Definition::Cte { query, renamed: true, .. } => ('k', query.width()),
        Definition::Cte { query, .. } | Definition::Derived(query) => ('c', query.width()),
        Definition::Recursive { .. } | Definition::Text(_) => ('c', 1),
        Definition::Values(_) => ('c', 2),
    };
    (0..width).map(|index| format!("{letter}{index}")).collect()
}

/// Tells what the sources of a SELECT are; no two of them have one name.
pub(crate) fn resolve(sources: &[Source], visible: &[Definition], depth: usize) -> Vec<Named> {
    let mut resolved: Vec<Named> = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        let taken = |kind: Kind| resolved.iter().any(|named| named.kind == kind);
        let alias = |table: usize, letter: char| Named {
            kind: Kind::Alias(table),
            name: format!("a{depth}_{index}{letter}"),
            ..Named::table(table)
        };
        let named = match source.from {
            From::Alias(table, letter) => alias(usize::from(table) % TABLES.len(), if letter == 0 { 'x' } else { 'y' }),
            From::Definition(definition) if !visible.is_empty() => {
                let definition = usize::from(definition) % visible.len();
                let columns = definition_columns(&visible[definition]);
                if !taken(Kind::Definition(definition)) {
                    Named { kind: Kind::Definition(definition), name: definition_name(definition), columns }
                } else if matches!(visible[definition], Definition::Cte { .. } | Definition::Recursive { .. }) {
                    Named { kind: Kind::CteAlias(definition), name: format!("a{depth}_{index}d"), columns }
                } else {
                    alias(definition, 'z')
                }
            }
            From::Table(table) | From::Definition(table) => {
                let table = usize::from(table) % TABLES.len();
                if taken(Kind::Table(table)) { alias(table, 'x') } else { Named::table(table) }
            }
        };
        resolved.push(named);
    }
    resolved
}

//! Names of constraints and indexes that have none.

use crate::compiled::fingerprint;
use crate::schema::{ForeignKey, Index, IndexKey, Table};

/// Templates for the names of constraints and indexes that have none of their own; as SQLAlchemy's naming conventions.
///
/// These words in braces are replaced: `table_name`, `column_0_name` (and `1`, `2`, …), `column_0_label` (table and column),
/// `column_0_N_name` (all columns), `referred_table_name`, `referred_column_0_name`, `constraint_name` (the name that a
/// CHECK has of its own). A constraint without a template, or whose template needs a word that it doesn't have, stays
/// without a name. A name too long for the database is cut and ends in four digits made of the whole.
///
/// ```
/// use aludel_sql::ddl::NamingConvention;
///
/// let names = NamingConvention {
///     foreign_key: Some("fk_{table_name}_{column_0_name}_{referred_table_name}".into()),
///     ..NamingConvention::default()
/// };
/// assert_eq!(names.index.as_deref(), Some("ix_{column_0_label}"));
/// # let _ = names.foreign_key;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamingConvention {
    /// Indexes.
    pub index: Option<String>,
    /// UNIQUE constraints.
    pub unique: Option<String>,
    /// CHECK constraints.
    pub check: Option<String>,
    /// Foreign keys.
    pub foreign_key: Option<String>,
    /// Primary keys.
    pub primary_key: Option<String>,
}

impl Default for NamingConvention {
    fn default() -> Self {
        Self {
            index: Some("ix_{column_0_label}".to_owned()),
            unique: None,
            check: None,
            foreign_key: None,
            primary_key: None,
        }
    }
}

impl NamingConvention {
    /// A template for everything, in the words that most projects choose.
    #[must_use]
    pub fn complete() -> Self {
        Self {
            index: Some("ix_{table_name}_{column_0_N_name}".to_owned()),
            unique: Some("uq_{table_name}_{column_0_N_name}".to_owned()),
            check: Some("ck_{table_name}_{constraint_name}".to_owned()),
            foreign_key: Some("fk_{table_name}_{column_0_N_name}_{referred_table_name}".to_owned()),
            primary_key: Some("pk_{table_name}".to_owned()),
        }
    }

    pub(crate) fn primary_key_name(&self, table: &Table, limit: usize) -> Option<String> {
        Words { table, columns: names(table, &table.primary_key), referred: None, own: None }
            .fill(self.primary_key.as_deref()?, limit)
    }

    pub(crate) fn unique_name(&self, table: &Table, columns: &[usize], limit: usize) -> Option<String> {
        Words { table, columns: names(table, columns), referred: None, own: None }.fill(self.unique.as_deref()?, limit)
    }

    pub(crate) fn foreign_key_name(&self, table: &Table, key: &ForeignKey, limit: usize) -> Option<String> {
        Words { table, columns: names(table, &key.columns), referred: Some(key), own: None }
            .fill(self.foreign_key.as_deref()?, limit)
    }

    pub(crate) fn check_name(&self, table: &Table, own: Option<&str>, limit: usize) -> Option<String> {
        let template = self.check.as_deref()?;
        if own.is_some() && !template.contains("{constraint_name}") {
            return None;
        }
        Words { table, columns: Vec::new(), referred: None, own }.fill(template, limit)
    }

    pub(crate) fn index_name(&self, table: &Table, index: &Index, limit: usize) -> Option<String> {
        let column = |key: &IndexKey| match key {
            IndexKey::Column(position) => table.columns.get(*position).map(|column| &*column.name),
            IndexKey::Sql(_) => None,
        };
        let columns = index.parts.iter().filter_map(|part| column(&part.key)).collect();
        Words { table, columns, referred: None, own: None }.fill(self.index.as_deref()?, limit)
    }
}

fn names<'a>(table: &'a Table, positions: &[usize]) -> Vec<&'a str> {
    positions.iter().filter_map(|position| table.columns.get(*position)).map(|column| &*column.name).collect()
}

/// What the words of a template stand for.
struct Words<'a> {
    table: &'a Table,
    columns: Vec<&'a str>,
    referred: Option<&'a ForeignKey>,
    own: Option<&'a str>,
}

impl Words<'_> {
    fn fill(&self, template: &str, limit: usize) -> Option<String> {
        let mut name = String::new();
        let mut rest = template;
        while let Some(open) = rest.find('{') {
            let (before, word) = (&rest[..open], &rest[open + 1..]);
            let close = word.find('}')?;
            name.push_str(before);
            name.push_str(&self.word(&word[..close])?);
            rest = &word[close + 1..];
        }
        name.push_str(rest);
        Some(shortened(name, limit))
    }

    fn word(&self, word: &str) -> Option<String> {
        match word {
            "table_name" => Some(self.table.name.to_string()),
            "constraint_name" => self.own.map(str::to_owned),
            "referred_table_name" => self.referred.map(|key| key.target.table().1.to_owned()),
            "column_0_N_name" => (!self.columns.is_empty()).then(|| self.columns.join("_")),
            _ => {
                let (columns, rest) = match word.strip_prefix("referred_") {
                    Some(rest) => (self.referred.map(|key| key.target.columns())?, rest),
                    None => (self.columns.clone(), word),
                };
                let (number, kind) = rest.strip_prefix("column_")?.split_once('_')?;
                let column = *columns.get(number.parse::<usize>().ok()?)?;
                match kind {
                    "name" => Some(column.to_owned()),
                    "label" => Some(format!("{}_{column}", self.table.name)),
                    _ => None,
                }
            }
        }
    }
}

/// A name cut to the database's limit, with digits that keep names apart whose beginnings are equal.
pub(crate) fn shortened(name: String, limit: usize) -> String {
    if name.chars().count() <= limit || limit < 8 {
        return name;
    }
    let kept: String = name.chars().take(limit - 5).collect();
    format!("{kept}_{:04x}", fingerprint(&name) & 0xffff)
}

//! Names that the database's schema doesn't have.

use std::fmt;

/// A name of a table, column or schema that is not there.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchemaError {
    /// No table or view has the name.
    NoTable {
        /// The name, with the schema's if it was said.
        name: String,
        /// Names that are there and look like it, the nearest first.
        near: Vec<String>,
    },
    /// The table has no such column.
    NoColumn {
        /// The table.
        table: String,
        /// The column.
        name: String,
        /// Names that are there and look like it, the nearest first.
        near: Vec<String>,
    },
    /// There is no such schema.
    NoSchema {
        /// The name.
        name: String,
        /// Names that are there and look like it, the nearest first.
        near: Vec<String>,
    },
}

impl SchemaError {
    /// A table that is not among the known ones.
    #[must_use]
    pub fn no_table<'a>(name: impl Into<String>, wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        Self::NoTable { name: name.into(), near: near(wanted, known) }
    }

    /// A column that is not among the known ones.
    #[must_use]
    pub fn no_column<'a>(table: impl Into<String>, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        Self::NoColumn { table: table.into(), name: name.to_owned(), near: near(name, known) }
    }

    /// A schema that is not among the known ones.
    #[must_use]
    pub fn no_schema<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        Self::NoSchema { name: name.to_owned(), near: near(name, known) }
    }

    /// Names that are there and look like the one that is not, the nearest first.
    #[must_use]
    pub fn near(&self) -> &[String] {
        match self {
            Self::NoTable { near, .. } | Self::NoColumn { near, .. } | Self::NoSchema { near, .. } => near,
        }
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoTable { name, .. } => write!(f, "there is no table or view \"{name}\"")?,
            Self::NoColumn { table, name, .. } => write!(f, "the table \"{table}\" has no column \"{name}\"")?,
            Self::NoSchema { name, .. } => write!(f, "there is no schema \"{name}\"")?,
        }
        for (index, name) in self.near().iter().enumerate() {
            write!(f, "{}\"{name}\"", if index == 0 { "; did you mean " } else { " or " })?;
        }
        f.write_str(if self.near().is_empty() { "" } else { "?" })
    }
}

impl std::error::Error for SchemaError {}

/// The three names at most that a third of the letters, or one, or only their case tell from what is wanted.
fn near<'a>(wanted: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let folded = wanted.to_lowercase();
    let limit = (folded.chars().count() / 3).max(1);
    let mut found: Vec<(usize, &str)> = known
        .into_iter()
        .map(|name| (distance(&folded, &name.to_lowercase()), name))
        .filter(|(distance, _)| *distance <= limit)
        .collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().take(3).map(|(_, name)| name.to_owned()).collect()
}

/// How many letters must be put in, taken out, changed, or exchanged with their neighbour to make one text of the other.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut least = (row[j] + usize::from(x != y)).min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(before[j - 1] + 1);
            }
            next.push(least);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_come_first_and_far_ones_not_at_all() {
        let near = |wanted, known: &[&str]| near(wanted, known.iter().copied());
        assert_eq!(near("Film", &["actor", "film", "films"]), ["film", "films"]);
        assert_eq!(near("titel", &["title", "identity"]), ["title"]);
        assert_eq!(near("customer_id", &["costumer_id", "store_id"]), ["costumer_id"]);
        assert_eq!(near("x", &["abcd"]), [""; 0]);
    }
}

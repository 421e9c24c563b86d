//! Comparing definitions: what a program wants, and what a database has.

mod parts;

use std::collections::BTreeMap;
use std::fmt;

use aludel_core::CompileError;

use crate::dialect::Dialect;
use crate::schema::Table;
use parts::{Part, Parts, parts};

/// Something that is not as it is wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The table, with its schema where it says one.
    pub table: String,
    /// The part of it: `column title`, `foreign key (film_id) to film (id)`; none for the table itself.
    pub part: Option<String>,
    /// What is wanted; none for what should not be there.
    pub wanted: Option<String>,
    /// What is there; none for what is missing.
    pub found: Option<String>,
}

/// Where two sets of tables differ, in the eyes of a database: not where it spells the same thing in other words.
///
/// The wanted definitions may leave open what the database then chooses: a constraint without a name has any name. What a
/// database doesn't keep (comments in SQLite, say) is no difference there. Expressions are compared in a form that tells any
/// two apart that mean different things; two that mean the same may be told apart too.
///
/// # Errors
/// When the dialect can't compare, or has no such type.
pub fn differences(
    dialect: &dyn Dialect,
    wanted: &[&Table],
    found: &[&Table],
) -> Result<Vec<Difference>, CompileError> {
    let Some(catalog) = dialect.catalog() else {
        return Err(CompileError::unsupported(dialect.name(), "a comparison with what is in the database"));
    };
    let is_same = |a: &Table, b: &Table| a.schema == b.schema && catalog.is_same_name(&a.name, &b.name);
    let mut differences = Vec::new();
    for table in wanted {
        match found.iter().find(|other| is_same(table, other)) {
            Some(other) => compare(&mut differences, dialect, table, other)?,
            None => differences.push(Difference::of(table, None, Some("the table"), None)),
        }
    }
    for table in found.iter().filter(|table| !wanted.iter().any(|other| is_same(table, other))) {
        differences.push(Difference::of(table, None, None, Some("the table")));
    }
    Ok(differences)
}

fn compare(
    differences: &mut Vec<Difference>,
    dialect: &dyn Dialect,
    wanted: &Table,
    found: &Table,
) -> Result<(), CompileError> {
    let (wants, has) = (parts(dialect, wanted)?, parts(dialect, found)?);
    let pairs: BTreeMap<&String, (Option<&Part>, Option<&Part>)> = all(&wants, &has);
    for (name, pair) in pairs {
        match pair {
            (Some(want), Some(has)) => {
                if want.text != has.text {
                    let (wanted_text, found_text) = (Some(&*want.text), Some(&*has.text));
                    differences.push(Difference::of(wanted, Some(name), wanted_text, found_text));
                }
                if want.name.is_some() && want.name != has.name {
                    let named = |name: &Option<String>| name.as_ref().map(|name| format!("the name \"{name}\""));
                    let (wanted_name, found_name) = (named(&want.name), named(&has.name));
                    differences.push(Difference::of(wanted, Some(name), wanted_name.as_deref(), found_name.as_deref()));
                }
            }
            (Some(want), None) => differences.push(Difference::of(wanted, Some(name), Some(&want.text), None)),
            (None, Some(has)) if has.is_by_itself => {}
            (None, Some(has)) => differences.push(Difference::of(wanted, Some(name), None, Some(&has.text))),
            (None, None) => {}
        }
    }
    Ok(())
}

fn all<'a>(wanted: &'a Parts, found: &'a Parts) -> BTreeMap<&'a String, (Option<&'a Part>, Option<&'a Part>)> {
    wanted.keys().chain(found.keys()).map(|name| (name, (wanted.get(name), found.get(name)))).collect()
}

impl Difference {
    fn of(table: &Table, part: Option<&str>, wanted: Option<&str>, found: Option<&str>) -> Self {
        Self {
            table: table.full_name(),
            part: part.map(str::to_owned),
            wanted: wanted.map(str::to_owned),
            found: found.map(str::to_owned),
        }
    }
}

impl fmt::Display for Difference {
    /// `film, column title: wanted VARCHAR(50) NOT NULL, found TEXT`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.table)?;
        if let Some(part) = &self.part {
            write!(f, ", {part}")?;
        }
        match (&self.wanted, &self.found) {
            (Some(wanted), Some(found)) => write!(f, ": wanted {wanted}, found {found}"),
            (Some(wanted), None) => write!(f, ": missing, wanted {wanted}"),
            (None, Some(found)) => write!(f, ": not wanted, found {found}"),
            (None, None) => Ok(()),
        }
    }
}

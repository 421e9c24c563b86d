//! Comparing definitions: what a program wants, and what a database has.

mod parts;

use std::collections::BTreeSet;
use std::fmt;

use aludel_core::CompileError;

use crate::dialect::Dialect;
use crate::schema::Table;
use parts::{Part, parts};

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
    let names: BTreeSet<&String> = wants.keys().chain(has.keys()).collect();
    for name in names {
        for pair in pairs(wants.get(name), has.get(name)) {
            compare_part(differences, wanted, name, pair);
        }
    }
    Ok(())
}

fn compare_part(
    differences: &mut Vec<Difference>,
    table: &Table,
    name: &str,
    (wanted, found): (Option<&Part>, Option<&Part>),
) {
    let mut say = |wanted: Option<&str>, found: Option<&str>| {
        differences.push(Difference::of(table, Some(name), wanted, found));
    };
    match (wanted, found) {
        (Some(want), Some(has)) => {
            if want.text != has.text {
                say(Some(&want.text), Some(&has.text));
            }
            if want.name.is_some() && want.name != has.name {
                let named = |name: &Option<String>| name.as_ref().map(|name| format!("the name \"{name}\""));
                say(named(&want.name).as_deref(), named(&has.name).as_deref());
            }
        }
        (Some(want), None) => say(Some(&want.text), None),
        (None, Some(has)) if has.is_by_itself => {}
        (None, Some(has)) => say(None, Some(&has.text)),
        (None, None) => {}
    }
}

/// Parts that are the same thing, one for one: a constraint may be there twice, and then names tell which is which.
fn pairs<'a>(wanted: Option<&'a Vec<Part>>, found: Option<&'a Vec<Part>>) -> Vec<(Option<&'a Part>, Option<&'a Part>)> {
    let mut found: Vec<&Part> = found.into_iter().flatten().collect();
    let mut pairs = Vec::new();
    let (named, rest): (Vec<&Part>, Vec<&Part>) = wanted
        .into_iter()
        .flatten()
        .partition(|part| part.name.is_some() && found.iter().any(|other| other.name == part.name));
    for part in named {
        let at = found.iter().position(|other| other.name == part.name);
        pairs.push((Some(part), at.map(|at| found.remove(at))));
    }
    let mut found = found.into_iter();
    pairs.extend(rest.into_iter().map(|part| (Some(part), found.next())));
    pairs.extend(found.map(|part| (None, Some(part))));
    pairs
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

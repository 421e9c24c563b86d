//! Kinds of entities.

use aludel_core::{Decode, Encode, Fault, RowRef, SqlTyped};
use aludel_orm::{KIND, Kinds, Mapped, RelationField};
use aludel_sql::schema::StaticColumn;
use aludel_sql::{Column, Expr, Expression};

use super::row::field;

/// An entity with a column that says of which kind a row is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no column that says of which kind a row is",
    label = "an entity with kinds is needed here",
    note = "mark the field of the kind: `#[column(kind)] kind: {Self}Kind`"
)]
pub trait Kinded: Mapped {
    /// The kinds.
    type Kinds: Kinds<Base = Self>;
    /// The column.
    fn kind_column() -> Column<Self, Self::Kinds>;
}

/// Whether a row is of this kind.
pub fn is_kind<E: Kinded>(kind: E::Kinds) -> Expr<bool>
where
    E::Kinds: SqlTyped<Base = E::Kinds> + Encode,
{
    E::kind_column().eq(kind)
}

/// Sets a kind from a row's cell. What is loaded of its table stays where the kind does.
///
/// # Errors
/// Those of reading the cell.
pub fn set_kind<E: Kinded>(kind: &mut E::Kinds, row: &dyn RowRef, at: usize) -> Result<(), Fault>
where
    E::Kinds: Decode,
{
    let mut read: E::Kinds = field(row, at)?;
    read.swap_fields(kind);
    *kind = read;
    Ok(())
}

/// The kind, with nothing loaded of its table.
pub fn kind_alone<E: Kinded>(kind: &E::Kinds) -> E::Kinds {
    kind.unloaded()
}

/// The field of a relationship to a kind's table.
pub fn kind_field<E: Kinded>(kind: &E::Kinds, index: usize) -> Option<&dyn RelationField> {
    kind.field(index - KIND)
}

/// As [`kind_field`], to be changed.
pub fn kind_field_mut<E: Kinded>(kind: &mut E::Kinds, index: usize) -> Option<&mut dyn RelationField> {
    kind.field_mut(index - KIND)
}

/// Exchanges what is loaded of the tables of two equal kinds.
pub fn swap_kinds<E: Kinded>(one: &mut E::Kinds, other: &mut E::Kinds) {
    one.swap_fields(other);
}

/// The columns of an entity's primary key.
#[must_use]
pub fn primary_key<E: Mapped>() -> Vec<&'static StaticColumn> {
    let mapper = E::mapper();
    mapper.primary_key().iter().map(|at| &mapper.columns()[*at]).collect()
}

/// A part of a composite that a kind needs. Where nobody is strict, what stands there until it follows.
///
/// # Errors
/// When it is NULL, or nothing can stand there.
pub fn kind_part<T: Decode>(part: Option<T>, is_strict: bool, at: usize, name: &str) -> Result<T, Fault> {
    match part {
        Some(value) => Ok(value),
        None if is_strict => Err(Fault::custom(format!("NULL, and `{name}` needs a value")).at(at)),
        None => super::composite::blank().map_err(|fault| fault.at(at)),
    }
}

/// How many names there are in several lists of them, each counted once.
#[must_use]
pub const fn distinct(lists: &[&[&str]]) -> usize {
    let mut count = 0;
    let mut list = 0;
    while list < lists.len() {
        let mut at = 0;
        while at < lists[list].len() {
            if is_first(lists, list, at) {
                count += 1;
            }
            at += 1;
        }
        list += 1;
    }
    count
}

/// The names in several lists of them, each once.
#[must_use]
pub const fn distinct_names<const N: usize>(lists: &[&[&'static str]]) -> [&'static str; N] {
    let mut names = [""; N];
    let mut count = 0;
    let mut list = 0;
    while list < lists.len() {
        let mut at = 0;
        while at < lists[list].len() {
            if is_first(lists, list, at) {
                names[count] = lists[list][at];
                count += 1;
            }
            at += 1;
        }
        list += 1;
    }
    names
}

/// Whether no list before this one has the name.
const fn is_first(lists: &[&[&str]], list: usize, at: usize) -> bool {
    let mut before = 0;
    while before < list {
        if position(lists[before], lists[list][at]) < lists[before].len() {
            return false;
        }
        before += 1;
    }
    true
}

/// The positions of names in a row that begins with a label.
#[must_use]
#[allow(
    clippy::cast_possible_truncation,
    reason = "rows have some hundred columns, and a constant can't call `try_from`"
)]
pub const fn places<const N: usize>(all: &[&str], names: &[&str]) -> [u16; N] {
    let mut places = [0; N];
    let mut at = 0;
    while at < N {
        places[at] = 1 + position(all, names[at]) as u16;
        at += 1;
    }
    places
}

/// Where a name is; the length of the list where it is not.
const fn position(names: &[&str], name: &str) -> usize {
    let mut at = 0;
    while at < names.len() {
        if is_same(names[at].as_bytes(), name.as_bytes()) {
            return at;
        }
        at += 1;
    }
    at
}

const fn is_same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

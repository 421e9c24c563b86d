//! How rows become objects.

use std::any::{Any, TypeId};
use std::sync::Arc;

use aludel_core::{Fault, RowRef};
use aludel_sql::ColumnSet;

use super::AnyTable;
use super::partial::{ABSENT, Partial};
use super::table::Table;
use crate::key::RawKey;
use crate::mapper::Mapped;

/// How the rows of an entity are read.
#[derive(Clone, Debug, Default)]
pub(crate) struct How {
    /// Whether objects that are here and fresh are read again, and changes of theirs given up.
    pub(crate) populate: bool,
    /// For each column its place in the result, where not all are there.
    pub(crate) places: Option<Arc<[u16]>>,
    /// Columns in the result; 0 for all of the entity's.
    pub(crate) width: usize,
}

impl How {
    /// Where in a row a column is.
    #[inline]
    pub(crate) fn place(&self, start: usize, column: usize) -> Option<usize> {
        match self.places.as_deref() {
            None => Some(start + column),
            Some(places) => {
                places.get(column).filter(|place| **place != ABSENT).map(|place| start + usize::from(*place))
            }
        }
    }

    #[inline]
    pub(crate) fn read<T: Mapped>(&self, row: &dyn RowRef, start: usize) -> Result<T, Fault> {
        match self.places.as_deref() {
            None => T::from_row(row, start),
            Some(places) => T::from_row(&Partial { row, start, places, names: None }, 0),
        }
    }

    pub(crate) fn is_absent(&self, column: usize) -> bool {
        self.places.as_deref().is_some_and(|places| places.get(column) == Some(&ABSENT))
    }

    pub(crate) fn absent(&self) -> ColumnSet {
        let places = self.places.as_deref().unwrap_or(&[]);
        (0..places.len()).filter(|column| places[*column] == ABSENT).fold(ColumnSet::default(), ColumnSet::with)
    }

    /// Reads these columns alone, in their order.
    pub(crate) fn partial(columns: usize, selected: ColumnSet) -> Self {
        let mut places = vec![ABSENT; columns];
        let mut width = 0;
        for column in selected.iter().filter(|column| *column < columns) {
            places[column] = u16::try_from(width).unwrap_or(ABSENT);
            width += 1;
        }
        Self { populate: false, places: Some(places.into()), width }
    }
}

/// How the rows of each entity of a query are read.
#[derive(Clone, Debug, Default)]
#[doc(hidden)]
pub struct Hows {
    pub(crate) populate: bool,
    /// Entities that are not read as usual.
    pub(crate) special: Vec<(TypeId, How)>,
}

impl Hows {
    pub(crate) fn of(&self, entity: TypeId) -> How {
        let special = self.special.iter().find(|(other, _)| *other == entity).map(|(_, how)| how.clone());
        How { populate: self.populate, ..special.unwrap_or_default() }
    }
}

/// Objects that were read on another thread.
pub(crate) trait Decoded: Any + Send {
    /// Reads an object, or nobody where an outer join found none.
    fn row(&mut self, row: &dyn RowRef, start: usize, how: &How) -> Result<(), Fault>;
    /// An empty one of the same kind.
    fn fresh(&self) -> Box<dyn Decoded>;
    /// Gives the objects to their table, and tells their keys in order.
    fn adopt(self: Box<Self>, table: &mut dyn AnyTable, how: &How, epoch: u32) -> Vec<Option<RawKey>>;
}

/// Objects of one entity, read on another thread.
pub(super) struct Read<T>(Vec<Option<T>>);

impl<T> Default for Read<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Mapped> Decoded for Read<T> {
    fn row(&mut self, row: &dyn RowRef, start: usize, how: &How) -> Result<(), Fault> {
        let key = T::mapper().primary_key().first();
        let is_absent = key.and_then(|key| how.place(start, *key)).is_some_and(|at| row.is_null(at));
        self.0.push(if is_absent { None } else { Some(how.read(row, start)?) });
        Ok(())
    }

    fn fresh(&self) -> Box<dyn Decoded> {
        Box::new(Self::default())
    }

    fn adopt(self: Box<Self>, table: &mut dyn AnyTable, how: &How, epoch: u32) -> Vec<Option<RawKey>> {
        match table.as_any_mut().downcast_mut::<Table<T>>() {
            Some(table) => self.0.into_iter().map(|value| value.map(|value| table.adopt(value, how, epoch))).collect(),
            None => Vec::new(),
        }
    }
}

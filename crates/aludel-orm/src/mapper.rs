//! What the derive tells of an entity beyond its table.

use std::any::{Any, TypeId};
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};

use aludel_core::{Fault, RowRef, Value};
use aludel_sql::Entity;
use aludel_sql::schema::StaticColumn;

use crate::field::RelationField;
use crate::inheritance::Kinds;
use crate::relation::{Relation, RelationKind};

/// An entity that can live in a [`Session`](crate::Session). `#[derive(Entity)]` writes it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an entity",
    label = "not an entity",
    note = "derive it: `#[derive(aludel::Entity)] #[entity(table = \"…\")]`"
)]
pub trait Mapped: Entity {
    /// The primary key: the column's type, or a tuple of the columns' types.
    type Identity: Send;
    /// The values of a primary key.
    #[doc(hidden)]
    fn identity_values(identity: Self::Identity) -> Vec<Value>;
    /// What is known of the entity; one `static` item for each.
    fn mapper() -> &'static Mapper;
    /// A copy of the columns, with no relationship loaded.
    #[doc(hidden)]
    fn snapshot(&self) -> Self;
    /// Becomes a copy of the columns of another value, with no relationship loaded, in the memory that is there.
    #[doc(hidden)]
    fn snapshot_from(&mut self, other: &Self);
    /// Reads the column at this position of the table from a cell.
    #[doc(hidden)]
    fn set_column(&mut self, index: usize, row: &dyn RowRef, at: usize) -> Result<(), Fault>;
    /// The field of the column at this position of the table.
    #[doc(hidden)]
    fn column_any(&self, index: usize) -> Option<&dyn Any>;
    /// The field of the relationship at this position.
    #[doc(hidden)]
    fn relation(&self, index: usize) -> Option<&dyn RelationField>;
    /// As [`relation`](Self::relation), to be changed.
    #[doc(hidden)]
    fn relation_mut(&mut self, index: usize) -> Option<&mut dyn RelationField>;
    /// Exchanges the relationship fields of two values.
    #[doc(hidden)]
    fn swap_relations(&mut self, other: &mut Self);
}

/// Tells the relationships to the tables of an entity's kinds.
type KindRelations = fn() -> &'static [Relation];

/// What is known of an entity beyond its table.
pub struct Mapper {
    /// Tells the entity among those of the program that were met so far; 0 until it is met.
    number: AtomicU32,
    pub(crate) name: &'static str,
    pub(crate) type_id: fn() -> TypeId,
    pub(crate) statics: fn() -> &'static [StaticColumn],
    relations: &'static [Relation],
    /// The column that says of which kind a row is, and the relationships to the tables of the kinds.
    kinds: Option<(usize, KindRelations)>,
    pub(crate) version: Option<usize>,
    pub(crate) validators: &'static [Validator],
}

/// A check of one column's value, run before it is written.
#[derive(Clone, Copy)]
pub struct Validator {
    /// The column's position in its table.
    pub column: usize,
    /// Looks at the whole object; the text of the error says what is wrong with the value.
    pub check: fn(&dyn Any) -> Result<(), String>,
}

impl Mapper {
    /// What the derive writes.
    #[doc(hidden)]
    #[must_use]
    pub const fn new<T: Mapped>(name: &'static str) -> Self {
        Self {
            number: AtomicU32::new(0),
            name,
            type_id: TypeId::of::<T>,
            statics: T::statics,
            relations: &[],
            kinds: None,
            version: None,
            validators: &[],
        }
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn relations(mut self, relations: &'static [Relation]) -> Self {
        self.relations = relations;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn version(mut self, column: usize) -> Self {
        self.version = Some(column);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn validators(mut self, validators: &'static [Validator]) -> Self {
        self.validators = validators;
        self
    }

    /// The column that says of which kind a row is.
    #[doc(hidden)]
    #[must_use]
    pub const fn kinds<K: Kinds>(mut self, column: usize) -> Self {
        self.kinds = Some((column, K::relations));
        self
    }

    /// A small number that no other entity of the program has, from 1.
    #[inline]
    pub(crate) fn number(&self) -> usize {
        match self.number.load(Ordering::Relaxed) {
            0 => self.take_number(),
            number => number as usize,
        }
    }

    #[cold]
    fn take_number(&self) -> usize {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        match self.number.compare_exchange(0, number, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => number as usize,
            // Another thread has met it at the same time.
            Err(number) => number as usize,
        }
    }

    /// The entity's name in the program.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The entity's columns.
    #[must_use]
    pub fn columns(&self) -> &'static [StaticColumn] {
        let statics = (self.statics)();
        &statics[..statics.len() - 1]
    }

    /// The stand-in for the entity's table.
    #[must_use]
    pub fn table(&self) -> &'static StaticColumn {
        let statics = (self.statics)();
        &statics[statics.len() - 1]
    }

    /// The positions of the primary key's columns.
    #[must_use]
    pub fn primary_key(&self) -> &'static [usize] {
        let table: &'static aludel_sql::schema::Table = self.table().table;
        &table.primary_key
    }

    /// The columns of foreign keys: the database's, and those of relationships to a parent.
    pub(crate) fn foreign_columns(&self) -> Vec<usize> {
        let table: &'static aludel_sql::schema::Table = self.table().table;
        let declared = table.foreign_keys.iter().flat_map(|key| key.columns.iter().copied());
        let up = self.all().filter(|relation| relation.kind() == RelationKind::BelongsTo);
        let related = up.flat_map(|relation| (relation.columns)().into_iter().map(|column| column.index()));
        let mut columns: Vec<usize> = declared.chain(related).collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }

    /// The relationships, in the order of their fields, and behind them those to the tables of its kinds.
    pub fn all(&self) -> impl Iterator<Item = &'static Relation> + Clone + use<> {
        let relations: &'static [Relation] = self.relations;
        relations.iter().chain(self.kind_relations().iter())
    }

    /// The relationships to the tables of its kinds.
    pub(crate) fn kind_relations(&self) -> &'static [Relation] {
        self.kinds.map_or(&[], |(_, kinds)| kinds())
    }

    /// The column that says of which kind a row is.
    pub(crate) fn kind_column(&self) -> Option<usize> {
        self.kinds.map(|(column, _)| column)
    }

    /// Whether it has relationships.
    pub(crate) const fn has_relations(&self) -> bool {
        !self.relations.is_empty() || self.kinds.is_some()
    }
}

impl fmt::Debug for Mapper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Mapper").field(&self.name).finish()
    }
}

impl fmt::Debug for Validator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Validator").field("column", &self.column).finish_non_exhaustive()
    }
}

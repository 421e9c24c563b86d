//! Several columns that are one field.

use syn::{Ident, Member, Type, Visibility};

use super::{Column, Entity};

/// A field that is kept in several columns.
pub(crate) struct Composite {
    pub(crate) field: Ident,
    pub(crate) vis: Visibility,
    /// The field's type, or that in its `Option`.
    pub(crate) ty: Type,
    /// Whether the field is an `Option`, which is `None` where all columns are NULL.
    pub(crate) optional: bool,
    /// The position of the first column; the others are behind it.
    pub(crate) first: usize,
    /// The types of the parts.
    pub(crate) parts: Vec<Type>,
}

/// Which part of which composite a column is.
#[derive(Clone, Copy)]
pub(crate) struct Part {
    pub(crate) composite: usize,
    pub(crate) index: usize,
}

/// A struct that is several columns.
pub(crate) struct CompositeStruct {
    pub(crate) ident: Ident,
    pub(crate) fields: Vec<(Member, Type)>,
}

/// A field of the struct that is in the table.
#[derive(Clone, Copy)]
pub(crate) enum Field<'a> {
    Column(usize, &'a Column),
    Composite(&'a Composite),
}

impl Entity {
    /// The fields that are in the table, in order.
    pub(crate) fn fields(&self) -> impl Iterator<Item = Field<'_>> {
        self.columns.iter().enumerate().filter_map(|(at, column)| match column.part {
            None => Some(Field::Column(at, column)),
            Some(Part { composite, index: 0 }) => Some(Field::Composite(&self.composites[composite])),
            Some(_) => None,
        })
    }
}

impl Composite {
    /// Its columns, with their positions.
    pub(crate) fn columns<'a>(&self, entity: &'a Entity) -> impl Iterator<Item = (usize, &'a Column)> {
        entity.columns.iter().enumerate().skip(self.first).take(self.parts.len())
    }
}

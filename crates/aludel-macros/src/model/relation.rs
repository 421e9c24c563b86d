//! Relationships between entities.

use syn::{Attribute, Expr, Ident, Type, Visibility};

use super::ColumnPath;

/// A field that holds the objects on the other side of a foreign key.
pub(crate) struct Relation {
    pub(crate) field: Ident,
    pub(crate) vis: Visibility,
    pub(crate) docs: Vec<Attribute>,
    /// The associated constant's name.
    pub(crate) constant: Ident,
    pub(crate) kind: RelationKind,
    /// The entity on the other side.
    pub(crate) target: Type,
    /// The foreign key's columns: of the target, of the entity itself, or those of the link table that lead to the entity.
    pub(crate) columns: Vec<ColumnPath>,
    /// The columns of the link table that lead to the target; empty where there is no such table.
    pub(crate) far: Vec<ColumnPath>,
    pub(crate) order_by: Vec<OrderTerm>,
    pub(crate) filter: Option<Expr>,
    pub(crate) position: Option<ColumnPath>,
    pub(crate) cascade: Cascade,
    pub(crate) passive_deletes: bool,
    pub(crate) view_only: bool,
    pub(crate) post_update: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum RelationKind {
    HasMany,
    HasOne,
    BelongsTo,
    ManyToMany,
}

impl RelationKind {
    /// Whether the field is a `Many` and not a `One`.
    pub(crate) fn is_many(self) -> bool {
        matches!(self, Self::HasMany | Self::ManyToMany)
    }

    /// The attribute's name.
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Self::HasMany => "has_many",
            Self::HasOne => "has_one",
            Self::BelongsTo => "belongs_to",
            Self::ManyToMany => "many_to_many",
        }
    }
}

pub(crate) struct OrderTerm {
    pub(crate) column: ColumnPath,
    pub(crate) descending: bool,
}

/// The words that change what a session does; the others say what it does anyway.
#[derive(Clone, Copy, Default)]
pub(crate) struct Cascade {
    pub(crate) all: bool,
    pub(crate) delete: bool,
    pub(crate) delete_orphan: bool,
    pub(crate) expunge: bool,
    pub(crate) none: bool,
}

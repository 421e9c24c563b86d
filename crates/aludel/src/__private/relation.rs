//! What the compiler checks of relationships.

use aludel_sql::Column;
use aludel_sql::schema::StaticColumn;

/// A column of the entity that a relationship leads to.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column of `{E}`, which the relationship leads to",
    label = "expected a column of `{E}`",
    note = "`has_many` and `has_one` name the column of the other entity that refers to this one, and are ordered by its \
            columns; where this entity has the column that refers, the relationship is a `belongs_to`"
)]
pub trait TargetColumn<E> {
    /// Its definition.
    fn definition(self) -> &'static StaticColumn;
}

/// A column of the entity that has the relationship.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column of `{E}`, which has the relationship",
    label = "expected a column of `{E}`",
    note = "`belongs_to` names the column of this entity that refers to the other one; where the other entity has that \
            column, the relationship is a `has_many` or `has_one`"
)]
pub trait OwnColumn<E> {
    /// Its definition.
    fn definition(self) -> &'static StaticColumn;
}

/// A column of the link table of two entities.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a column of the link table `{E}`",
    label = "expected a column of `{E}`",
    note = "`many_to_many` names columns of one table: first those that refer to this entity, then those that refer to \
            the other"
)]
pub trait LinkColumn<E> {
    /// Its definition.
    fn definition(self) -> &'static StaticColumn;
}

impl<E, T> TargetColumn<E> for Column<E, T> {
    fn definition(self) -> &'static StaticColumn {
        Self::definition(self)
    }
}

impl<E, T> OwnColumn<E> for Column<E, T> {
    fn definition(self) -> &'static StaticColumn {
        Self::definition(self)
    }
}

impl<E, T> LinkColumn<E> for Column<E, T> {
    fn definition(self) -> &'static StaticColumn {
        Self::definition(self)
    }
}

/// The definition of a column of the entity on the other side.
pub fn target_column<E>(column: impl TargetColumn<E>) -> &'static StaticColumn {
    column.definition()
}

/// The definition of a column of the entity itself.
pub fn own_column<E>(column: impl OwnColumn<E>) -> &'static StaticColumn {
    column.definition()
}

/// The definition of a column of a link table.
pub fn link_column<E>(column: impl LinkColumn<E>) -> &'static StaticColumn {
    column.definition()
}

//! The kinds of which an entity can be.

use syn::{Attribute, Ident, Path, Type, Visibility};

use super::ColumnPath;

/// An enum of kinds.
pub(crate) struct Kinds {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) shape: KindsShape,
}

/// Where the columns of the kinds are.
pub(crate) enum KindsShape {
    /// Each kind has a table of its own beside the base's.
    Joined {
        /// The base entity.
        base: Path,
        /// The discriminator's type in databases that have named enumerations.
        name: String,
        kinds: Vec<Kind<Option<ExtTable>>>,
    },
    /// All in the base's table.
    Single {
        kinds: Vec<Kind<Vec<KindField>>>,
        /// The columns behind the label.
        columns: Vec<KindColumn>,
    },
    /// Each kind has one table of its own, and there is no base.
    Concrete {
        /// The enum of keys.
        keys: Ident,
        /// The entities.
        kinds: Vec<Kind<Type>>,
    },
}

/// A variant.
pub(crate) struct Kind<T> {
    pub(crate) ident: Ident,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) label: String,
    pub(crate) data: T,
}

/// The table of a kind.
pub(crate) struct ExtTable {
    pub(crate) entity: Type,
    /// The columns that refer to the base; its primary key where there are none.
    pub(crate) key: Vec<ColumnPath>,
}

/// A field of a kind that is in the base's table.
pub(crate) struct KindField {
    pub(crate) ident: Ident,
    /// Which of the columns it is.
    pub(crate) column: usize,
    /// Whether it is an `Option`.
    pub(crate) optional: bool,
}

/// A column that some of the kinds have.
pub(crate) struct KindColumn {
    pub(crate) name: Ident,
    /// The type in the column's `Option`.
    pub(crate) ty: Type,
}

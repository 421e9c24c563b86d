//! Relationships: what the derive tells of them, and the constants that a program names them by.

mod cascade;
mod resolve;

use std::fmt;
use std::marker::PhantomData;
use std::sync::OnceLock;

use aludel_sql::Expr;
use aludel_sql::schema::StaticColumn;

use crate::arena::{AnyTable, Table};
use crate::inheritance::KIND;
use crate::mapper::{Mapped, Mapper};

pub use cascade::Cascade;
pub(crate) use resolve::{ForeignKey, LinkId, LinkTable, Path};

/// What is known of a relationship; a `static` item in the code that the derive writes.
pub struct Relation {
    pub(crate) name: &'static str,
    /// Its position among the relationships of its entity.
    pub(crate) index: usize,
    pub(crate) owner: fn() -> &'static Mapper,
    pub(crate) target: fn() -> &'static Mapper,
    /// What makes the tables of the two. The mappers don't, so that a program that uses no session need not compile it.
    pub(crate) owner_table: fn() -> Box<dyn AnyTable>,
    pub(crate) target_table: fn() -> Box<dyn AnyTable>,
    pub(crate) kind: RelationKind,
    /// The foreign key's columns: of the target, of the owner, or those of the link table that lead to the owner.
    pub(crate) columns: fn() -> Vec<&'static StaticColumn>,
    /// The columns of the link table that lead to the target.
    pub(crate) far: Option<fn() -> Vec<&'static StaticColumn>>,
    /// The stand-in of the link table.
    pub(crate) link: Option<fn() -> &'static StaticColumn>,
    pub(crate) order_by: Option<fn() -> Vec<RelationOrder>>,
    pub(crate) filter: Option<fn() -> Expr<bool>>,
    pub(crate) position: Option<fn() -> &'static StaticColumn>,
    pub(crate) cascade: Cascade,
    pub(crate) passive_deletes: bool,
    pub(crate) view_only: bool,
    pub(crate) post_update: bool,
    /// Where its constant is, if that is not the owner.
    constants: Option<&'static str>,
    pub(crate) path: OnceLock<Path>,
}

/// Which side has the foreign key, and how many objects there are on the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RelationKind {
    /// One to many: the other side's table has the foreign key.
    HasMany,
    /// One to one: the other side's table has the foreign key.
    HasOne,
    /// Many to one: this side's table has the foreign key.
    BelongsTo,
    /// Many to many: a link table has a foreign key to each side.
    ManyToMany,
}

/// By which column a collection is ordered.
#[derive(Clone, Copy, Debug)]
pub struct RelationOrder {
    /// A column of the target.
    pub column: &'static StaticColumn,
    /// Largest first.
    pub descending: bool,
}

impl Relation {
    /// What the derive writes.
    #[doc(hidden)]
    #[must_use]
    pub const fn new<A: Mapped, B: Mapped>(
        name: &'static str,
        index: usize,
        kind: RelationKind,
        columns: fn() -> Vec<&'static StaticColumn>,
    ) -> Self {
        Self {
            name,
            index,
            owner: A::mapper,
            target: B::mapper,
            owner_table: Table::<A>::boxed,
            target_table: Table::<B>::boxed,
            kind,
            columns,
            far: None,
            link: None,
            order_by: None,
            filter: None,
            position: None,
            cascade: Cascade::DEFAULT,
            passive_deletes: false,
            view_only: false,
            post_update: false,
            constants: None,
            path: OnceLock::new(),
        }
    }

    /// The link table, `<OrderTag as Entity>::table`, and its columns that lead to the target.
    #[doc(hidden)]
    #[must_use]
    pub const fn far(mut self, link: fn() -> &'static StaticColumn, far: fn() -> Vec<&'static StaticColumn>) -> Self {
        self.link = Some(link);
        self.far = Some(far);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn order_by(mut self, order_by: fn() -> Vec<RelationOrder>) -> Self {
        self.order_by = Some(order_by);
        self
    }

    /// A condition on the target, without aliases. A relationship with one is view-only.
    #[doc(hidden)]
    #[must_use]
    pub const fn filter(mut self, filter: fn() -> Expr<bool>) -> Self {
        self.filter = Some(filter);
        self.view_only = true;
        self
    }

    /// The target's column that holds the position in the list, from 0.
    #[doc(hidden)]
    #[must_use]
    pub const fn position(mut self, position: fn() -> &'static StaticColumn) -> Self {
        self.position = Some(position);
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn cascade(mut self, cascade: Cascade) -> Self {
        self.cascade = cascade;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn passive_deletes(mut self) -> Self {
        self.passive_deletes = true;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn view_only(mut self) -> Self {
        self.view_only = true;
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub const fn post_update(mut self) -> Self {
        self.post_update = true;
        self
    }

    /// It leads to the table of a kind; the enum of kinds has its constant.
    #[doc(hidden)]
    #[must_use]
    pub const fn of_kinds(mut self, kinds: &'static str) -> Self {
        self.constants = Some(kinds);
        self
    }

    /// The field's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// Which side has the foreign key.
    #[must_use]
    pub const fn kind(&self) -> RelationKind {
        self.kind
    }

    /// Whether it is a collection.
    #[must_use]
    pub const fn is_collection(&self) -> bool {
        matches!(self.kind, RelationKind::HasMany | RelationKind::ManyToMany)
    }

    /// The entity that has the field.
    #[must_use]
    pub fn owner(&self) -> &'static Mapper {
        (self.owner)()
    }

    /// The entity on the other side.
    #[must_use]
    pub fn target(&self) -> &'static Mapper {
        (self.target)()
    }

    /// Whether it leads to the table of a kind.
    pub(crate) const fn is_kind(&self) -> bool {
        self.index >= KIND
    }

    /// The condition that the other side must meet.
    pub(crate) fn filter_condition(&self) -> Option<Expr<bool>> {
        self.filter.map(|filter| filter())
    }

    /// `User.addresses`, for messages.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.owner().name, self.name)
    }

    /// `User::ADDRESSES`, for messages.
    #[must_use]
    pub fn constant(&self) -> String {
        format!("{}::{}", self.constants.unwrap_or(self.owner().name), self.name.to_uppercase())
    }
}

impl fmt::Debug for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.full_name())
    }
}

/// A relationship by its constant: `User::ADDRESSES` is a `Rel<User, Address, Collection>`.
pub struct Rel<A, B, C> {
    relation: &'static Relation,
    #[allow(clippy::type_complexity, reason = "the three types and nothing else")]
    marker: PhantomData<(fn() -> A, fn() -> B, fn() -> C)>,
}

/// The other side has many objects.
#[derive(Clone, Copy, Debug)]
pub struct Collection;

/// The other side has one object, or none.
#[derive(Clone, Copy, Debug)]
pub struct Scalar;

/// A relationship to many: `User::ADDRESSES`.
pub type ToMany<A, B> = Rel<A, B, Collection>;

/// A relationship to one: `Address::USER`.
pub type ToOne<A, B> = Rel<A, B, Scalar>;

impl<A, B, C> Rel<A, B, C> {
    /// What the derive writes.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(relation: &'static Relation) -> Self {
        Self { relation, marker: PhantomData }
    }

    /// What is known of it.
    #[must_use]
    pub const fn definition(self) -> &'static Relation {
        self.relation
    }
}

impl<A, B, C> Clone for Rel<A, B, C> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<A, B, C> Copy for Rel<A, B, C> {}

impl<A, B, C> fmt::Debug for Rel<A, B, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.relation, f)
    }
}

/// A relationship from `A` to `B`, to one or to many.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a relationship from `{A}` to `{B}`",
    label = "expected a relationship such as `User::ADDRESSES`"
)]
pub trait Link<A, B>: Copy {
    /// What is known of it.
    #[doc(hidden)]
    fn relation(self) -> &'static Relation;
}

impl<A: Mapped, B: Mapped, C> Link<A, B> for Rel<A, B, C> {
    fn relation(self) -> &'static Relation {
        self.relation
    }
}

//! Hierarchies of entities with a table for each kind: joined-table inheritance.
//!
//! The base entity has a column that says of which kind a row is, and its field is an enum; a kind with a table of its own
//! holds an [`Ext`] of that table's entity:
//!
//! ```
//! # use aludel::prelude::*;
//! #[derive(Entity, Clone, Debug)]
//! #[entity(table = "employees")]
//! struct Employee {
//!     #[column(primary_key)]
//!     id: i64,
//!     name: String,
//!     #[column(name = "type", kind)]
//!     kind: EmployeeKind,
//! }
//!
//! #[derive(Kinds, Clone, Debug)]
//! #[kinds(of = Employee)]
//! enum EmployeeKind {
//!     Employee,
//!     Engineer(Ext<Engineer>),
//! }
//!
//! #[derive(Entity, Clone, Debug)]
//! #[entity(table = "engineers")]
//! struct Engineer {
//!     #[column(primary_key, references = Employee::ID)]
//!     id: i64,
//!     language: String,
//! }
//! ```
//!
//! To the session the row of a kind's table is an object of its own, in a relationship to one: so it is loaded by the loaders,
//! inserted behind its base, updated by its changed columns alone, and deleted before its base.

use aludel_core::{Fault, FromRow, Result, RowRef};
use aludel_sql::{AnySource, Select, Selectable, Tape};

use crate::arena::{AnyKey, Arena, Hows};
use crate::field::{One, RelationField};
use crate::key::{Key, RawKey};
use crate::load::{CHUNK, LoadOption, LoadPlan, LoadSpec, Strategy};
use crate::mapper::Mapped;
use crate::related::JoinRelated;
use crate::relation::{Relation, ToOne};
use crate::session::LoadTarget;
use crate::session_row::{Loading, SessionRow};

/// What a kind has in a table of its own: loaded or not, as every relationship.
pub type Ext<T> = One<T>;

/// Where the numbers of the relationships to the tables of kinds begin.
#[doc(hidden)]
pub const KIND: usize = 1 << 16;

/// The kinds of a base entity. `#[derive(Kinds)]` writes it for an enum.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not say of which kinds an entity can be",
    label = "not an enum of kinds",
    note = "derive it: `#[derive(aludel::Kinds)] #[kinds(of = Entity)]`"
)]
pub trait Kinds: Sized {
    /// The base entity.
    type Base: Mapped;
    /// The relationships to the kinds' tables, numbered from [`KIND`].
    #[doc(hidden)]
    fn relations() -> &'static [Relation];
    /// The field of a kind's table, if the value is of that kind.
    #[doc(hidden)]
    fn field(&self, index: usize) -> Option<&dyn RelationField>;
    /// As [`field`](Self::field), to be changed.
    #[doc(hidden)]
    fn field_mut(&mut self, index: usize) -> Option<&mut dyn RelationField>;
    /// Exchanges the fields of two values of the same kind.
    #[doc(hidden)]
    fn swap_fields(&mut self, other: &mut Self);
    /// The same kind, with nothing loaded.
    #[doc(hidden)]
    fn unloaded(&self) -> Self;
}

/// The entity of a kind's table. `#[derive(Kinds)]` writes it.
pub trait Extends: Mapped {
    /// The base entity.
    type Base: Mapped;
    /// From a base to its row in this table.
    const FROM_BASE: ToOne<Self::Base, Self>;

    /// A query of whole objects of this kind: the base's row and this table's, in one statement. Conditions may name columns of
    /// both.
    #[must_use]
    fn select_whole() -> Select<Whole<Self>> {
        let columns = Both {
            base: AnySource::table(Self::Base::mapper().table()),
            ext: AnySource::table(Self::mapper().table()),
        };
        aludel_sql::select(columns).retyped().join_related(Self::FROM_BASE)
    }
}

/// The columns of both tables.
struct Both {
    base: AnySource,
    ext: AnySource,
}

impl Selectable for Both {
    type Row = ();
    fn project(self, tape: &mut Tape) {
        self.base.all().project(tape);
        self.ext.all().project(tape);
    }
}

/// A whole object of a kind, as a plain value: the base's columns and those of the kind's table.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole<T: Extends> {
    /// The base's row.
    pub base: T::Base,
    /// The row of the kind's table.
    pub ext: T,
}

/// The keys of a whole object of a kind: what a session gives for [`Extends::select_whole`].
#[derive(Debug)]
pub struct SubKey<T: Extends> {
    base: Key<T::Base>,
    ext: Key<T>,
}

impl<T: Extends> SubKey<T> {
    /// The base object.
    #[must_use]
    pub const fn base(self) -> Key<T::Base> {
        self.base
    }

    /// The object of the kind's table.
    #[must_use]
    pub const fn ext(self) -> Key<T> {
        self.ext
    }
}

impl<T: Extends> Clone for SubKey<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Extends> Copy for SubKey<T> {}

impl<T: Extends> PartialEq for SubKey<T> {
    fn eq(&self, other: &Self) -> bool {
        self.base == other.base && self.ext == other.ext
    }
}

impl<T: Extends> Eq for SubKey<T> {}

impl<T: Extends> FromRow for Whole<T> {
    const WIDTH: usize = <T::Base as FromRow>::WIDTH + T::WIDTH;

    fn from_row(row: &dyn RowRef, start: usize) -> Result<Self, Fault> {
        let base = <T::Base as FromRow>::from_row(row, start)?;
        Ok(Self { base, ext: T::from_row(row, start + <T::Base as FromRow>::WIDTH)? })
    }
}

impl<T: Extends> SessionRow for Whole<T> {
    type Loaded = SubKey<T>;

    fn load(row: &dyn RowRef, start: usize, into: &mut Loading<'_>) -> Result<SubKey<T>, Fault> {
        let base = <T::Base as SessionRow>::load(row, start, into)?;
        let ext = <T as SessionRow>::load(row, start + <T::Base as SessionRow>::width(into.hows), into)?;
        Ok(connect(into.arena, base, ext))
    }

    fn decode(row: &dyn RowRef, start: usize, hows: &Hows) -> Result<Self, Fault> {
        let base = <T::Base as SessionRow>::decode(row, start, hows)?;
        let width = <T::Base as SessionRow>::width(hows);
        Ok(Self { base, ext: <T as SessionRow>::decode(row, start + width, hows)? })
    }

    fn adopt(self, into: &mut Loading<'_>) -> SubKey<T> {
        let (base, ext) = (self.base.adopt(into), self.ext.adopt(into));
        connect(into.arena, base, ext)
    }

    fn width(hows: &Hows) -> usize {
        <T::Base as SessionRow>::width(hows) + <T as SessionRow>::width(hows)
    }

    fn own(loaded: SubKey<T>, arena: &Arena) -> Option<Self> {
        let base = <T::Base as SessionRow>::own(loaded.base, arena)?;
        Some(Self { base, ext: <T as SessionRow>::own(loaded.ext, arena)? })
    }

    fn entity_keys(loaded: &SubKey<T>, entity: std::any::TypeId, keys: &mut Vec<RawKey>) {
        <T::Base as SessionRow>::entity_keys(&loaded.base, entity, keys);
        <T as SessionRow>::entity_keys(&loaded.ext, entity, keys);
    }

    fn may_have(entity: std::any::TypeId) -> bool {
        <T::Base as SessionRow>::may_have(entity) || <T as SessionRow>::may_have(entity)
    }
}

/// The base knows its row in the kind's table.
fn connect<T: Extends>(arena: &mut Arena, base: Key<T::Base>, ext: Key<T>) -> SubKey<T> {
    let table = arena.id_for::<T::Base>();
    let owner = AnyKey { table, raw: base.raw() };
    let index = T::FROM_BASE.definition().index;
    let epoch = arena.epoch();
    if let Some(field) = arena.field_mut(owner, index)
        && field.keys() != [ext.raw()]
    {
        field.set_keys(vec![ext.raw()], epoch);
    }
    SubKey { base, ext }
}

/// Loads what the kinds of an entity have in tables of their own; see [`with_polymorphic`] and [`selectin_polymorphic`].
#[derive(Clone, Copy, Debug)]
#[must_use = "an option does nothing until it is given to a query"]
pub struct Polymorphic<A> {
    joined: bool,
    marker: std::marker::PhantomData<fn() -> A>,
}

/// Loads the tables of all kinds in the query itself, by LEFT JOINs.
pub const fn with_polymorphic<A: Mapped>() -> Polymorphic<A> {
    Polymorphic { joined: true, marker: std::marker::PhantomData }
}

/// Loads the tables of all kinds, each by a further statement for the objects of that kind.
pub const fn selectin_polymorphic<A: Mapped>() -> Polymorphic<A> {
    Polymorphic { joined: false, marker: std::marker::PhantomData }
}

impl<A: Mapped> Polymorphic<A> {
    fn specs(joined: bool, chunk: usize) -> impl Iterator<Item = LoadSpec> {
        A::mapper().kind_relations().iter().map(move |relation| {
            let strategy = match joined {
                true => Strategy::Joined { inner: false },
                false => Strategy::SelectIn { chunk },
            };
            LoadSpec::of(relation, strategy)
        })
    }
}

impl<A: Mapped> LoadOption<A> for Polymorphic<A> {
    fn apply(self, plan: &mut LoadPlan) {
        plan.loads.extend(Self::specs(self.joined, CHUNK));
    }
}

impl<A: Mapped> LoadTarget<A> for Polymorphic<A> {
    fn into_load_specs(self, chunk: usize) -> Vec<LoadSpec> {
        Self::specs(false, chunk).collect()
    }
}

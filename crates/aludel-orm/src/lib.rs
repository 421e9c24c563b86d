#![doc = include_str!("docs/crate.md")]

mod arena;
pub mod blocking;
mod bundle;
mod concrete;
mod error;
mod events;
mod fetch;
mod field;
mod flush;
mod inheritance;
mod key;
mod lazy;
mod load;
mod mapper;
mod new;
mod query;
mod related;
mod relation;
mod session;
mod session_row;

pub use arena::AnyKey;
pub use bundle::{Bundle, bundle};
pub use concrete::{ConcreteKinds, KindOf, KindRows, KindUnion, load_kind, read_kind};
pub use events::{OrmExecute, OrmStatement, SessionEvents, StateChange};
pub use field::{IntoMany, Many, One, RelationField};
pub use flush::{Plan, Step};
pub use inheritance::{Ext, Extends, KIND, Kinds, Polymorphic, SubKey, Whole, selectin_polymorphic, with_polymorphic};
pub use key::Key;
pub use lazy::NPlusOne;
pub use load::{
    ColumnNames, Columns, Criteria, Load, LoadOption, contains_eager, defer, immediateload, joinedload, load_only,
    raiseload, selectinload, subqueryload, with_criteria,
};
pub use mapper::{Mapped, Mapper, Validator};
pub use new::{IntoNew, New};
pub use query::{Query, QueryOptions};
pub use related::JoinRelated;
pub use relation::{Cascade, Collection, Link, Rel, Relation, RelationKind, RelationOrder, Scalar, ToMany, ToOne};
pub use session::{
    ColumnChange, History, KeyList, LoadTarget, Nested, NoAutoflush, Objects, Session, SessionBuilder,
    SessionStatement, View,
};
pub use session_row::{Loading, SessionRow};

#[doc(hidden)]
pub use aludel_core as __core;
#[doc(hidden)]
pub mod __arena {
    pub use crate::arena::{Arena, Hows, Walk};
    pub use crate::key::RawKey;
    pub use crate::load::{LoadPlan, LoadSpec};
    pub use crate::session::{Merged, Merging};
}

//! Sessions, unit of work, relationships and loading of the [Aludel](https://docs.rs/aludel) SQL toolkit. Programs use them
//! through the `aludel` crate.

mod arena;
mod error;
mod field;
mod inheritance;
mod key;
mod mapper;
mod new;
mod relation;
mod session_row;

pub use arena::AnyKey;
pub use field::{IntoMany, Many, One, RelationField};
pub use key::Key;
pub use mapper::{Mapped, Mapper, Validator};
pub use new::{IntoNew, New};
pub use relation::{Cascade, Collection, Link, Rel, Relation, RelationKind, RelationOrder, Scalar, ToMany, ToOne};
pub use session_row::{Loading, SessionRow};

#[doc(hidden)]
pub use aludel_core as __core;

//! What the derives write goes through here, and nothing else does: names may change with every version.

mod builder;
mod checks;
mod column;
mod composite;
pub mod hybrid;
mod kinds;
mod relation;
mod row;
mod sql_enum;
mod validate;

pub use std::any::{Any, TypeId};
pub use std::clone::Clone;
pub use std::convert::{From, Into};
pub use std::default::Default;
pub use std::marker::PhantomData;
pub use std::mem::swap;
pub use std::option::Option::{self, None, Some};
pub use std::result::Result::{self, Err, Ok};
pub use std::string::String;
pub use std::vec::Vec;

pub use aludel_core::{
    ArrayElement, CacheSafety, CompactString, Decode, Encode, EncodeRow, EnumType, Fault, FromRow, Held, ParamSink,
    RowRef, SqlType, SqlTyped, Value, scalar,
};
pub use aludel_orm::__arena::{Arena, RawKey};
pub use aludel_orm::{
    Cascade, ConcreteKinds, Extends, IntoMany, IntoNew, KIND, Key, KindOf, KindUnion, Kinds, Loading, Many, Mapped,
    Mapper, New, One, Rel, Relation, RelationField, RelationKind, RelationOrder, SessionRow, ToMany, ToOne, Validator,
    load_kind, read_kind, session_value,
};
pub use aludel_sql::schema::{
    Action, Check, ColumnDef, Deferrable, ForeignKey, Generated, Index, IndexKey, IndexPart, Name, Property,
    ServerDefault, StaticColumn, Table, TableOption, Target, Unique,
};
pub use aludel_sql::{
    Alias, All, Column, ColumnSet, Delete, Entity, Expr, Expression, Insert, NewRow, Select, TableRef, Update, delete,
    insert, property, select, update,
};

pub use crate::composite::{Composite, PartsFrom};

pub use builder::{
    Built, IntoField, IntoNullable, OptionGiven, ValueGiven, built_value, encode_built, given, is_unset, or_blank, slot,
};
pub use checks::{Keyed, Nothing, SameType, references};
pub use column::{column, key, name};
pub use composite::{Functions, blank, composed, read_composite, set_optional_part, set_part, set_required_part};
pub use kinds::{
    Kinded, distinct, distinct_names, is_kind, kind_alone, kind_field, kind_field_mut, kind_part, places, primary_key,
    set_kind, swap_kinds,
};
pub use relation::{LinkColumn, OwnColumn, TargetColumn, link_column, own_column, target_column};
pub use row::{field, names, one_column};
pub use sql_enum::{or_absent, unknown_label, unknown_number};
pub use validate::validate;

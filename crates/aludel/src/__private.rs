//! What the derives write goes through here, and nothing else does: names may change with every version.

mod builder;
mod checks;
mod column;
mod row;
mod sql_enum;

pub use std::convert::Into;
pub use std::default::Default;
pub use std::marker::PhantomData;
pub use std::option::Option::{self, None, Some};
pub use std::result::Result::{self, Err, Ok};

pub use aludel_core::{
    CacheSafety, CompactString, Decode, Encode, EncodeRow, EnumType, Fault, FromRow, Held, ParamSink, RowRef, SqlType,
    SqlTyped, Value, scalar,
};
pub use aludel_sql::schema::{
    Action, Check, ColumnDef, Deferrable, ForeignKey, Generated, Index, IndexKey, IndexPart, Name, ServerDefault,
    StaticColumn, Table, TableOption, Target, Unique,
};
pub use aludel_sql::{
    Alias, All, Column, ColumnSet, Delete, Entity, Insert, NewRow, Select, TableRef, Update, delete, insert, select,
    update,
};

pub use builder::{
    Built, IntoField, IntoNullable, OptionGiven, ValueGiven, built_value, encode_built, given, is_unset, slot,
};
pub use checks::{Keyed, Nothing, SameType, references};
pub use column::{column, key, name};
pub use row::{field, names, one_column};
pub use sql_enum::{unknown_label, unknown_number};

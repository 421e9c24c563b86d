//! What a program writes: columns, expressions and statements.
//!
//! Every method appends to a [`Tape`](crate::tape::Tape). The types here are thin: they carry the Rust type of a value
//! and otherwise hold a fragment of tape, so that programs compile fast.

mod arithmetic;
mod case;
mod column;
mod compound;
mod delete;
mod each;
mod entity;
mod executable;
mod expr;
pub mod func;
mod insert;
mod into_expr;
mod label;
mod order;
mod own;
mod property;
mod raw;
mod rows;
mod runtime;
mod script;
mod select;
mod selectable;
mod source;
mod subquery;
mod text;
mod together;
mod tuple;
mod untyped;
mod update;
mod window;

pub(crate) use raw::class_size;

pub use arithmetic::Divisible;
pub use case::{Case, CaseStart, case};
pub use column::{All, Column, Optional, TableRef};
pub use compound::{except, intersect, union, union_all};
pub use delete::{Delete, delete};
pub use each::Each;
pub use entity::{ColumnSet, Entity, NewRow};
pub use executable::{Executable, Layers, RowsAs};
pub use expr::{
    Base, Expr, Expression, LabelName, LiteralValue, all_of, any_of, array, element, exists, literal, not, null,
    raw_sql, shared, value,
};
pub use insert::{
    Assignment, BulkInsert, BulkRows, BulkShape, BulkTarget, ColumnTuple, Insert, OnConflict, TupleRows, excluded,
    insert,
};
pub use into_expr::{ExprList, IntoExpr, IntoValue};
pub use label::{Label, label};
pub use order::{IntoOrder, Ordering};
pub use own::{ArrayExpression, Containable, Contains, Keyed, Overlapping, native, operand};
pub use property::property;
pub use rows::RowValues;
pub use runtime::{AtRunTime, RuntimeTable};
pub use script::{Reader, Script, Step};
pub use select::{Select, select};
pub use selectable::{Labeled, Selectable};
pub use source::{Alias, IntoSource, TableFunction, TextSource, Values, table_function, text_source, values};
pub use subquery::{Cte, CteOptions, Subquery};
pub use text::{Text, text};
pub use together::Together;
pub use tuple::{TupleExpr, tuple};
pub use untyped::{AnyColumns, AnySource};
pub use update::{Update, update};
pub use window::{Frame, Window, window};

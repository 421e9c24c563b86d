//! The language of statements: columns and expressions, and what is made of them.
//!
//! The [prelude](crate::prelude) has what most programs need of it.

pub use aludel_sql::ast::{BinaryOp, FrameExclude, FrameUnits, LockStrength, LockWait};
pub use aludel_sql::{
    Alias, All, ArrayExpression, Assignment, Base, BulkInsert, BulkRows, Case, CaseStart, Column, ColumnSet,
    ColumnTuple, CompileOptions, Containable, Contains, Cte, CteOptions, CustomElement, Delete, Divisible, Entity,
    Executable, Expr, ExprList, Expression, Form, Frame, Insert, IntoExpr, IntoOrder, IntoSource, IntoValue, Keyed,
    Label, LabelName, Labeled, LiteralValue, Needs, NewRow, OnConflict, Optional, Ordering, Overlapping, RowValues,
    RowsAs, RuntimeTable, Select, Selectable, Subquery, TableFunction, TableRef, Text, TextSource, TupleExpr, Update,
    Values, Window, all_of, any_of, array, case, delete, element, except, excluded, exists, func, insert, intersect,
    label, literal, native, not, null, operand, raw_sql, select, shared, table_function, text, text_source, tuple,
    union, union_all, update, value, values, window,
};

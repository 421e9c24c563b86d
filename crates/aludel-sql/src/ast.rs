//! The syntax tree: what a statement's tape is decoded into when no compiled form is cached.
//!
//! Nothing here knows a dialect, and no value stands in it: a placeholder is a [`Bind`] that says where the value lies.
//! The tree is decoded from a statement's tape; FROM elements and correlation are inferred when it is compiled; it is
//! written as text by [`compile`](crate::compile).

mod expr;
mod statement;

pub use expr::{
    BinaryOp, Bind, BindSource, CustomExpr, Expr, Frame, FrameBound, FrameExclude, FrameUnits, Function, InTarget,
    JsonAccess, Like, LikePattern, NullsOrder, Order, PropertyExpr, UnaryOp, Window,
};
pub use statement::{
    Conflict, ConflictAction, ConflictTarget, CteBody, Delete, GroupBy, Insert, InsertColumn, InsertSource, Join,
    JoinKind, Lock, LockStrength, LockWait, Prefix, Projection, Query, QueryBody, Select, SetOp, Source, SourceKind,
    Statement, TextPart, TextStatement, Update,
};

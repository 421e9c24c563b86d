//! What a program needs most, to be imported as a whole: `use aludel::prelude::*;`
//!
//! For a blocking program, `use aludel::blocking::Engine;` beside it puts that engine in the async one's place.

pub use aludel_macros::{Entity, SqlEnum, SqlNewtype, hybrid};

pub use crate::language::{
    Alias, ArrayExpression, Column, Cte, Delete, Entity, Executable, Expr, Expression, Insert, Label, NewRow, Select,
    Subquery, TableRef, Update, all_of, any_of, case, delete, exists, func, insert, label, literal, not, select, text,
    tuple, update, value,
};
pub use crate::{
    Composite, Connect, Engine, Error, Ext, Extends, FromRow, JoinRelated, Key, Kinds, Many, One, QueryOptions,
    ReflectSchema, ReflectTable, Result, Session, Table, contains_eager, defer, immediateload, joinedload, load_only,
    raiseload, schema, selectin_polymorphic, selectinload, subqueryload, with_criteria, with_polymorphic,
};

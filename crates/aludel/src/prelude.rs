//! What a program needs most, to be imported as a whole: `use aludel::prelude::*;`

pub use aludel_macros::{Entity, SqlEnum, SqlNewtype};

pub use crate::language::{
    Alias, Column, Cte, Delete, Entity, Expr, Expression, Insert, Label, NewRow, Select, Subquery, TableRef, Update,
    all_of, any_of, case, delete, exists, func, insert, label, literal, not, select, text, tuple, update, value,
};
pub use crate::{Connect, Engine, Error, FromRow, Result};

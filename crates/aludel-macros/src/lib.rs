//! The derives of the [Aludel](https://docs.rs/aludel) SQL toolkit. Programs use them through the `aludel` crate.
//!
//! | derive | for | gives |
//! |---|---|---|
//! | [`Entity`](macro@Entity) | a struct that is a row of a table | the table, its columns as constants, a builder, reading and writing |
//! | [`FromRow`](macro@FromRow) | a struct that the rows of any statement are read into | reading, by name or position |
//! | [`Composite`](macro@Composite) | a struct of several columns | one field of an entity for them |
//! | [`hybrid`](macro@hybrid) | methods of an entity | the same as SQL expressions |
//! | [`Kinds`](macro@Kinds) | an enum of the kinds of which an entity can be | inheritance: joined tables, one table, or tables alone |
//! | [`SqlEnum`](macro@SqlEnum) | an enum of plain variants | a column type, kept as text or integer |
//! | [`SqlNewtype`](macro@SqlNewtype) | a struct around one value | a column type of its own |
//!
//! ```
//! use aludel::prelude::*;
//!
//! #[derive(Entity)]
//! #[entity(table = "users")]
//! struct User {
//!     #[column(primary_key)]
//!     id: i64,
//!     name: String,
//! }
//!
//! assert_eq!(User::NAME.name(), "name");
//! ```

mod expand;
mod hybrid;
mod model;
mod parse;
mod rust_type;

use darling::Result;
use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

#[doc = include_str!("docs/entity.md")]
#[proc_macro_derive(Entity, attributes(entity, column, composite, has_many, has_one, belongs_to, many_to_many))]
pub fn derive_entity(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    emit(parse::entity(&input).map(|entity| expand::entity(&entity)))
}

#[doc = include_str!("docs/composite.md")]
#[proc_macro_derive(Composite)]
pub fn derive_composite(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    emit(parse::composite_struct(&input).map(|composite| expand::composite(&composite)))
}

#[doc = include_str!("docs/kinds.md")]
#[proc_macro_derive(Kinds, attributes(kinds))]
pub fn derive_kinds(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    emit(parse::kinds(&input).map(|kinds| expand::kinds(&kinds)))
}

#[doc = include_str!("docs/from_row.md")]
#[proc_macro_derive(FromRow, attributes(row, column))]
pub fn derive_from_row(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    emit(parse::row(&input).map(|row| expand::row(&row)))
}

#[doc = include_str!("docs/sql_enum.md")]
#[proc_macro_derive(SqlEnum, attributes(sql_enum))]
pub fn derive_sql_enum(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    emit(parse::sql_enum(&input).map(|sql_enum| expand::sql_enum(&sql_enum)))
}

#[doc = include_str!("docs/sql_newtype.md")]
#[proc_macro_derive(SqlNewtype, attributes(sql_newtype))]
pub fn derive_sql_newtype(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    emit(parse::newtype(&input).map(|newtype| expand::newtype(&newtype)))
}

#[doc = include_str!("docs/hybrid.md")]
#[proc_macro_attribute]
pub fn hybrid(attribute: TokenStream, item: TokenStream) -> TokenStream {
    hybrid::hybrid(attribute.into(), item.into()).into()
}

/// The output, or all mistakes as compile errors where they were made.
fn emit(output: Result<proc_macro2::TokenStream>) -> TokenStream {
    output.unwrap_or_else(|errors| errors.write_errors()).into()
}

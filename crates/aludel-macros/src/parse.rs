//! From syntax to model.
//!
//! For each derive a file holds the attributes as `darling` reads them (the `…Args` structs, one field an attribute) and
//! the step from those to the checked model. All mistakes of one input are reported together.

mod column;
mod composite;
mod composite_struct;
mod constant;
mod constraint;
mod entity;
mod kinds;
mod newtype;
mod reference;
mod relation;
mod row;
mod sql_enum;
mod value;

#[cfg(test)]
mod tests;

pub(crate) use composite_struct::composite_struct;
pub(crate) use constant::constant_name;
pub(crate) use entity::entity;
pub(crate) use kinds::kinds;
pub(crate) use newtype::newtype;
pub(crate) use row::row;
pub(crate) use sql_enum::sql_enum;

use darling::{Error, Result};
use syn::Generics;
use syn::spanned::Spanned;

/// Refuses type parameters and lifetimes.
fn not_generic(generics: &Generics, what: &str) -> Result<()> {
    match generics.params.first() {
        None => Ok(()),
        Some(first) => Err(Error::custom(what).with_span(&first.span())),
    }
}

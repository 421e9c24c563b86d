//! `#[derive(SqlNewtype)]`

use darling::ast::Data;
use darling::util::Ignored;
use darling::{Error, FromDeriveInput, FromField, Result};
use syn::{DeriveInput, Ident, Type};

use super::not_generic;
use super::value::Written;
use crate::model::Newtype;
use crate::rust_type;

/// `#[sql_newtype(…)]` on the struct.
#[derive(FromDeriveInput)]
#[darling(attributes(sql_newtype))]
struct NewtypeArgs {
    ident: Ident,
    data: Data<Ignored, InnerField>,
    sql_type: Option<Written>,
}

#[derive(FromField)]
struct InnerField {
    ident: Option<Ident>,
    ty: Type,
}

pub(crate) fn newtype(input: &DeriveInput) -> Result<Newtype> {
    not_generic(&input.generics, "a newtype of a column can't have type parameters or lifetimes")?;
    let shape = || Error::custom("a newtype is a struct with one field: `struct UserId(i64);`").with_span(&input.ident);
    if !matches!(input.data, syn::Data::Struct(_)) {
        return Err(shape());
    }
    let NewtypeArgs { ident, data, sql_type } = NewtypeArgs::from_derive_input(input)?;
    let mut fields = data.take_struct().map(|fields| fields.fields).unwrap_or_default().into_iter();
    let (Some(field), None) = (fields.next(), fields.next()) else {
        return Err(shape());
    };
    if rust_type::in_option(&field.ty).is_some() {
        let message = format!("put the `Option` around the newtype instead: `Option<{ident}>`");
        return Err(Error::custom(message).with_span(&field.ty));
    }
    Ok(Newtype { ident, field: field.ident, ty: field.ty, sql_type: sql_type.map(|written| written.0) })
}

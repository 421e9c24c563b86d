//! How a field is set.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Ident, Type, Visibility};

use super::columns;
use crate::expand::place;
use crate::model::{Column, Composite, Entity, Field};
use crate::rust_type;

pub(super) struct Setter<'a> {
    pub(super) doc: TokenStream,
    pub(super) vis: &'a Visibility,
    pub(super) name: &'a Ident,
    pub(super) generics: Option<TokenStream>,
    pub(super) parameter: TokenStream,
    /// Puts `value` into `self.values`.
    pub(super) assign: TokenStream,
}

impl<'a> Setter<'a> {
    pub(super) fn of(entity: &'a Entity, field: Field<'a>) -> Self {
        match field {
            Field::Column(_, column) => Self::of_column(column),
            Field::Composite(composite) => Self::of_composite(entity, composite),
        }
    }

    fn of_column(column: &'a Column) -> Self {
        let Column { vis, field: name, ty, .. } = column;
        let doc = format!("Sets the column `{}`.", column.name);
        let (generics, parameter, value) = match &column.optional {
            None if rust_type::is_exact(ty) => (None, quote!(#ty), quote!(value)),
            None => (None, into(ty), quote!(value.into_field())),
            Some(inner) if rust_type::is_exact(inner) => (None, into(ty), quote!(value.into_field())),
            Some(inner) => nullable(inner),
        };
        let assign = quote!(self.values.#name = __a::Some(#value););
        Self { doc: quote!(#[doc = #doc]), vis, name, generics, parameter, assign }
    }

    /// One value, several columns.
    fn of_composite(entity: &'a Entity, composite: &'a Composite) -> Self {
        let Composite { vis, field: name, ty, optional, .. } = composite;
        let doc = format!("Sets the columns of `{name}`.");
        let (generics, parameter, value) =
            if *optional { nullable(ty) } else { (None, into(ty), quote!(value.into_field())) };
        let columns = columns(entity, Field::Composite(composite));
        let slots = columns.filter(|(_, column)| column.is_settable()).filter_map(|(_, column)| {
            let Column { field, part, .. } = column;
            let part = place::part_of(composite, (*part)?, &quote!(value));
            Some(quote!(self.values.#field = __a::Some(#part);))
        });
        let assign = quote!(let value = #value; #(#slots)*);
        Self { doc: quote!(#[doc = #doc]), vis, name, generics, parameter, assign }
    }
}

fn nullable(inner: &Type) -> (Option<TokenStream>, TokenStream, TokenStream) {
    (Some(quote!(<M>)), quote!(impl __a::IntoNullable<#inner, M>), quote!(value.into_nullable()))
}

fn into(ty: &Type) -> TokenStream {
    quote!(impl __a::IntoField<#ty>)
}

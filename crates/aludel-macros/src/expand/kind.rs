//! The column that says of which kind a row is: its field holds what the kind has in a table of its own.
//!
//! That its type is one of kinds is said once, where [`kinded`] names it; everything else goes by the entity.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::Ident;
use syn::spanned::Spanned;

use super::number;
use crate::model::{Column, Entity};

fn column(entity: &Entity) -> Option<(usize, &Column)> {
    let at = entity.kind?;
    Some((at, entity.columns.get(at)?))
}

/// What the mapper knows of the kinds.
pub(super) fn mapper(entity: &Entity) -> Option<TokenStream> {
    let ident = &entity.ident;
    let (at, _) = column(entity)?;
    let at = number(at);
    Some(quote!(.kinds::<<#ident as __a::Kinded>::Kinds>(#at)))
}

/// Lets the kinds find their column.
pub(super) fn kinded(entity: &Entity) -> Option<TokenStream> {
    let ident = &entity.ident;
    let (_, Column { ty, constant, .. }) = column(entity)?;
    let kinds = quote_spanned!(ty.span()=> type Kinds = #ty;);
    Some(quote! {
        #[automatically_derived]
        impl __a::Kinded for #ident {
            #kinds
            fn kind_column() -> __a::Column<Self, #ty> {
                Self::#constant
            }
        }
    })
}

/// The kind alone.
pub(super) fn snapshot(field: &Ident) -> TokenStream {
    quote!(#field: __a::kind_alone::<Self>(&self.#field))
}

/// As [`snapshot`], of another object in this one's place.
pub(super) fn snapshot_from(field: &Ident) -> TokenStream {
    quote!(self.#field = __a::kind_alone::<Self>(&other.#field))
}

/// Sets the kind from a row's cell; what is loaded stays where the kind does.
pub(super) fn set(column: &Column) -> TokenStream {
    let field = &column.field;
    quote!(__a::set_kind::<Self>(&mut self.#field, row, at)?)
}

/// Arms and statements that hand on to the kind's own fields.
pub(super) struct Delegates {
    pub(super) field: Option<TokenStream>,
    pub(super) field_mut: Option<TokenStream>,
    pub(super) swap: Option<TokenStream>,
}

pub(super) fn delegates(entity: &Entity) -> Delegates {
    let Some((_, Column { field, .. })) = column(entity) else {
        return Delegates { field: None, field_mut: None, swap: None };
    };
    Delegates {
        field: Some(quote!(__a::KIND.. => __a::kind_field::<Self>(&self.#field, index),)),
        field_mut: Some(quote!(__a::KIND.. => __a::kind_field_mut::<Self>(&mut self.#field, index),)),
        swap: Some(quote!(__a::swap_kinds::<Self>(&mut self.#field, &mut other.#field);)),
    }
}

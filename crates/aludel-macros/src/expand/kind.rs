//! The column that says of which kind a row is: its field holds what the kind has in a table of its own.

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
    let (at, Column { ty, .. }) = column(entity)?;
    let at = number(at);
    Some(quote!(.kinds::<#ty>(#at)))
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
    quote!(#field: __a::Kinds::unloaded(&self.#field))
}

/// Sets the kind from a row's cell; what is loaded stays where the kind does.
pub(super) fn set(column: &Column) -> TokenStream {
    let field = &column.field;
    quote!(__a::set_kind(&mut self.#field, row, at)?)
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
        field: Some(quote!(__a::KIND.. => __a::Kinds::field(&self.#field, index - __a::KIND),)),
        field_mut: Some(quote!(__a::KIND.. => __a::Kinds::field_mut(&mut self.#field, index - __a::KIND),)),
        swap: Some(quote!(__a::Kinds::swap_fields(&mut self.#field, &mut other.#field);)),
    }
}

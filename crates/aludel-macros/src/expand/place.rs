//! Where in the struct a column's value is.
//!
//! What is said of a composite's type goes through two functions for each, so that a mistake in the types is one message and
//! not one for each use.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::Ident;
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::number;
use crate::model::{Column, Composite, Entity, Part};
use crate::rust_type;

/// The functions that make composites of their parts, and parts of them.
pub(super) fn functions(entity: &Entity) -> TokenStream {
    let each = entity.composites.iter().map(|composite| {
        let Composite { ty, parts, .. } = composite;
        let (compose, decompose) = names(composite);
        let make = quote_spanned!(ty.span()=> <#ty as __a::Composite>::compose_from(parts, from));
        let take = quote_spanned!(ty.span()=> <#ty as __a::Composite>::decompose(whole));
        quote! {
            #[inline]
            fn #compose(parts: (#(#parts,)*), from: __a::PartsFrom) -> __a::Result<#ty, __a::Fault> { #make }
            #[inline]
            fn #decompose(whole: &#ty) -> (#(#parts,)*) { #take }
        }
    });
    quote!(#(#each)*)
}

fn names(composite: &Composite) -> (Ident, Ident) {
    let field = composite.field.unraw();
    (format_ident!("__compose_{field}"), format_ident!("__decompose_{field}"))
}

/// A reference to the value of a column, of an entity called `receiver`.
pub(super) fn read(entity: &Entity, column: &Column, receiver: &TokenStream) -> TokenStream {
    let Column { field, part, .. } = column;
    match part {
        None => quote!(&#receiver.#field),
        Some(part) => {
            let composite = &entity.composites[part.composite];
            let whole = &composite.field;
            let value = part_of(composite, *part, &quote!(#receiver.#whole));
            quote!(&#value)
        }
    }
}

/// The value of a column, taken out of a composite.
pub(super) fn part_of(composite: &Composite, part: Part, whole: &TokenStream) -> TokenStream {
    let index = number(part.index);
    let (_, decompose) = names(composite);
    match composite.optional {
        false => quote!(#decompose(&#whole).#index),
        true if rust_type::in_option(&composite.parts[part.index]).is_some() => {
            quote!(#whole.as_ref().and_then(|whole| #decompose(whole).#index))
        }
        true => quote!(#whole.as_ref().map(|whole| #decompose(whole).#index)),
    }
}

/// A composite of the values that a program has given for its parts.
pub(super) fn whole(composite: &Composite, values: impl Iterator<Item = TokenStream>) -> TokenStream {
    let (compose, _) = names(composite);
    quote!(__a::composed(#compose((#(#values,)*), __a::PartsFrom::Program)))
}

/// Reads a composite from a row in which its columns begin at a position.
pub(super) fn compose(entity: &Entity, composite: &Composite) -> TokenStream {
    let positions: Vec<_> = composite.columns(entity).map(|(at, _)| number(at)).collect();
    let parts = composite.parts.iter().zip(&positions);
    let parts = parts.map(|(part, at)| quote!(__a::field::<#part>(row, start + #at)?));
    let (compose, _) = names(composite);
    let first = number(composite.first);
    let whole = quote!(__a::read_composite(#compose((#(#parts,)*), __a::PartsFrom::Row), start + #first)?);
    if !composite.optional {
        return whole;
    }
    quote! {
        if #(row.is_null(start + #positions))&&* {
            __a::None
        } else {
            __a::Some(#whole)
        }
    }
}

/// Sets a column from a row's cell.
pub(super) fn set(entity: &Entity, column: &Column) -> TokenStream {
    let Column { field, ty, part, .. } = column;
    let Some(part) = part else {
        return quote!(self.#field = __a::field::<#ty>(row, at)?);
    };
    let composite = &entity.composites[part.composite];
    let Composite { field, parts, .. } = composite;
    let (compose, decompose) = names(composite);
    let index = number(part.index);
    let functions = quote!((#compose, #decompose));
    let assign = quote!(|parts, value| parts.#index = value);
    if !composite.optional {
        return quote!(__a::set_part(&mut self.#field, #functions, #index, row, at, #assign)?);
    }
    let blanks = quote!(|| __a::Ok((#(__a::blank::<#parts>()?,)*)));
    match rust_type::in_option(&parts[part.index]) {
        None => quote!(__a::set_required_part(&mut self.#field, #functions, #index, row, at, #blanks, #assign)?),
        Some(_) => quote!(__a::set_optional_part(&mut self.#field, #functions, #index, row, at, #blanks, #assign)?),
    }
}

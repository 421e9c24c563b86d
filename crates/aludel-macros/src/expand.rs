//! From model to tokens.
//!
//! What a derive emits stands in one `const _`, so that its helpers can't meet the program's names, and speaks of Aludel
//! through `__a`, which is `::aludel::__private`. It is kept small: whatever does not depend on the input is a function
//! there.

mod builder;
mod composite;
mod constants;
mod entity;
mod kind;
mod kinds;
mod mapped;
mod newtype;
mod place;
mod relation;
mod row;
mod rows;
mod sql_enum;
mod table;

#[cfg(test)]
mod tests;

pub(crate) use composite::composite;
pub(crate) use entity::entity;
pub(crate) use kinds::kinds;
pub(crate) use newtype::newtype;
pub(crate) use row::row;
pub(crate) use sql_enum::sql_enum;

use proc_macro2::{Literal, TokenStream};
use quote::quote;

/// Puts the output of a derive where it disturbs nothing.
fn enclose(items: &TokenStream) -> TokenStream {
    quote! {
        #[doc(hidden)]
        #[allow(
            clippy::all, clippy::pedantic, dead_code, missing_docs, missing_debug_implementations,
            non_snake_case, unreachable_pub, unused_variables
        )]
        const _: () = {
            use ::aludel::__private as __a;
            #items
        };
    }
}

/// A number without a type.
fn number(number: usize) -> Literal {
    Literal::usize_unsuffixed(number)
}

/// `Some(…)` or `None`, of a name.
fn optional_name(name: Option<&String>) -> TokenStream {
    match name {
        Some(name) => quote!(__a::Some(__a::name(#name))),
        None => quote!(__a::None),
    }
}

/// `Held::Static(&[…])`
fn held(items: impl IntoIterator<Item = TokenStream>) -> TokenStream {
    let items = items.into_iter();
    quote!(__a::Held::Static(&[#(#items),*]))
}

/// Positions, held.
fn positions(positions: &[usize]) -> TokenStream {
    held(positions.iter().map(|position| {
        let position = number(*position);
        quote!(#position)
    }))
}

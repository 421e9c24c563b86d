//! Kinds that are entities of their own: rows of all of them by one query, in a session an enum of their keys.

use heck::ToSnakeCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt;
use syn::{Ident, Type};

use super::labels;
use crate::model::{Kind, Kinds};

/// The enum of keys, which stands where the enum of kinds does: a program names it.
pub(super) fn keys(kinds: &Kinds, keys: &Ident, all: &[Kind<Type>]) -> TokenStream {
    let vis = &kinds.vis;
    let doc = format!("An object of a session of one of the kinds of [`{}`].", kinds.ident.unraw());
    let variants = all.iter().map(|Kind { ident, docs, label, data: entity }| {
        let plain = format!("Of the kind `{label}`.");
        let docs = if docs.is_empty() { quote!(#[doc = #plain]) } else { quote!(#(#docs)*) };
        quote!(#docs #ident(::aludel::__private::Key<#entity>))
    });
    quote! {
        #[doc = #doc]
        #[derive(
            ::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug, ::core::cmp::PartialEq, ::core::cmp::Eq,
            ::core::hash::Hash,
        )]
        #vis enum #keys { #(#variants,)* }
    }
}

pub(super) fn concrete(kinds: &Kinds, keys: &Ident, all: &[Kind<Type>]) -> TokenStream {
    let labels = labels(kinds, "", all);
    let columns = columns(kinds, all);
    let rows = rows(kinds, keys, all);
    let functions = functions(kinds);
    quote!(#labels #columns #rows #functions)
}

/// Where in the columns of all kinds together those of one kind are.
fn places(at: usize) -> Ident {
    format_ident!("__PLACES_{at}")
}

fn columns(kinds: &Kinds, all: &[Kind<Type>]) -> TokenStream {
    let ident = &kinds.ident;
    let name = ident.unraw().to_string().to_snake_case();
    let labels: Vec<_> = all.iter().map(|kind| &kind.label).collect();
    let entities: Vec<_> = all.iter().map(|kind| &kind.data).collect();
    let idents = all.iter().map(|kind| &kind.ident);
    let places = (0..all.len()).map(places);
    quote! {
        const __NAMES: &[&[&str]] = &[#(<#entities as __a::FromRow>::NAMES),*];
        const __COLUMNS: [&str; __a::distinct(__NAMES)] = __a::distinct_names(__NAMES);
        #(
            const #places: [u16; <#entities as __a::FromRow>::WIDTH] =
                __a::places(&__COLUMNS, <#entities as __a::FromRow>::NAMES);
        )*
        #[automatically_derived]
        impl __a::ConcreteKinds for #ident {
            const NAME: &'static str = #name;
            const COLUMNS: &'static [&'static str] = &__COLUMNS;
            fn tables() -> __a::Vec<(&'static str, &'static __a::Mapper)> {
                __a::Vec::from([#((#labels, <#entities as __a::Mapped>::mapper())),*])
            }
        }
        #(
            #[automatically_derived]
            impl __a::KindOf<#ident> for #entities {
                const LABEL: &'static str = #labels;
            }
            #[automatically_derived]
            impl __a::From<#entities> for #ident {
                fn from(value: #entities) -> Self {
                    Self::#idents(value)
                }
            }
        )*
    }
}

/// How a row is read: its label says which of its columns count.
fn rows(kinds: &Kinds, keys: &Ident, all: &[Kind<Type>]) -> TokenStream {
    let ident = &kinds.ident;
    let type_name = ident.unraw().to_string();
    let labels: Vec<_> = all.iter().map(|kind| &kind.label).collect();
    let idents: Vec<_> = all.iter().map(|kind| &kind.ident).collect();
    let entities: Vec<_> = all.iter().map(|kind| &kind.data).collect();
    let places: Vec<_> = (0..all.len()).map(places).collect();
    let unknown = quote!(other => __a::Err(__a::unknown_label(#type_name, other, &__TYPE).at(start)));
    quote! {
        #[automatically_derived]
        impl __a::FromRow for #ident {
            const WIDTH: usize = 1 + __COLUMNS.len();
            fn from_row(row: &dyn __a::RowRef, start: usize) -> __a::Result<Self, __a::Fault> {
                match row.text(start).map_err(|fault| fault.at(start))? {
                    #(#labels => __a::Ok(Self::#idents(__a::read_kind::<#entities>(row, start, &#places)?)),)*
                    #unknown,
                }
            }
        }
        #[automatically_derived]
        impl __a::SessionRow for #ident {
            type Loaded = #keys;
            fn load(
                row: &dyn __a::RowRef,
                start: usize,
                into: &mut __a::Loading<'_>,
            ) -> __a::Result<#keys, __a::Fault> {
                match row.text(start).map_err(|fault| fault.at(start))? {
                    #(#labels => __a::Ok(#keys::#idents(__a::load_kind::<#entities>(row, start, &#places, into)?)),)*
                    #unknown,
                }
            }
            fn adopt(self, into: &mut __a::Loading<'_>) -> #keys {
                match self {
                    #(Self::#idents(value) => #keys::#idents(<#entities as __a::SessionRow>::adopt(value, into)),)*
                }
            }
            fn own(loaded: #keys, arena: &__a::Arena) -> __a::Option<Self> {
                match loaded {
                    #(#keys::#idents(key) => <#entities as __a::SessionRow>::own(key, arena).map(Self::#idents),)*
                }
            }
            fn entity_keys(loaded: &#keys, entity: __a::TypeId, keys: &mut __a::Vec<__a::RawKey>) {
                match loaded {
                    #(#keys::#idents(key) => <#entities as __a::SessionRow>::entity_keys(key, entity, keys),)*
                }
            }
        }
    }
}

fn functions(kinds: &Kinds) -> TokenStream {
    let Kinds { ident, vis, .. } = kinds;
    quote! {
        #[automatically_derived]
        impl #ident {
            /// The rows of all kinds, to read from.
            #[must_use]
            #vis fn union() -> __a::KindUnion<Self> {
                __a::KindUnion::new()
            }
            /// A query of the rows of all kinds, in one statement.
            #[must_use]
            #vis fn select() -> __a::Select<Self> {
                Self::union().select()
            }
        }
    }
}

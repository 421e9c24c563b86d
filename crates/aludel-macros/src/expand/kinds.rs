//! `#[derive(Kinds)]`

mod concrete;
mod joined;
mod single;

use heck::{ToShoutySnakeCase, ToSnakeCase};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;
use syn::ext::IdentExt;

use super::enclose;
use crate::model::{Kind, Kinds, KindsShape};

pub(crate) fn kinds(kinds: &Kinds) -> TokenStream {
    match &kinds.shape {
        KindsShape::Joined { base, name, kinds: all } => {
            enclose(&joined::joined(kinds, &joined::Hierarchy { base, name, kinds: all }))
        }
        KindsShape::Single { kinds: all, columns } => enclose(&single::single(kinds, all, columns)),
        KindsShape::Concrete { keys, kinds: all } => {
            let definition = concrete::keys(kinds, keys, all);
            let items = enclose(&concrete::concrete(kinds, keys, all));
            quote!(#definition #items)
        }
    }
}

/// The variants' names in small letters, as functions have them: `is_engineer`.
fn function<T>(kind: &Kind<T>, prefix: &str) -> Ident {
    let plain = kind.ident.unraw().to_string().to_snake_case();
    if prefix.is_empty() {
        return syn::parse_str(&plain).map_or_else(
            |_| Ident::new_raw(&plain, kind.ident.span()),
            |ident: Ident| Ident::new(&ident.to_string(), kind.ident.span()),
        );
    }
    format_ident!("{prefix}_{plain}", span = kind.ident.span())
}

/// The variants' names in capitals, as constants have them: `ENGINEER`.
fn constant<T>(kind: &Kind<T>, suffix: &str) -> Ident {
    format_ident!("{}{suffix}", kind.ident.unraw().to_string().to_shouty_snake_case(), span = kind.ident.span())
}

/// The labels: the `static` type that lists them, a constant for each, and the function that tells a value's.
fn labels<T>(kinds: &Kinds, name: &str, all: &[Kind<T>]) -> TokenStream {
    let Kinds { ident, vis, .. } = kinds;
    let labels: Vec<_> = all.iter().map(|kind| &kind.label).collect();
    let idents: Vec<_> = all.iter().map(|kind| &kind.ident).collect();
    let constants: Vec<_> = all.iter().map(|kind| constant(kind, "_LABEL")).collect();
    let docs = all.iter().map(|kind| format!("The label of [`{}`](Self::{}).", kind.ident.unraw(), kind.ident.unraw()));
    quote! {
        static __TYPE: __a::EnumType = __a::EnumType {
            name: __a::Held::Static(#name),
            labels: __a::Held::Static(&[#(__a::Held::Static(#labels)),*]),
        };
        #[automatically_derived]
        impl #ident {
            #(
                #[doc = #docs]
                #vis const #constants: &'static str = #labels;
            )*
            /// The kind's label in the database.
            #[must_use]
            #vis const fn label(&self) -> &'static str {
                match self {
                    #(Self::#idents { .. } => Self::#constants,)*
                }
            }
        }
    }
}

//! Kinds in one table: a composite of the label and of the columns that some of the kinds have.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt;

use super::{function, labels};
use crate::expand::number;
use crate::model::{Kind, KindColumn, KindField, Kinds};

pub(super) fn single(kinds: &Kinds, all: &[Kind<Vec<KindField>>], columns: &[KindColumn]) -> TokenStream {
    let labels = labels(kinds, "", all);
    let composite = composite(kinds, all, columns);
    let conditions = conditions(kinds, all);
    quote!(#labels #composite #conditions)
}

fn composite(kinds: &Kinds, all: &[Kind<Vec<KindField>>], columns: &[KindColumn]) -> TokenStream {
    let ident = &kinds.ident;
    let name = ident.unraw().to_string();
    let types = columns.iter().map(|column| &column.ty);
    let parts: Vec<_> = columns.iter().map(|column| format_ident!("part_{}", column.name.unraw())).collect();
    let labels: Vec<_> = all.iter().map(|kind| &kind.label).collect();
    let first = labels.first();
    let made = all.iter().map(|kind| {
        let variant = &kind.ident;
        let fields = kind.data.iter().map(|KindField { ident: field, column, optional }| {
            let part = &parts[*column];
            if *optional {
                return quote!(#field: #part);
            }
            let (at, place) = (number(column + 1), format!("{name}::{}.{}", variant.unraw(), field.unraw()));
            quote!(#field: __a::kind_part(#part, is_strict, #at, #place)?)
        });
        quote!(#ident::#variant { #(#fields),* })
    });
    let taken = all.iter().map(|kind| {
        let (variant, label) = (&kind.ident, &kind.label);
        let fields: Vec<_> = kind.data.iter().map(|field| &field.ident).collect();
        let values =
            columns.iter().enumerate().map(|(at, _)| match kind.data.iter().find(|field| field.column == at) {
                None => quote!(__a::None),
                Some(KindField { ident: field, optional: true, .. }) => quote!(__a::Clone::clone(#field)),
                Some(KindField { ident: field, .. }) => quote!(__a::Some(__a::Clone::clone(#field))),
            });
        quote!(Self::#variant { #(#fields),* } => (__a::String::from(#label), #(#values,)*))
    });
    quote! {
        fn __make(
            (label, #(#parts,)*): <#ident as __a::Composite>::Parts,
            is_strict: bool,
        ) -> __a::Result<#ident, __a::Fault> {
            __a::Ok(match &*label {
                #(#labels => #made,)*
                other => return __a::Err(__a::unknown_label(#name, other, &__TYPE).at(0)),
            })
        }
        #[automatically_derived]
        impl __a::Composite for #ident {
            type Parts = (__a::String, #(__a::Option<#types>,)*);
            fn compose(mut parts: Self::Parts) -> Self {
                // Nothing was said yet.
                if parts.0.is_empty() {
                    parts.0.push_str(#first);
                }
                __a::composed(__make(parts, false))
            }
            fn try_compose(parts: Self::Parts) -> __a::Result<Self, __a::Fault> {
                __make(parts, true)
            }
            fn recompose(parts: Self::Parts, changed: usize) -> __a::Result<Self, __a::Fault> {
                // With another label the fields follow, one by one.
                __make(parts, changed != 0)
            }
            fn decompose(&self) -> Self::Parts {
                match self {
                    #(#taken,)*
                }
            }
        }
    }
}

fn conditions(kinds: &Kinds, all: &[Kind<Vec<KindField>>]) -> TokenStream {
    let Kinds { ident, vis, .. } = kinds;
    let conditions = all.iter().map(|kind| {
        let (name, label) = (function(kind, "is"), &kind.label);
        let doc = format!("Whether a row is of the kind `{label}`, by the column of the label.");
        quote! {
            #[doc = #doc]
            #[must_use]
            #vis fn #name(label: impl __a::Expression<Sql: __a::SqlTyped<Base = __a::String>>) -> __a::Expr<bool> {
                label.eq(#label)
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl #ident {
            #(#conditions)*
        }
    }
}

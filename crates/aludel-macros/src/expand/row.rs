//! `#[derive(FromRow)]`

use proc_macro2::TokenStream;
use quote::quote;

use super::{enclose, number};
use crate::model::{Row, RowField, RowSource};

pub(crate) fn row(row: &Row) -> TokenStream {
    let Row { ident, fields, .. } = row;
    let width = width(fields);
    let names = names(row);
    // A constant that nobody reads is not checked.
    let check = names.is_some().then(|| quote!(const _: &[&str] = <#ident as __a::FromRow>::NAMES;));
    // Where a field's columns begin: a number, until a nested row makes it a sum.
    let mut before: Vec<&RowField> = Vec::new();
    let mut reads = Vec::new();
    for (index, field) in fields.iter().enumerate() {
        let RowField { ident, ty, source } = field;
        let member = match ident {
            Some(ident) => quote!(#ident),
            None => {
                let index = number(index);
                quote!(#index)
            }
        };
        let at = width_of(&before);
        reads.push(match source {
            RowSource::Skipped => quote!(#member: __a::Default::default()),
            RowSource::Column(_) | RowSource::Nested => {
                quote!(#member: <#ty as __a::FromRow>::from_row(row, start + #at)?)
            }
        });
        before.push(field);
    }
    enclose(&quote! {
        #[automatically_derived]
        impl __a::FromRow for #ident {
            const WIDTH: usize = #width;
            #names
            #[inline]
            fn from_row(row: &dyn __a::RowRef, start: usize) -> __a::Result<Self, __a::Fault> {
                __a::Ok(Self { #(#reads,)* })
            }
        }
        #check
        __a::session_value!(#ident);
    })
}

fn width(fields: &[RowField]) -> TokenStream {
    width_of(&fields.iter().collect::<Vec<_>>())
}

/// How many columns the fields take together.
fn width_of(fields: &[&RowField]) -> TokenStream {
    let columns = number(fields.iter().filter(|field| matches!(field.source, RowSource::Column(_))).count());
    let nested = fields.iter().filter(|field| matches!(field.source, RowSource::Nested)).map(|field| &field.ty);
    quote!((#columns #(+ <#nested as __a::FromRow>::WIDTH)*))
}

/// The names, which a tuple struct has none of. A field with a name takes one column.
fn names(row: &Row) -> Option<TokenStream> {
    let names = row.fields.iter().filter_map(|RowField { ty, source, .. }| match source {
        RowSource::Column(name) => Some(quote!(&[#name])),
        RowSource::Nested => Some(quote!(<#ty as __a::FromRow>::NAMES)),
        RowSource::Skipped => None,
    });
    if !row.named {
        return None;
    }
    let single = row.fields.iter().filter(|field| matches!(field.source, RowSource::Column(_))).map(|field| &field.ty);
    Some(quote! {
        const NAMES: &'static [&'static str] = {
            #(__a::one_column::<#single>();)*
            &__a::names::<{ <Self as __a::FromRow>::WIDTH }>(&[#(#names),*])
        };
    })
}

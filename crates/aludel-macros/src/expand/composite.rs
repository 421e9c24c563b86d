//! `#[derive(Composite)]`

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::enclose;
use crate::model::CompositeStruct;

pub(crate) fn composite(composite: &CompositeStruct) -> TokenStream {
    let CompositeStruct { ident, fields } = composite;
    let members: Vec<_> = fields.iter().map(|(member, _)| member).collect();
    let types: Vec<_> = fields.iter().map(|(_, ty)| ty).collect();
    let parts: Vec<_> = (0..fields.len()).map(|index| format_ident!("part_{index}")).collect();
    enclose(&quote! {
        #[automatically_derived]
        impl __a::Composite for #ident {
            type Parts = (#(#types,)*);
            #[inline]
            fn compose((#(#parts,)*): Self::Parts) -> Self {
                Self { #(#members: #parts,)* }
            }
            #[inline]
            fn decompose(&self) -> Self::Parts {
                (#(<#types as __a::Clone>::clone(&self.#members),)*)
            }
        }
    })
}

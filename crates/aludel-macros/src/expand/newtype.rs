//! `#[derive(SqlNewtype)]`

use proc_macro2::TokenStream;
use quote::quote;

use super::enclose;
use crate::model::Newtype;

pub(crate) fn newtype(newtype: &Newtype) -> TokenStream {
    let Newtype { ident, field, ty, sql_type } = newtype;
    let member = field.as_ref().map_or_else(|| quote!(0), |field| quote!(#field));
    let sql_type =
        sql_type.as_ref().map_or_else(|| quote!(<#ty as __a::SqlTyped>::SQL_TYPE), |written| quote!(#written));
    enclose(&quote! {
        __a::scalar!(#ident, #sql_type, <#ty as __a::SqlTyped>::CACHE);
        #[automatically_derived]
        impl __a::Encode for #ident {
            #[inline]
            fn encode(&self, sink: &mut dyn __a::ParamSink) -> __a::Result<(), __a::Fault> {
                <#ty as __a::Encode>::encode(&self.#member, sink)
            }
            fn to_value(&self) -> __a::Value {
                <#ty as __a::Encode>::to_value(&self.#member)
            }
            fn into_value(self) -> __a::Value {
                <#ty as __a::Encode>::into_value(self.#member)
            }
        }
        #[automatically_derived]
        impl __a::Decode for #ident {
            #[inline]
            fn decode(row: &dyn __a::RowRef, index: usize) -> __a::Result<Self, __a::Fault> {
                __a::Ok(Self { #member: <#ty as __a::Decode>::decode(row, index)? })
            }
            fn blank() -> __a::Option<Self> {
                __a::Some(Self { #member: <#ty as __a::Decode>::blank()? })
            }
        }
        __a::session_value!(#ident);
    })
}

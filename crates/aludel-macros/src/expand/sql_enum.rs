//! `#[derive(SqlEnum)]`

use proc_macro2::TokenStream;
use quote::quote;

use super::enclose;
use crate::model::{SqlEnum, Storage, Variant};

pub(crate) fn sql_enum(sql_enum: &SqlEnum) -> TokenStream {
    match sql_enum.storage {
        Storage::Text => text(sql_enum),
        Storage::Integer(bits) => integer(sql_enum, bits),
    }
}

fn text(sql_enum: &SqlEnum) -> TokenStream {
    let SqlEnum { ident, name, variants, .. } = sql_enum;
    let labels: Vec<_> = variants.iter().map(|variant| &variant.label).collect();
    let idents: Vec<_> = variants.iter().map(|variant| &variant.ident).collect();
    let type_name = ident.to_string();
    let first = blank(variants);
    enclose(&quote! {
        static __TYPE: __a::EnumType = __a::EnumType {
            name: __a::Held::Static(#name),
            labels: __a::Held::Static(&[#(__a::Held::Static(#labels)),*]),
        };
        const fn __label(value: &#ident) -> &'static str {
            match value {
                #(#ident::#idents => #labels,)*
            }
        }
        __a::scalar!(#ident, __a::SqlType::Enum(__a::Held::Static(&__TYPE)));
        #[automatically_derived]
        impl __a::Encode for #ident {
            fn encode(&self, sink: &mut dyn __a::ParamSink) -> __a::Result<(), __a::Fault> {
                sink.text(__label(self))
            }
            fn to_value(&self) -> __a::Value {
                __a::Value::Text(__a::CompactString::const_new(__label(self)))
            }
        }
        #[automatically_derived]
        impl __a::Decode for #ident {
            fn decode(row: &dyn __a::RowRef, index: usize) -> __a::Result<Self, __a::Fault> {
                match row.text(index)? {
                    #(#labels => __a::Ok(Self::#idents),)*
                    other => __a::or_absent(row, index, || __a::unknown_label(#type_name, other, &__TYPE)),
                }
            }
            fn blank() -> __a::Option<Self> {
                #first
            }
        }
        __a::session_value!(#ident);
    })
}

fn integer(sql_enum: &SqlEnum, bits: u8) -> TokenStream {
    let SqlEnum { ident, variants, .. } = sql_enum;
    let idents: Vec<_> = variants.iter().map(|Variant { ident, .. }| ident).collect();
    let type_name = ident.to_string();
    let first = blank(variants);
    let sql_type = match bits {
        16 => quote!(SmallInt),
        32 => quote!(Integer),
        _ => quote!(BigInt),
    };
    enclose(&quote! {
        const fn __number(value: &#ident) -> i64 {
            match value {
                #(#ident::#idents => #ident::#idents as i64,)*
            }
        }
        __a::scalar!(#ident, __a::SqlType::#sql_type);
        #[automatically_derived]
        impl __a::Encode for #ident {
            fn encode(&self, sink: &mut dyn __a::ParamSink) -> __a::Result<(), __a::Fault> {
                sink.int(__number(self))
            }
            fn to_value(&self) -> __a::Value {
                __a::Value::Int(__number(self))
            }
        }
        #[automatically_derived]
        impl __a::Decode for #ident {
            fn decode(row: &dyn __a::RowRef, index: usize) -> __a::Result<Self, __a::Fault> {
                match row.int(index)? {
                    #(number if number == Self::#idents as i64 => __a::Ok(Self::#idents),)*
                    other => __a::or_absent(row, index, || {
                        __a::unknown_number(#type_name, other, &[#(Self::#idents as i64),*])
                    }),
                }
            }
            fn blank() -> __a::Option<Self> {
                #first
            }
        }
        __a::session_value!(#ident);
    })
}

/// What stands in a field before the database or a session has set it: the first variant.
fn blank(variants: &[Variant]) -> TokenStream {
    match variants.first() {
        Some(Variant { ident, .. }) => quote!(__a::Some(Self::#ident)),
        None => quote!(__a::None),
    }
}

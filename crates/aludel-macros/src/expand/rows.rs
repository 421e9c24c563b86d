//! How an entity is read from a row and written as one, by the positions of its columns.

use proc_macro2::TokenStream;
use quote::quote;

use super::{number, place};
use crate::model::{Column, Composite, Entity, Field};

pub(super) fn rows(entity: &Entity) -> TokenStream {
    let from_row = from_row(entity);
    let encode_row = encode_row(entity);
    let new_row = new_row(entity);
    quote!(#from_row #encode_row #new_row)
}

fn from_row(entity: &Entity) -> TokenStream {
    let Entity { ident, columns, skipped, relations, .. } = entity;
    let relations = relations.iter().map(|relation| &relation.field);
    let width = number(columns.len());
    let names = columns.iter().map(|column| &column.name);
    let fields = entity.fields().map(|field| match field {
        Field::Column(at, Column { field, ty, .. }) => {
            let at = number(at);
            quote!(#field: __a::field::<#ty>(row, start + #at)?)
        }
        Field::Composite(composite) => {
            let Composite { field, .. } = composite;
            let value = place::compose(entity, composite);
            quote!(#field: #value)
        }
    });
    // A row that is there has a key, which makes one look enough.
    let optional = entity.primary_key.first().map(|key| {
        let key = number(*key);
        quote! {
            #[inline]
            fn from_row_optional(row: &dyn __a::RowRef, start: usize) -> __a::Result<__a::Option<Self>, __a::Fault> {
                if row.is_null(start + #key) {
                    return __a::Ok(__a::None);
                }
                __a::Ok(__a::Some(Self::from_row(row, start)?))
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl __a::FromRow for #ident {
            const WIDTH: usize = #width;
            const NAMES: &'static [&'static str] = &[#(#names),*];
            #[inline]
            fn from_row(row: &dyn __a::RowRef, start: usize) -> __a::Result<Self, __a::Fault> {
                __a::Ok(Self { #(#fields,)* #(#skipped: __a::Default::default(),)* #(#relations: __a::Default::default(),)* })
            }
            #optional
        }
    }
}

fn encode_row(entity: &Entity) -> TokenStream {
    let Entity { ident, columns, .. } = entity;
    let count = number(columns.len());
    let fields = columns.iter().enumerate().map(|(at, column)| {
        let (at, ty) = (number(at), &column.ty);
        let value = place::read(entity, column, &quote!(self));
        quote!(#at => <#ty as __a::Encode>::encode(#value, sink))
    });
    quote! {
        #[automatically_derived]
        impl __a::EncodeRow for #ident {
            #[inline]
            fn encode_field(&self, index: usize, sink: &mut dyn __a::ParamSink) -> __a::Result<(), __a::Fault> {
                match index {
                    #(#fields,)*
                    _ => __a::Err(__a::Fault::no_column(#count)),
                }
            }
        }
    }
}

/// Everything is given but what can't be, and a number that the database is to make.
fn new_row(entity: &Entity) -> TokenStream {
    let Entity { ident, columns, .. } = entity;
    let count = number(columns.len());
    let values = columns.iter().enumerate().map(|(at, column)| {
        let (at, ty) = (number(at), &column.ty);
        let value = place::read(entity, column, &quote!(self));
        quote!(#at => <#ty as __a::Encode>::to_value(#value))
    });
    let never = columns.iter().enumerate().filter(|(_, column)| !column.is_settable()).map(|(at, _)| number(at));
    let numbered = columns.iter().enumerate().filter(|(_, column)| column.is_settable() && column.is_numbered());
    let left_out = numbered.map(|(at, column)| {
        let at = number(at);
        let value = place::read(entity, column, &quote!(self));
        quote! {
            if __a::is_unset(#value) {
                given = given.without(#at);
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl __a::NewRow<#ident> for #ident {
            #[inline]
            fn given(&self) -> __a::ColumnSet {
                #[allow(unused_mut)]
                let mut given = const { __a::ColumnSet::first(#count)#(.without(#never))* };
                #(#left_out)*
                given
            }
            fn column_value(&self, index: usize) -> __a::Value {
                match index {
                    #(#values,)*
                    _ => __a::Value::Null,
                }
            }
        }
    }
}

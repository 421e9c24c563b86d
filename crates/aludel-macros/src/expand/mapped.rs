//! What a session needs of an entity. Where there is no session, the compiler leaves it out.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

use super::number;
use crate::model::{Column, Entity};

pub(super) fn mapped(entity: &Entity) -> TokenStream {
    let Entity { ident, columns, skipped, relations, version, .. } = entity;
    let name = ident.unraw().to_string();
    let count = number(columns.len());
    let numbers: Vec<_> = (0..columns.len()).map(number).collect();
    let fields: Vec<_> = columns.iter().map(|column| &column.field).collect();
    let types = columns.iter().map(|column| &column.ty);
    let copies =
        columns.iter().map(|Column { field, ty, .. }| quote!(#field: <#ty as __a::Clone>::clone(&self.#field)));
    let relation_fields: Vec<_> = relations.iter().map(|relation| &relation.field).collect();
    let relation_numbers: Vec<_> = (0..relations.len()).map(number).collect();
    let with_relations = (!relations.is_empty()).then(|| quote!(.relations(&__RELATIONS)));
    let with_version = version.map(|position| {
        let position = number(position);
        quote!(.version(#position))
    });
    quote! {
        static __MAPPER: __a::Mapper = __a::Mapper::new::<#ident>(#name) #with_relations #with_version;
        #[automatically_derived]
        impl __a::Mapped for #ident {
            #[inline]
            fn mapper() -> &'static __a::Mapper {
                &__MAPPER
            }
            #[inline]
            fn snapshot(&self) -> Self {
                Self {
                    #(#copies,)*
                    #(#skipped: __a::Default::default(),)*
                    #(#relation_fields: __a::Default::default(),)*
                }
            }
            #[inline]
            fn set_column(&mut self, index: usize, row: &dyn __a::RowRef, at: usize) -> __a::Result<(), __a::Fault> {
                match index {
                    #(#numbers => self.#fields = __a::field::<#types>(row, at)?,)*
                    _ => return __a::Err(__a::Fault::no_column(#count)),
                }
                __a::Ok(())
            }
            #[inline]
            fn column_any(&self, index: usize) -> __a::Option<&dyn __a::Any> {
                match index {
                    #(#numbers => __a::Some(&self.#fields),)*
                    _ => __a::None,
                }
            }
            #[inline]
            fn relation(&self, index: usize) -> __a::Option<&dyn __a::RelationField> {
                match index {
                    #(#relation_numbers => __a::Some(&self.#relation_fields),)*
                    _ => __a::None,
                }
            }
            #[inline]
            fn relation_mut(&mut self, index: usize) -> __a::Option<&mut dyn __a::RelationField> {
                match index {
                    #(#relation_numbers => __a::Some(&mut self.#relation_fields),)*
                    _ => __a::None,
                }
            }
            #[inline]
            fn swap_relations(&mut self, other: &mut Self) {
                #(__a::swap(&mut self.#relation_fields, &mut other.#relation_fields);)*
            }
        }
    }
}

//! A builder as an object that is new to a session, which fills in the foreign keys that are still missing.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

use super::{Parts, State};
use crate::model::{Column, Entity};

impl Parts<'_> {
    pub(super) fn new_object(&self) -> TokenStream {
        let Self { builder, entity: Entity { ident, columns, skipped, relations, .. }, .. } = self;
        let follows = self.required.iter().filter(|required| required.follows).map(|required| &required.parameter);
        let states = self.required.iter().map(|one| one.state(if one.follows { State::Any } else { State::Set }));
        let name = ident.unraw().to_string();
        let fields = columns.iter().map(|column| {
            let Column { field, ty, .. } = column;
            let full_name = format!("{name}.{}", field.unraw());
            let value = if column.is_settable() { quote!(self.values.#field) } else { quote!(__a::None) };
            quote!(#field: __a::or_blank::<#ty>(#value, #full_name))
        });
        let relations: Vec<_> = relations.iter().map(|relation| &relation.field).collect();
        quote! {
            #[automatically_derived]
            impl<#(#follows),*> __a::IntoNew<#ident> for #builder<#(#states),*> {
                #[inline]
                fn into_new(self) -> __a::New<#ident> {
                    let given = __a::Some(self.values.given());
                    let value = #ident {
                        #(#fields,)*
                        #(#skipped: __a::Default::default(),)*
                        #(#relations: self.values.#relations,)*
                    };
                    __a::New { given, value }
                }
            }
        }
    }
}

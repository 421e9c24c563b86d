//! A builder as an object that is new to a session, which fills in the foreign keys that are still missing.

use proc_macro2::TokenStream;
use quote::quote;
use syn::ext::IdentExt;

use super::{Parts, State};
use crate::expand::place;
use crate::model::{Column, Composite, Entity, Field};
use crate::rust_type;

impl Parts<'_> {
    pub(super) fn new_object(&self) -> TokenStream {
        let Self { builder, entity: Entity { ident, skipped, relations, .. }, .. } = self;
        let follows = self.required.iter().filter(|required| required.follows).map(|required| &required.parameter);
        let states = self.required.iter().map(|one| one.state(if one.follows { State::Any } else { State::Set }));
        let name = ident.unraw().to_string();
        let fields = self.entity.fields().map(|field| match field {
            Field::Column(_, column) => {
                let field = &column.field;
                let value = value(column, &name);
                quote!(#field: #value)
            }
            Field::Composite(composite) => {
                let field = &composite.field;
                let value = self.composite(composite, &name);
                quote!(#field: #value)
            }
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

    /// A composite of what was set of its columns; an optional one is there if any of them is.
    fn composite(&self, composite: &Composite, name: &str) -> TokenStream {
        let Composite { optional, parts, .. } = composite;
        let columns: Vec<_> = composite.columns(self.entity).map(|(_, column)| column).collect();
        if !optional {
            return place::whole(composite, columns.iter().map(|column| value(column, name)));
        }
        let slots: Vec<_> = columns.iter().map(|column| slot(column)).collect();
        let values = columns.iter().zip(parts).zip(&slots).map(|((column, part), slot)| {
            let full_name = full_name(column, name);
            match rust_type::in_option(part) {
                Some(_) => quote!(#slot.flatten()),
                None => quote!(__a::or_blank::<#part>(#slot.flatten(), #full_name)),
            }
        });
        let whole = place::whole(composite, values);
        quote! {
            if #(#slots.as_ref().is_none_or(__a::Option::is_none))&&* {
                __a::None
            } else {
                __a::Some(#whole)
            }
        }
    }
}

/// What was set of a column, or what stands in its place.
fn value(column: &Column, name: &str) -> TokenStream {
    let ty = &column.ty;
    let slot = slot(column);
    let full_name = full_name(column, name);
    quote!(__a::or_blank::<#ty>(#slot, #full_name))
}

fn slot(column: &Column) -> TokenStream {
    let Column { field, ty, .. } = column;
    if column.is_settable() { quote!(self.values.#field) } else { quote!(__a::None::<#ty>) }
}

fn full_name(column: &Column, name: &str) -> String {
    format!("{name}.{}", column.field.unraw())
}

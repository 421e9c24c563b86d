//! The builder, `User::build()`.
//!
//! What was set lies in a plain struct of `Option`s, which the compiler makes once. The builder around it has a type
//! parameter for each required column, `NameMissing` or `NameSet`, and is a row when all of them are set.

mod new_object;
mod setter;

use std::collections::HashSet;

use heck::ToUpperCamelCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;
use syn::ext::IdentExt;

use super::number;
use crate::model::{ClientDefault, Column, Entity, Field, Relation};
use setter::Setter;

pub(super) fn builder(entity: &Entity) -> TokenStream {
    let parts = Parts::of(entity);
    let definition = parts.definition();
    let start = parts.start();
    let setters = parts.setters();
    let row = parts.row();
    let new_object = parts.new_object();
    quote!(#definition #start #setters #row #new_object)
}

struct Parts<'a> {
    entity: &'a Entity,
    settable: Vec<(usize, &'a Column)>,
    required: Vec<Required<'a>>,
    builder: Ident,
    values: Ident,
}

/// A field that must be set, with the types that say whether it is.
struct Required<'a> {
    field: Field<'a>,
    parameter: Ident,
    missing: Ident,
    set: Ident,
    /// Whether a session can set it later, from the object on the other side.
    follows: bool,
}

/// What stands for a required column in the builder's type.
#[derive(Clone, Copy)]
enum State {
    Any,
    Missing,
    Set,
}

impl Required<'_> {
    fn state(&self, state: State) -> &Ident {
        match state {
            State::Any => &self.parameter,
            State::Missing => &self.missing,
            State::Set => &self.set,
        }
    }
}

impl<'a> Parts<'a> {
    fn of(entity: &'a Entity) -> Self {
        let settable = entity.columns.iter().enumerate().filter(|(_, column)| column.is_settable());
        let mut names = HashSet::new();
        let required = entity.fields().filter_map(|field| {
            let needed: Vec<usize> =
                columns(entity, field).filter(|(_, one)| one.is_required()).map(|(at, _)| at).collect();
            (!needed.is_empty()).then(|| (field, needed.iter().all(|at| entity.is_in_foreign_key(*at))))
        });
        let required = required.enumerate().map(|(at, (field, follows))| {
            let mut name = name(field).unraw().to_string().to_upper_camel_case();
            while !names.insert(name.clone()) {
                name.push('_');
            }
            Required {
                field,
                parameter: format_ident!("S{at}"),
                missing: format_ident!("{name}Missing"),
                set: format_ident!("{name}Set"),
                follows,
            }
        });
        let ident = entity.ident.unraw();
        Self {
            entity,
            required: required.collect(),
            settable: settable.collect(),
            builder: format_ident!("{ident}Builder"),
            values: format_ident!("{ident}Values"),
        }
    }

    fn definition(&self) -> TokenStream {
        let Self { builder, values, entity: Entity { vis, .. }, .. } = self;
        let markers = self.required.iter().flat_map(|required| [&required.missing, &required.set]);
        let all: Vec<_> = self.required.iter().map(|required| &required.parameter).collect();
        let slots = self.settable.iter().map(|(_, Column { field, ty, .. })| quote!(#field: __a::Option<#ty>));
        let relations = self.entity.relations.iter().map(|Relation { field, kind, target, .. }| {
            let wrapper = if kind.is_many() { quote!(Many) } else { quote!(One) };
            quote!(#field: __a::#wrapper<#target>)
        });
        let given = self.settable.iter().map(|(at, Column { field, .. })| {
            let at = number(*at);
            quote!((#at, self.#field.is_some()))
        });
        quote! {
            #(#vis struct #markers;)*
            struct #values { #(#slots,)* #(#relations,)* }
            #[automatically_derived]
            impl #values {
                fn given(&self) -> __a::ColumnSet {
                    __a::given(&[#(#given),*])
                }
            }
            #[must_use = "a builder does nothing until it is inserted"]
            #vis struct #builder<#(#all),*> {
                values: #values,
                state: __a::PhantomData<(#(#all,)*)>,
            }
        }
    }

    /// `User::build()`, which puts the defaults in.
    fn start(&self) -> TokenStream {
        let Self { builder, values, entity: Entity { ident, vis, .. }, .. } = self;
        let slots = self.settable.iter().map(|(_, column)| match column {
            Column { field, default: Some(ClientDefault::OfType), .. } => {
                quote!(#field: __a::Some(__a::Default::default()))
            }
            // A part has no setter of its own.
            Column { field, ty, default: Some(ClientDefault::Written(expr)), part: Some(_), .. } => {
                quote!(#field: __a::Some(<_ as __a::IntoField<#ty>>::into_field(#expr)))
            }
            Column { field, .. } => quote!(#field: __a::None),
        });
        let defaults = self.settable.iter().filter_map(|(_, column)| match column {
            Column { field, default: Some(ClientDefault::Written(expr)), part: None, .. } => {
                Some(quote!(let start = start.#field(#expr);))
            }
            _ => None,
        });
        let relations = self.entity.relations.iter().map(|relation| &relation.field);
        let missing = self.required.iter().map(|required| required.state(State::Missing));
        let nothing_set = quote!(#builder<#(#missing),*>);
        quote! {
            #[automatically_derived]
            impl #ident {
                /// A new row of which only what is set is sent to the database, which fills in the rest.
                #vis fn build() -> #nothing_set {
                    let values = #values { #(#slots,)* #(#relations: __a::Default::default(),)* };
                    let start: #nothing_set = #builder { values, state: __a::PhantomData };
                    #(#defaults)*
                    start
                }
            }
        }
    }

    fn setters(&self) -> TokenStream {
        let required = self.required.iter().enumerate().map(|(at, required)| self.required_setter(at, required));
        let others = self.entity.fields().filter(|field| {
            let mut columns = columns(self.entity, *field);
            columns.any(|(_, column)| column.is_settable())
                && !self.required.iter().any(|one| name(one.field) == name(*field))
        });
        let others = others.map(|field| {
            let Setter { doc, vis, name, generics, parameter, assign } = Setter::of(self.entity, field);
            quote! {
                #doc
                #vis fn #name #generics(mut self, value: #parameter) -> Self {
                    #assign
                    self
                }
            }
        });
        let relations = self.entity.relations.iter().map(relation_setter);
        let builder = &self.builder;
        let all: Vec<_> = self.required.iter().map(|required| &required.parameter).collect();
        quote! {
            #[automatically_derived]
            impl<#(#all),*> #builder<#(#all),*> { #(#others)* #(#relations)* }
            #(#required)*
        }
    }

    /// A setter that can be called once: it is there only while the column is missing.
    fn required_setter(&self, position: usize, required: &Required<'_>) -> TokenStream {
        let builder = &self.builder;
        let Setter { doc, vis, name, generics, parameter, assign } = Setter::of(self.entity, required.field);
        let others = self.required.iter().enumerate().filter(|(at, _)| *at != position);
        let others = others.map(|(_, other)| &other.parameter);
        let states = |own: State| {
            let all = self.required.iter().enumerate();
            all.map(|(at, one)| one.state(if at == position { own } else { State::Any })).collect::<Vec<_>>()
        };
        let (before, after) = (states(State::Missing), states(State::Set));
        quote! {
            #[automatically_derived]
            impl<#(#others),*> #builder<#(#before),*> {
                #doc
                #vis fn #name #generics(mut self, value: #parameter) -> #builder<#(#after),*> {
                    #assign
                    #builder { values: self.values, state: __a::PhantomData }
                }
            }
        }
    }

    fn row(&self) -> TokenStream {
        let Self { builder, entity: Entity { ident, columns, .. }, .. } = self;
        let complete: Vec<_> = self.required.iter().map(|required| required.state(State::Set)).collect();
        let count = number(columns.len());
        let values = self.settable.iter().map(|(at, Column { field, ty, .. })| {
            let at = number(*at);
            quote!(#at => __a::Some(__a::slot::<#ty>(&self.values.#field)))
        });
        quote! {
            #[automatically_derived]
            impl __a::Built for #builder<#(#complete),*> {
                const COLUMNS: usize = #count;
                fn value(&self, index: usize) -> __a::Option<&dyn __a::Encode> {
                    match index {
                        #(#values,)*
                        _ => __a::None,
                    }
                }
            }
            #[automatically_derived]
            impl __a::EncodeRow for #builder<#(#complete),*> {
                fn encode_field(&self, index: usize, sink: &mut dyn __a::ParamSink) -> __a::Result<(), __a::Fault> {
                    __a::encode_built(self, index, sink)
                }
            }
            #[automatically_derived]
            impl __a::NewRow<#ident> for #builder<#(#complete),*> {
                fn given(&self) -> __a::ColumnSet {
                    self.values.given()
                }
                fn column_value(&self, index: usize) -> __a::Value {
                    __a::built_value(self, index)
                }
            }
        }
    }
}

/// Takes the objects on the other side.
fn relation_setter(relation: &Relation) -> TokenStream {
    let Relation { vis, field, kind, target, .. } = relation;
    let doc = format!("Sets the relationship `{field}`; the objects are added with this one.");
    let (parameter, value) = if kind.is_many() {
        (quote!(impl __a::IntoMany<#target>), quote!(value.into_many()))
    } else {
        (quote!(impl __a::IntoNew<#target>), quote!(__a::One::of_new(value.into_new())))
    };
    quote! {
        #[doc = #doc]
        #vis fn #field(mut self, value: #parameter) -> Self {
            self.values.#field = #value;
            self
        }
    }
}

/// The columns that a field is kept in.
fn columns<'a>(entity: &'a Entity, field: Field<'a>) -> impl Iterator<Item = (usize, &'a Column)> {
    let (first, count) = match field {
        Field::Column(at, _) => (at, 1),
        Field::Composite(composite) => (composite.first, composite.parts.len()),
    };
    entity.columns.iter().enumerate().skip(first).take(count)
}

fn name(field: Field<'_>) -> &Ident {
    match field {
        Field::Column(_, column) => &column.field,
        Field::Composite(composite) => &composite.field,
    }
}

//! Kinds with a table for each beside the base's: the column that says the kind, and a relationship to each table.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Path;
use syn::ext::IdentExt;

use super::{constant, function, labels};
use crate::expand::number;
use crate::model::{ColumnPath, ExtTable, Kind, Kinds};

pub(super) struct Hierarchy<'a> {
    pub(super) base: &'a Path,
    pub(super) name: &'a str,
    pub(super) kinds: &'a [Kind<Option<ExtTable>>],
}

impl Hierarchy<'_> {
    /// The kinds that have a table.
    fn tables(&self) -> impl Iterator<Item = (usize, &Kind<Option<ExtTable>>, &ExtTable)> {
        let with_table = self.kinds.iter().filter_map(|kind| Some((kind, kind.data.as_ref()?)));
        with_table.enumerate().map(|(at, (kind, table))| (at, kind, table))
    }
}

pub(super) fn joined(kinds: &Kinds, hierarchy: &Hierarchy<'_>) -> TokenStream {
    let labels = labels(kinds, hierarchy.name, hierarchy.kinds);
    let column = column(kinds, hierarchy);
    let relations = relations(kinds, hierarchy);
    let fields = fields(kinds, hierarchy);
    let functions = functions(kinds, hierarchy);
    quote!(#labels #column #relations #fields #functions)
}

/// The kind as a column's value: its label.
fn column(kinds: &Kinds, hierarchy: &Hierarchy<'_>) -> TokenStream {
    let ident = &kinds.ident;
    let type_name = ident.unraw().to_string();
    let labels = hierarchy.kinds.iter().map(|kind| &kind.label);
    let values: Vec<_> = hierarchy.kinds.iter().map(unloaded).collect();
    let first = values.first();
    quote! {
        __a::scalar!(#ident, __a::SqlType::Enum(__a::Held::Static(&__TYPE)));
        #[automatically_derived]
        impl __a::Encode for #ident {
            fn encode(&self, sink: &mut dyn __a::ParamSink) -> __a::Result<(), __a::Fault> {
                sink.text(self.label())
            }
            fn to_value(&self) -> __a::Value {
                __a::Value::Text(__a::CompactString::const_new(self.label()))
            }
        }
        #[automatically_derived]
        impl __a::Decode for #ident {
            fn decode(row: &dyn __a::RowRef, index: usize) -> __a::Result<Self, __a::Fault> {
                match row.text(index)? {
                    #(#labels => __a::Ok(#values),)*
                    other => __a::or_absent(row, index, || __a::unknown_label(#type_name, other, &__TYPE)),
                }
            }
            fn blank() -> __a::Option<Self> {
                __a::Some(#first)
            }
        }
        __a::session_value!(#ident);
    }
}

/// The variant with nothing loaded.
fn unloaded(kind: &Kind<Option<ExtTable>>) -> TokenStream {
    let ident = &kind.ident;
    match kind.data {
        Some(_) => quote!(Self::#ident(__a::One::unloaded())),
        None => quote!(Self::#ident),
    }
}

/// The relationships to the kinds' tables, and from the base to each.
fn relations(kinds: &Kinds, hierarchy: &Hierarchy<'_>) -> TokenStream {
    let base = hierarchy.base;
    let enum_name = kinds.ident.unraw().to_string();
    let count = number(hierarchy.tables().count());
    let all = hierarchy.tables().map(|(at, kind, ExtTable { entity, key })| {
        let name = function(kind, "").unraw().to_string();
        let at = number(at);
        let columns = match key.as_slice() {
            [] => quote!(__a::primary_key::<#entity>),
            key => {
                let key = key.iter().map(
                    |ColumnPath { entity: path, constant }| quote!(__a::target_column::<#entity>(#path::#constant)),
                );
                quote!(|| [#(#key),*].to_vec())
            }
        };
        quote! {
            __a::Relation::new::<#base, #entity>(#name, __a::KIND + #at, __a::RelationKind::HasOne, #columns)
                .cascade(__a::Cascade::DEFAULT.all().delete_orphan())
                .of_kinds(#enum_name)
        }
    });
    let extends = hierarchy.tables().map(|(at, _, ExtTable { entity, .. })| {
        let at = number(at);
        quote! {
            #[automatically_derived]
            impl __a::Extends for #entity {
                type Base = #base;
                const FROM_BASE: __a::ToOne<#base, Self> = __a::Rel::new(&__RELATIONS[#at]);
            }
        }
    });
    quote! {
        static __RELATIONS: [__a::Relation; #count] = [#(#all),*];
        #(#extends)*
    }
}

/// Where a value keeps what it has in its kind's table.
fn fields(kinds: &Kinds, hierarchy: &Hierarchy<'_>) -> TokenStream {
    let Kinds { ident, .. } = kinds;
    let base = hierarchy.base;
    let tables: Vec<_> = hierarchy.tables().map(|(at, kind, _)| (number(at), &kind.ident)).collect();
    let numbers: Vec<_> = tables.iter().map(|(at, _)| at).collect();
    let idents: Vec<_> = tables.iter().map(|(_, ident)| ident).collect();
    let same = hierarchy.kinds.iter().map(|kind| {
        let (ident, value) = (&kind.ident, unloaded(kind));
        quote!(Self::#ident { .. } => #value)
    });
    quote! {
        #[automatically_derived]
        #[allow(unreachable_patterns)]
        impl __a::Kinds for #ident {
            type Base = #base;
            fn relations() -> &'static [__a::Relation] {
                &__RELATIONS
            }
            fn field(&self, index: usize) -> __a::Option<&dyn __a::RelationField> {
                match (index, self) {
                    #((#numbers, Self::#idents(field)) => __a::Some(field),)*
                    _ => __a::None,
                }
            }
            fn field_mut(&mut self, index: usize) -> __a::Option<&mut dyn __a::RelationField> {
                match (index, self) {
                    #((#numbers, Self::#idents(field)) => __a::Some(field),)*
                    _ => __a::None,
                }
            }
            fn swap_fields(&mut self, other: &mut Self) {
                match (self, other) {
                    #((Self::#idents(one), Self::#idents(other)) => __a::swap(one, other),)*
                    _ => {}
                }
            }
            fn unloaded(&self) -> Self {
                match self {
                    #(#same,)*
                }
            }
        }
    }
}

/// What a program writes: conditions, relationships for loaders, and values.
fn functions(kinds: &Kinds, hierarchy: &Hierarchy<'_>) -> TokenStream {
    let Kinds { ident, vis, .. } = kinds;
    let base = hierarchy.base;
    let conditions = hierarchy.kinds.iter().map(|kind| {
        let (name, value) = (function(kind, "is"), unloaded(kind));
        let doc = format!("Whether a row is of the kind `{}`.", kind.label);
        quote! {
            #[doc = #doc]
            #[must_use]
            #vis fn #name() -> __a::Expr<bool> {
                __a::is_kind::<#base>(#value)
            }
        }
    });
    let tables = hierarchy.tables().map(|(_, kind, ExtTable { entity, .. })| {
        let (variant, name, constant) = (&kind.ident, function(kind, ""), constant(kind, ""));
        let to_table = format!("What the kind `{}` has in a table of its own.", kind.label);
        let value = format!("The kind `{}`, with a new row in its table: a plain struct or a builder.", kind.label);
        quote! {
            #[doc = #to_table]
            #vis const #constant: __a::ToOne<#base, #entity> = <#entity as __a::Extends>::FROM_BASE;
            #[doc = #value]
            #[must_use]
            #vis fn #name(new: impl __a::IntoNew<#entity>) -> Self {
                Self::#variant(__a::One::new(new))
            }
        }
    });
    let from = hierarchy.tables().map(|(_, kind, ExtTable { entity, .. })| {
        let variant = &kind.ident;
        quote! {
            #[automatically_derived]
            impl __a::From<#entity> for #ident {
                fn from(value: #entity) -> Self {
                    Self::#variant(__a::One::new(value))
                }
            }
        }
    });
    quote! {
        #[automatically_derived]
        impl #ident {
            #(#conditions)*
            #(#tables)*
        }
        #(#from)*
    }
}

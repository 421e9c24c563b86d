//! What a session needs of an entity. Where there is no session, the compiler leaves it out.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;

use super::{kind, number, place};
use crate::model::{Column, Composite, Entity, Field};

pub(super) fn mapped(entity: &Entity) -> TokenStream {
    let Entity { ident, columns, skipped, relations, kind, .. } = entity;
    let count = number(columns.len());
    let copies = entity.fields().map(|field| match field {
        Field::Column(at, Column { field, .. }) if *kind == Some(at) => kind::snapshot(field),
        Field::Column(_, Column { field, ty, .. }) => quote!(#field: <#ty as __a::Clone>::clone(&self.#field)),
        Field::Composite(Composite { field, .. }) => quote!(#field: __a::Clone::clone(&self.#field)),
    });
    let sets = columns.iter().enumerate().map(|(at, column)| {
        let set = if *kind == Some(at) { kind::set(column) } else { place::set(entity, column) };
        let at = number(at);
        quote!(#at => #set)
    });
    let copies_into = entity.fields().map(|field| match field {
        Field::Column(at, Column { field, .. }) if *kind == Some(at) => kind::snapshot_from(field),
        // Named by its type, so that a type which can't be cloned is told of once.
        Field::Column(_, Column { field, ty, .. }) => {
            quote!(<#ty as __a::Clone>::clone_from(&mut self.#field, &other.#field))
        }
        Field::Composite(Composite { field, .. }) => {
            quote!(__a::Clone::clone_from(&mut self.#field, &other.#field))
        }
    });
    let anys = entity.fields().filter_map(|field| match field {
        Field::Column(at, Column { field, .. }) => {
            let at = number(at);
            Some(quote!(#at => __a::Some(&self.#field)))
        }
        Field::Composite(_) => None,
    });
    let relation_fields: Vec<_> = relations.iter().map(|relation| &relation.field).collect();
    let relation_methods = relation_methods(entity);
    let mapper = mapper(entity);
    let (identity, identity_values) = identity(entity);
    quote! {
        #mapper
        #[automatically_derived]
        impl __a::Mapped for #ident {
            type Identity = #identity;
            fn identity_values(identity: Self::Identity) -> __a::Vec<__a::Value> {
                #identity_values
            }
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
            fn snapshot_from(&mut self, other: &Self) {
                #(#copies_into;)*
                #(self.#skipped = __a::Default::default();)*
                #(self.#relation_fields = __a::Default::default();)*
            }
            #[inline]
            fn set_column(&mut self, index: usize, row: &dyn __a::RowRef, at: usize) -> __a::Result<(), __a::Fault> {
                match index {
                    #(#sets,)*
                    _ => return __a::Err(__a::Fault::no_column(#count)),
                }
                __a::Ok(())
            }
            #[inline]
            fn column_any(&self, index: usize) -> __a::Option<&dyn __a::Any> {
                match index {
                    #(#anys,)*
                    _ => __a::None,
                }
            }
            #relation_methods
        }
    }
}

/// What is known of the entity beyond its table.
fn mapper(entity: &Entity) -> TokenStream {
    let Entity { ident, relations, version, .. } = entity;
    let name = ident.unraw().to_string();
    let with_relations = (!relations.is_empty()).then(|| quote!(.relations(&__RELATIONS)));
    let with_version = version.map(|position| {
        let position = number(position);
        quote!(.version(#position))
    });
    let with_validators = validators(entity);
    let with_kinds = kind::mapper(entity);
    let kinded = kind::kinded(entity);
    quote! {
        static __MAPPER: __a::Mapper = __a::Mapper::new::<#ident>(#name)
            #with_relations #with_version #with_validators #with_kinds;
        #kinded
    }
}

/// The fields of relationships, by their positions.
fn relation_methods(entity: &Entity) -> TokenStream {
    let relations = &entity.relations;
    let kind::Delegates { field: kind_field, field_mut: kind_field_mut, swap: kind_swap } = kind::delegates(entity);
    let numbers: Vec<_> = (0..relations.len()).map(number).collect();
    let fields: Vec<_> = relations.iter().map(|relation| &relation.field).collect();
    quote! {
        #[inline]
        fn relation(&self, index: usize) -> __a::Option<&dyn __a::RelationField> {
            match index {
                #(#numbers => __a::Some(&self.#fields),)*
                #kind_field
                _ => __a::None,
            }
        }
        #[inline]
        fn relation_mut(&mut self, index: usize) -> __a::Option<&mut dyn __a::RelationField> {
            match index {
                #(#numbers => __a::Some(&mut self.#fields),)*
                #kind_field_mut
                _ => __a::None,
            }
        }
        #[inline]
        fn swap_relations(&mut self, other: &mut Self) {
            #(__a::swap(&mut self.#fields, &mut other.#fields);)*
            #kind_swap
        }
    }
}

fn validators(entity: &Entity) -> Option<TokenStream> {
    let ident = &entity.ident;
    let columns = entity.columns.iter().enumerate();
    let all: Vec<_> =
        columns.flat_map(|(at, column)| column.validators.iter().map(move |check| (at, column, check))).collect();
    let checks = all.iter().map(|(at, column, check)| {
        let at = number(*at);
        let value = place::read(entity, column, &quote!(object));
        let call = quote_spanned!(check.span()=> (#check)(value));
        let check = quote!(|object| __a::validate(object, |object: &#ident| { let value = #value; #call }));
        quote!(__a::Validator { column: #at, check: #check })
    });
    (!all.is_empty()).then(|| quote!(.validators(&[#(#checks),*])))
}

/// The type of the primary key, and how its values are got out of one: the key's own for a single column, else a tuple.
fn identity(entity: &Entity) -> (proc_macro2::TokenStream, proc_macro2::TokenStream) {
    let types: Vec<_> = entity.primary_key.iter().filter_map(|at| entity.columns.get(*at)).map(|key| &key.ty).collect();
    match types.as_slice() {
        [single] => (quote!(#single), quote!(__a::Vec::from([__a::Encode::into_value(identity)]))),
        _ => {
            let numbers: Vec<_> = (0..types.len()).map(number).collect();
            (quote!((#(#types,)*)), quote!(__a::Vec::from([#(__a::Encode::into_value(identity.#numbers)),*])))
        }
    }
}

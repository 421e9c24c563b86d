//! The associated constants and functions: `User::NAME`, `User::TABLE`, `User::ALL`, `User::select()` and so on.

use std::collections::HashSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::number;
use super::table::key_function;
use crate::model::{Column, Entity, IndexKey};

pub(super) fn constants(entity: &Entity) -> TokenStream {
    let Entity { ident, vis, .. } = entity;
    let last = number(entity.columns.len());
    let keys = keys(entity);
    let columns = entity.columns.iter().enumerate().map(|(at, one)| column(one, at, keys.contains(&at)));
    quote! {
        #[automatically_derived]
        impl #ident {
            #(#columns)*
            /// The table.
            #vis const TABLE: __a::TableRef<Self> = __a::TableRef::new(&__COLUMNS[#last]);
            /// All columns, read as the entity.
            #vis const ALL: __a::All<Self> = __a::All::new(&__COLUMNS[#last]);
            /// `SELECT` of whole rows.
            #[must_use]
            #vis fn select() -> __a::Select<Self> {
                __a::select(Self::ALL)
            }
            /// `INSERT INTO` the table.
            #[must_use]
            #vis fn insert() -> __a::Insert<Self> {
                __a::insert(Self::TABLE)
            }
            /// `UPDATE` of the table.
            #[must_use]
            #vis fn update() -> __a::Update<Self> {
                __a::update(Self::TABLE)
            }
            /// `DELETE FROM` the table.
            #[must_use]
            #vis fn delete() -> __a::Delete<Self> {
                __a::delete(Self::TABLE)
            }
            /// The table under another name.
            #[must_use]
            #vis fn alias(name: impl __a::Into<__a::Name>) -> __a::Alias<Self> {
                Self::TABLE.alias(name)
            }
        }
    }
}

fn column(column: &Column, position: usize, is_key: bool) -> TokenStream {
    let Column { vis, docs, constant, ty, name, .. } = column;
    let position = number(position);
    let docs = match docs.as_slice() {
        [] => {
            let doc = format!("The column `{name}`.");
            quote!(#[doc = #doc])
        }
        docs => quote!(#(#docs)*),
    };
    let key = is_key.then(|| {
        let function = key_function(constant);
        quote! {
            #[doc(hidden)]
            #vis const fn #function() -> &'static __a::StaticColumn {
                &__COLUMNS[#position]
            }
        }
    });
    quote! {
        #docs
        #vis const #constant: __a::Column<Self, #ty> = __a::Column::new(&__COLUMNS[#position]);
        #key
    }
}

/// Columns that a foreign key can refer to, alone or with others: those of the primary key and of what is unique.
fn keys(entity: &Entity) -> HashSet<usize> {
    let unique_indexes = entity.indexes.iter().filter(|index| index.unique).flat_map(|index| &index.parts);
    let indexed = unique_indexes.filter_map(|part| match part.key {
        IndexKey::Column(position) => Some(position),
        IndexKey::Sql(_) => None,
    });
    let unique = entity.uniques.iter().flat_map(|unique| unique.columns.iter().copied());
    entity.primary_key.iter().copied().chain(unique).chain(indexed).collect()
}

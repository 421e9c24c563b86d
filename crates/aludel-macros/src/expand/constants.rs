//! The associated constants and functions: `User::NAME`, `User::TABLE`, `User::ALL`, `User::select()` and so on.

use proc_macro2::TokenStream;
use quote::quote;

use super::{number, relation};
use crate::model::{Column, Entity};

pub(super) fn constants(entity: &Entity) -> TokenStream {
    let Entity { ident, vis, .. } = entity;
    let last = number(entity.columns.len());
    let columns = entity.columns.iter().enumerate().map(|(at, one)| column(one, at));
    let relations = entity.relations.iter().enumerate().map(|(at, one)| relation::constant(one, at));
    quote! {
        #[automatically_derived]
        impl #ident {
            #(#columns)*
            #(#relations)*
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

fn column(column: &Column, position: usize) -> TokenStream {
    let Column { vis, docs, constant, ty, name, .. } = column;
    let position = number(position);
    let docs = match docs.as_slice() {
        [] => {
            let doc = format!("The column `{name}`.");
            quote!(#[doc = #doc])
        }
        docs => quote!(#(#docs)*),
    };
    quote! {
        #docs
        #vis const #constant: __a::Column<Self, #ty> = __a::Column::new(&__COLUMNS[#position]);
    }
}

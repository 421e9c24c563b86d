//! `#[derive(Entity)]`: all of its parts.

use proc_macro2::TokenStream;
use quote::quote;

use super::{builder, constants, enclose, mapped, place, relation, rows, table};
use crate::model::Entity;

/// 1. the `static` table, columns and relationships;
/// 2. the associated constants and functions;
/// 3. the traits that make a struct an entity;
/// 4. the builder;
/// 5. what sessions need.
pub(crate) fn entity(entity: &Entity) -> TokenStream {
    let ident = &entity.ident;
    let statics = table::statics(entity);
    let relations = relation::statics(entity);
    let constants = constants::constants(entity);
    let rows = rows::rows(entity);
    let builder = builder::builder(entity);
    let composites = place::functions(entity);
    let mapped = mapped::mapped(entity);
    enclose(&quote! {
        #statics
        #relations
        #[automatically_derived]
        impl __a::Entity for #ident {
            fn statics() -> &'static [__a::StaticColumn] {
                &__COLUMNS
            }
        }
        #composites
        #constants
        #rows
        #builder
        #mapped
    })
}

//! Kinds with a table for each beside the base's.

use darling::{Error, Result};
use quote::ToTokens;
use syn::{Fields, Type};

use super::{Variant, no_key};
use crate::model::{ExtTable, Kind};
use crate::rust_type;

pub(super) fn kinds(variants: Vec<Variant>) -> Result<Vec<Kind<Option<ExtTable>>>> {
    let mut errors = Error::accumulator();
    let mut known: Vec<Type> = Vec::new();
    let mut kinds = Vec::new();
    for variant in variants {
        let entity = match entity(&variant) {
            Ok(entity) => entity,
            Err(error) => {
                errors.push(error);
                continue;
            }
        };
        if entity.is_none() {
            errors.handle(no_key(&variant, "this kind has no table of its own"));
        }
        if let Some(entity) = &entity {
            let text = |ty: &Type| ty.to_token_stream().to_string();
            if known.iter().any(|other| text(other) == text(entity)) {
                errors.push(Error::custom("two kinds have the same table").with_span(entity));
            }
            known.push(entity.clone());
        }
        let Kind { ident, docs, label, data: (_, key) } = variant;
        let data = entity.map(|entity| ExtTable { entity, key: key.map(|key| key.0).unwrap_or_default() });
        kinds.push(Kind { ident, docs, label, data });
    }
    errors.finish_with(kinds)
}

/// The entity in `Engineer(Ext<Engineer>)`; none in a variant without fields.
fn entity(variant: &Variant) -> Result<Option<Type>> {
    match &variant.data.0 {
        Fields::Unit => Ok(None),
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            let ty = &fields.unnamed[0].ty;
            match rust_type::extension(ty) {
                Some(entity) => Ok(Some(entity.clone())),
                None => Err(shape(variant).with_span(ty)),
            }
        }
        other => Err(shape(variant).with_span(other)),
    }
}

fn shape(variant: &Variant) -> Error {
    let name = &variant.ident;
    Error::custom(format!(
        "a kind is a plain variant, or holds its table's entity: `{name}(Ext<{name}>)`; kinds whose fields are in the \
         base's table are `#[kinds(single)]`"
    ))
}

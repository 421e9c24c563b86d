//! Kinds that are entities of their own.

use darling::{Error, Result};
use quote::ToTokens;
use syn::{Fields, Type};

use super::{Variant, no_key};
use crate::model::Kind;
use crate::rust_type;

pub(super) fn kinds(variants: Vec<Variant>) -> Result<Vec<Kind<Type>>> {
    let mut errors = Error::accumulator();
    let mut kinds = Vec::new();
    for variant in variants {
        errors.handle(no_key(&variant, "there is no base"));
        let Some(entity) = errors.handle(entity(&variant)) else { continue };
        if kinds.iter().any(|other: &Kind<Type>| text(&other.data) == text(&entity)) {
            errors.push(Error::custom("two kinds are the same entity").with_span(&entity));
        }
        let Kind { ident, docs, label, .. } = variant;
        kinds.push(Kind { ident, docs, label, data: entity });
    }
    errors.finish_with(kinds)
}

/// The entity in `Engineer(Engineer)`.
fn entity(variant: &Variant) -> Result<Type> {
    let wrong = || {
        let name = &variant.ident;
        Error::custom(format!("a kind that is an entity of its own holds it: `{name}({name})`"))
    };
    match &variant.data.0 {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            let ty = &fields.unnamed[0].ty;
            match rust_type::extension(ty) {
                Some(_) => Err(wrong().with_span(ty)),
                None => Ok(ty.clone()),
            }
        }
        Fields::Unit => Err(wrong().with_span(&variant.ident)),
        other => Err(wrong().with_span(other)),
    }
}

fn text(ty: &Type) -> String {
    ty.to_token_stream().to_string()
}

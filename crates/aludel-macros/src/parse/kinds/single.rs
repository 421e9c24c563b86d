//! Kinds in one table.

use darling::{Error, Result};
use quote::ToTokens;
use syn::{Fields, Ident, Type};

use super::{Variant, no_key};
use crate::model::{Kind, KindColumn, KindField};
use crate::rust_type;

type Shape = (Vec<Kind<Vec<KindField>>>, Vec<KindColumn>);

/// The kinds, and the columns that their fields come to: of one name and type it is one.
pub(super) fn kinds(variants: Vec<Variant>) -> Result<Shape> {
    let mut errors = Error::accumulator();
    let mut columns = Vec::new();
    let mut kinds = Vec::new();
    for variant in variants {
        errors.handle(no_key(&variant, "kinds in one table have none"));
        let fields = errors.handle(fields(&variant, &mut columns)).unwrap_or_default();
        let Kind { ident, docs, label, .. } = variant;
        kinds.push(Kind { ident, docs, label, data: fields });
    }
    errors.finish_with((kinds, columns))
}

fn fields(variant: &Variant, columns: &mut Vec<KindColumn>) -> Result<Vec<KindField>> {
    let fields = match &variant.data.0 {
        Fields::Unit => return Ok(Vec::new()),
        Fields::Named(fields) => &fields.named,
        Fields::Unnamed(fields) => {
            let name = &variant.ident;
            let message = format!("the fields of a kind in one table have names: `{name} {{ load: i64 }}`");
            return Err(Error::custom(message).with_span(fields));
        }
    };
    let mut errors = Error::accumulator();
    let mut found = Vec::new();
    for field in fields {
        let Some(ident) = field.ident.clone() else { continue };
        let inner = rust_type::in_option(&field.ty);
        let optional = inner.is_some();
        let column = errors.handle(column(&ident, inner.unwrap_or(&field.ty), columns));
        found.extend(column.map(|column| KindField { ident, column, optional }));
    }
    errors.finish_with(found)
}

/// The position of the field's column, which other kinds may have too.
fn column(ident: &Ident, ty: &Type, columns: &mut Vec<KindColumn>) -> Result<usize> {
    let text = |ty: &Type| ty.to_token_stream().to_string();
    match columns.iter().position(|other| other.name == *ident) {
        Some(at) if text(&columns[at].ty) == text(ty) => Ok(at),
        Some(at) => {
            let (here, there) = (text(ty), text(&columns[at].ty));
            let message = format!(
                "`{ident}` is one column of the table, and it is `{there}` in another kind and `{here}` here: give one of \
                 them another name"
            );
            Err(Error::custom(message).with_span(ident))
        }
        None => {
            columns.push(KindColumn { name: ident.clone(), ty: ty.clone() });
            Ok(columns.len() - 1)
        }
    }
}

//! `#[derive(FromRow)]`

use darling::ast::Data;
use darling::util::{Flag, Ignored};
use darling::{Error, FromDeriveInput, FromField, Result};
use syn::ext::IdentExt;
use syn::{DeriveInput, Fields as StructFields, Ident, Type};

use super::not_generic;
use super::value::Case;
use crate::model::{Row, RowField, RowSource};

/// `#[row(…)]` on the struct.
#[derive(FromDeriveInput)]
#[darling(attributes(row))]
struct RowArgs {
    ident: Ident,
    data: Data<Ignored, RowFieldArgs>,
    rename_all: Option<Case>,
}

/// `#[column(…)]` on a field.
#[derive(FromField)]
#[darling(attributes(column))]
struct RowFieldArgs {
    ident: Option<Ident>,
    ty: Type,
    name: Option<String>,
    nested: Flag,
    skip: Flag,
}

pub(crate) fn row(input: &DeriveInput) -> Result<Row> {
    not_generic(&input.generics, "a row type can't have type parameters or lifetimes")?;
    let named = match &input.data {
        syn::Data::Struct(data) if matches!(data.fields, StructFields::Named(_)) => true,
        syn::Data::Struct(data) if matches!(data.fields, StructFields::Unnamed(_)) => false,
        _ => {
            let message = "a row type is a struct with a field for each column";
            return Err(Error::custom(message).with_span(&input.ident));
        }
    };
    let RowArgs { ident, data, rename_all } = RowArgs::from_derive_input(input)?;
    let fields = data.take_struct().map(|fields| fields.fields).unwrap_or_default();
    let mut errors = Error::accumulator();
    let fields = fields.into_iter().filter_map(|field| errors.handle(field.field(rename_all))).collect();
    errors.finish_with(Row { ident, fields, named })
}

impl RowFieldArgs {
    fn field(self, case: Option<Case>) -> Result<RowField> {
        let source = match (self.nested.is_present(), self.skip.is_present(), &self.name) {
            (false, false, _) => RowSource::Column(self.column_name(case)),
            (true, false, None) => RowSource::Nested,
            (false, true, None) => RowSource::Skipped,
            _ => return Err(Error::custom("at most one of `name`, `nested` and `skip`").with_span(&self.ty)),
        };
        if self.ident.is_none() && self.name.is_some() {
            let message = "the fields of a tuple struct are matched by position: a name has no effect";
            return Err(Error::custom(message).with_span(&self.ty));
        }
        Ok(RowField { ident: self.ident, ty: self.ty, source })
    }

    fn column_name(&self, case: Option<Case>) -> String {
        let plain = self.ident.as_ref().map(|ident| ident.unraw().to_string()).unwrap_or_default();
        self.name.clone().unwrap_or_else(|| case.map_or_else(|| plain.clone(), |case| case.apply(&plain)))
    }
}

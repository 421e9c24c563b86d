//! A field as several columns.

use darling::{Error, Result};
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Field, Fields, Ident, LitStr, Meta, Token, Type, parenthesized, parse_quote};

use crate::model::{Column, Composite, Part};
use crate::rust_type;

/// A composite whose columns are known by their names.
pub(super) struct Whole {
    composite: Composite,
    names: Vec<Ident>,
}

/// Puts a field for each column in the place of the fields that are several.
pub(super) fn take(input: &mut DeriveInput) -> Result<Vec<Whole>> {
    let Data::Struct(data) = &mut input.data else {
        return Ok(Vec::new());
    };
    let Fields::Named(fields) = &mut data.fields else {
        return Ok(Vec::new());
    };
    let mut errors = Error::accumulator();
    let mut composites = Vec::new();
    for field in std::mem::take(&mut fields.named) {
        match field.attrs.iter().find(|attribute| attribute.path().is_ident("composite")) {
            None => fields.named.push(field),
            Some(attribute) => {
                let Some((whole, parts)) = errors.handle(whole(&field, attribute)) else { continue };
                composites.push(whole);
                fields.named.extend(parts);
            }
        }
    }
    errors.finish_with(composites)
}

/// Tells the columns which parts they are, and the composites where their columns are.
pub(super) fn place(wholes: Vec<Whole>, columns: &mut [Column]) -> Result<Vec<Composite>> {
    let mut errors = Error::accumulator();
    let mut composites = Vec::new();
    for Whole { mut composite, names } in wholes {
        for (index, name) in names.iter().enumerate() {
            let mut found = columns.iter_mut().enumerate().filter(|(_, column)| column.field == *name);
            match (found.next(), found.next()) {
                (Some((at, column)), None) => {
                    column.part = Some(Part { composite: composites.len(), index });
                    composite.first = if index == 0 { at } else { composite.first };
                }
                (Some(_), Some(_)) => {
                    let message = format!("there is more than one column called `{name}`");
                    errors.push(Error::custom(message).with_span(name));
                }
                (None, _) => errors.push(Error::custom("a part can't be skipped").with_span(name)),
            }
        }
        composites.push(composite);
    }
    errors.finish_with(composites)
}

fn whole(field: &Field, attribute: &Attribute) -> Result<(Whole, Vec<Field>)> {
    let ident = field.ident.clone().ok_or_else(|| Error::custom("a composite is a field with a name"))?;
    if let Some(column) = field.attrs.iter().find(|attribute| attribute.path().is_ident("column")) {
        let message = "a composite is several columns: attributes of one stand before it, \
                       `columns(#[column(varchar = 50)] street: String)`";
        return Err(Error::custom(message).with_span(column));
    }
    let Meta::List(list) = &attribute.meta else {
        return Err(no_columns(attribute));
    };
    let parts = columns.parse2(list.tokens.clone())?;
    if parts.is_empty() {
        return Err(no_columns(attribute));
    }
    let inner = rust_type::in_option(&field.ty);
    let composite = Composite {
        field: ident,
        vis: field.vis.clone(),
        ty: inner.unwrap_or(&field.ty).clone(),
        optional: inner.is_some(),
        first: 0,
        parts: parts.iter().map(|part| part.ty.clone()).collect(),
    };
    let names = parts.iter().map(|part| part.ident.clone()).collect();
    let fields = parts.into_iter().map(|part| part.field(field, composite.optional)).collect();
    Ok((Whole { composite, names }, fields))
}

fn no_columns(attribute: &Attribute) -> Error {
    let message = "name the columns and their types: `#[composite(columns(x: i32, y: i32))]`";
    Error::custom(message).with_span(&attribute.meta.span())
}

/// `columns(x1: i32, y1: i32 = "db_name")`
fn columns(input: ParseStream<'_>) -> syn::Result<Punctuated<ColumnArg, Token![,]>> {
    let word: Ident = input.parse()?;
    if word != "columns" {
        return Err(syn::Error::new(word.span(), "expected `columns(name: Type, …)`"));
    }
    let inner;
    parenthesized!(inner in input);
    let parts = Punctuated::parse_terminated(&inner)?;
    input.parse::<Option<Token![,]>>()?;
    Ok(parts)
}

/// `x1: i32`, `x1: i32 = "db_name"`, `#[column(index)] x1: i32`
struct ColumnArg {
    attributes: Vec<Attribute>,
    ident: Ident,
    ty: Type,
    name: Option<LitStr>,
}

impl Parse for ColumnArg {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let ident = input.parse()?;
        input.parse::<Token![:]>()?;
        let ty = input.parse()?;
        let name = match input.parse::<Option<Token![=]>>()? {
            Some(_) => Some(input.parse()?),
            None => None,
        };
        Ok(Self { attributes, ident, ty, name })
    }
}

impl ColumnArg {
    /// The field that the column would be if it stood alone.
    fn field(self, whole: &Field, optional: bool) -> Field {
        let Self { mut attributes, ident, ty, name } = self;
        attributes.extend(name.map(|name| -> Attribute { parse_quote!(#[column(name = #name)]) }));
        let ty = match rust_type::in_option(&ty) {
            None if optional => parse_quote!(::std::option::Option<#ty>),
            _ => ty,
        };
        Field { attrs: attributes, ident: Some(ident), ty, ..whole.clone() }
    }
}

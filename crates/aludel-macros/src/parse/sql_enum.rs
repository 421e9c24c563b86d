//! `#[derive(SqlEnum)]`

use darling::ast::Data;
use darling::util::{Flag, Ignored};
use darling::{Error, FromDeriveInput, FromVariant, Result};
use heck::ToSnakeCase;
use syn::ext::IdentExt;
use syn::{Attribute, DeriveInput, Ident};

use super::not_generic;
use super::value::Case;
use crate::model::{SqlEnum, Storage, Variant};

/// `#[sql_enum(…)]` on the enum.
#[derive(FromDeriveInput)]
#[darling(attributes(sql_enum), forward_attrs(repr))]
struct EnumArgs {
    ident: Ident,
    attrs: Vec<Attribute>,
    data: Data<VariantArgs, Ignored>,
    name: Option<String>,
    rename_all: Option<Case>,
    integer: Flag,
}

/// `#[sql_enum(…)]` on a variant.
#[derive(FromVariant)]
#[darling(attributes(sql_enum))]
struct VariantArgs {
    ident: Ident,
    fields: darling::ast::Fields<Ignored>,
    label: Option<String>,
}

pub(crate) fn sql_enum(input: &DeriveInput) -> Result<SqlEnum> {
    not_generic(&input.generics, "an enum of a column can't have type parameters or lifetimes")?;
    if !matches!(input.data, syn::Data::Enum(_)) {
        let message = "`SqlEnum` is for enums; derive `SqlNewtype` for a struct around one value";
        return Err(Error::custom(message).with_span(&input.ident));
    }
    let args = EnumArgs::from_derive_input(input)?;
    let mut errors = Error::accumulator();
    let storage = errors.handle(storage(&args)).unwrap_or(Storage::Text);
    let case = args.rename_all.unwrap_or(Case::Snake);
    let variants = args.data.take_enum().unwrap_or_default();
    if variants.is_empty() {
        errors.push(Error::custom("an enum without variants has no values").with_span(&args.ident));
    }
    let mut known: Vec<Variant> = Vec::new();
    for variant in variants {
        if !variant.fields.is_unit() {
            let message = "a variant with fields is more than one value: only plain variants can be a column's";
            errors.push(Error::custom(message).with_span(&variant.ident));
        }
        let label = variant.label.unwrap_or_else(|| case.apply(&variant.ident.unraw().to_string()));
        if known.iter().any(|other| other.label == label) {
            errors.push(Error::custom(format!("two variants have the label {label:?}")).with_span(&variant.ident));
        }
        known.push(Variant { ident: variant.ident, label });
    }
    let name = args.name.unwrap_or_else(|| args.ident.unraw().to_string().to_snake_case());
    errors.finish_with(SqlEnum { ident: args.ident, name, variants: known, storage })
}

/// Integers are as wide as the enum's `repr` says, and `i32` where it says nothing.
fn storage(args: &EnumArgs) -> Result<Storage> {
    if !args.integer.is_present() {
        return Ok(Storage::Text);
    }
    let mut bits = 32;
    for attribute in &args.attrs {
        attribute.parse_nested_meta(|word| {
            bits = match word.path.get_ident().map(ToString::to_string).as_deref() {
                Some("i8" | "u8" | "i16") => 16,
                Some("u16" | "i32") => 32,
                Some("u32" | "i64" | "isize") => 64,
                _ => return Err(word.error("the database's integers are signed, with 64 bits at most")),
            };
            Ok(())
        })?;
    }
    Ok(Storage::Integer(bits))
}

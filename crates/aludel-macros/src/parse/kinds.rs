//! `#[derive(Kinds)]`

mod concrete;
mod joined;
mod single;

use darling::ast::Data;
use darling::util::{Flag, Ignored};
use darling::{Error, FromDeriveInput, FromVariant, Result};
use heck::ToSnakeCase;
use quote::format_ident;
use syn::ext::IdentExt;
use syn::{Attribute, DeriveInput, Fields, Ident, Visibility};

use super::not_generic;
use super::value::{Case, Columns, PathArg};
use crate::model::{Kind, Kinds, KindsShape};

/// `#[kinds(…)]` on the enum.
#[derive(FromDeriveInput)]
#[darling(attributes(kinds))]
struct KindsArgs {
    ident: Ident,
    vis: Visibility,
    data: Data<VariantArgs, Ignored>,
    of: Option<PathArg>,
    single: Flag,
    concrete: Flag,
    name: Option<String>,
    keys: Option<PathArg>,
    rename_all: Option<Case>,
}

/// `#[kinds(…)]` on a variant.
#[derive(FromVariant)]
#[darling(attributes(kinds), forward_attrs(doc))]
struct VariantArgs {
    ident: Ident,
    attrs: Vec<Attribute>,
    label: Option<String>,
    key: Option<Columns>,
}

/// A variant, and what its attribute says besides its label.
type Variant = Kind<(Fields, Option<Columns>)>;

pub(crate) fn kinds(input: &DeriveInput) -> Result<Kinds> {
    not_generic(&input.generics, "an enum of kinds can't have type parameters or lifetimes")?;
    let syn::Data::Enum(data) = &input.data else {
        let message = "kinds are the variants of an enum";
        return Err(Error::custom(message).with_span(&input.ident));
    };
    let mut args = KindsArgs::from_derive_input(input)?;
    let mut errors = Error::accumulator();
    let fields = data.variants.iter().map(|variant| variant.fields.clone());
    let variants = std::mem::replace(&mut args.data, Data::Enum(Vec::new())).take_enum().unwrap_or_default();
    let variants = variants.into_iter().zip(fields).collect();
    let variants = errors.handle(labeled(variants, args.rename_all.unwrap_or(Case::Snake), &args.ident));
    let variants = variants.unwrap_or_default();
    if let Err(error) = args.check() {
        errors.push(error);
    }
    let shape = match (args.of.take(), args.single.is_present(), args.concrete.is_present()) {
        (Some(base), false, false) => {
            let name = args.name.take().unwrap_or_else(|| args.ident.unraw().to_string().to_snake_case());
            joined::kinds(variants).map(|kinds| KindsShape::Joined { base: base.0, name, kinds })
        }
        (None, true, false) => single::kinds(variants).map(|(kinds, columns)| KindsShape::Single { kinds, columns }),
        (None, false, true) => {
            let keys = match &args.keys {
                Some(keys) => keys.0.require_ident().cloned().map_err(Error::from),
                None => Ok(format_ident!("{}Key", args.ident.unraw(), span = args.ident.span())),
            };
            keys.and_then(|keys| Ok(KindsShape::Concrete { keys, kinds: concrete::kinds(variants)? }))
        }
        _ => {
            let ways = "`#[kinds(of = Employee)]` where each kind has a table beside that of `Employee`, `#[kinds(single)]` \
                        where all are in one table, `#[kinds(concrete)]` where each kind is an entity of its own";
            Err(Error::custom(format!("say where the kinds are: {ways}")).with_span(&args.ident))
        }
    };
    let shape = errors.handle(shape);
    let Some(shape) = shape else {
        return errors.finish_with(()).and(Err(Error::custom("no kinds").with_span(&args.ident)));
    };
    errors.finish_with(Kinds { ident: args.ident, vis: args.vis, shape })
}

impl KindsArgs {
    /// Options that mean nothing here.
    fn check(&self) -> Result<()> {
        if self.name.is_some() && self.of.is_none() {
            return Err(Error::custom("`name` belongs to `of`: it is the type of the column that says the kind")
                .with_span(&self.ident));
        }
        match &self.keys {
            Some(keys) if !self.concrete.is_present() => {
                Err(Error::custom("`keys` belongs to `concrete`: elsewhere the base entity's key stands for all kinds")
                    .with_span(&keys.0))
            }
            _ => Ok(()),
        }
    }
}

/// The variants with their labels, no two of which are the same.
fn labeled(variants: Vec<(VariantArgs, Fields)>, case: Case, ident: &Ident) -> Result<Vec<Variant>> {
    let mut errors = Error::accumulator();
    let mut known: Vec<Variant> = Vec::new();
    if variants.is_empty() {
        errors.push(Error::custom("an enum without variants has no kinds").with_span(ident));
    }
    for (variant, fields) in variants {
        let VariantArgs { ident, attrs, label, key } = variant;
        let label = label.unwrap_or_else(|| case.apply(&ident.unraw().to_string()));
        if known.iter().any(|other| other.label == label) {
            errors.push(Error::custom(format!("two kinds have the label {label:?}")).with_span(&ident));
        }
        known.push(Kind { ident, docs: attrs, label, data: (fields, key) });
    }
    errors.finish_with(known)
}

/// Refuses the columns of a key where there is no table that they could be in.
fn no_key(kind: &Variant, why: &str) -> Result<()> {
    match &kind.data.1 {
        Some(_) => Err(Error::custom(format!("`key` names the columns that refer to the base, and {why}"))
            .with_span(&kind.ident.span())),
        None => Ok(()),
    }
}

//! A field as a relationship.

mod arguments;
mod options;

use darling::{Error, FromMeta, Result};
use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Field, Fields, Meta, Type};

use super::constant;
use crate::model::{ColumnPath, Relation, RelationKind};
use crate::rust_type::{self, Wrapper};
use arguments::Arguments;
use options::RelationOptions;

const KINDS: [RelationKind; 4] =
    [RelationKind::HasMany, RelationKind::HasOne, RelationKind::BelongsTo, RelationKind::ManyToMany];

/// Takes the fields that are relationships out of the struct.
pub(super) fn take(input: &mut DeriveInput) -> Vec<Field> {
    let Data::Struct(data) = &mut input.data else {
        return Vec::new();
    };
    let Fields::Named(fields) = &mut data.fields else {
        return Vec::new();
    };
    let (relations, others): (Vec<_>, Vec<_>) =
        std::mem::take(&mut fields.named).into_iter().partition(|field| field.attrs.iter().any(is_relation));
    fields.named = others.into_iter().collect();
    relations
}

fn is_relation(attribute: &Attribute) -> bool {
    kind(attribute).is_some()
}

fn kind(attribute: &Attribute) -> Option<RelationKind> {
    KINDS.into_iter().find(|kind| attribute.path().is_ident(kind.attribute()))
}

/// The relationship; `Self` stands for the entity.
pub(super) fn relation(field: &Field, entity: &Ident) -> Result<Relation> {
    let ident = field.ident.clone().ok_or_else(|| Error::custom("a relationship is a field with a name"))?;
    let mut kinds = field.attrs.iter().filter_map(|attribute| Some((kind(attribute)?, attribute)));
    let Some((kind, attribute)) = kinds.next() else {
        return Err(Error::custom("not a relationship").with_span(&ident));
    };
    if let Some((second, attribute)) = kinds.next() {
        let (first, second) = (kind.attribute(), second.attribute());
        let ways = if first == second {
            format!("remove one of its `{first}`")
        } else {
            format!("either `{first}` or `{second}`")
        };
        let message = format!("a field is one relationship: {ways}");
        return Err(Error::custom(message).with_span(attribute.path()));
    }
    if let Some(column) = field.attrs.iter().find(|attribute| attribute.path().is_ident("column")) {
        let message =
            format!("a relationship is no column of the table: what is said of it stands in `{}`", kind.attribute());
        return Err(Error::custom(message).with_span(column));
    }
    let mut errors = Error::accumulator();
    let target = errors.handle(target(kind, &field.ty, entity));
    let arguments = errors.handle(arguments(kind, attribute, entity));
    let (Some(target), Some((columns, far, options))) = (target, arguments) else {
        return errors.finish_with(()).and(Err(Error::custom("not a relationship").with_span(&ident)));
    };
    if let Err(error) = options.check(kind, attribute) {
        errors.push(error);
    }
    let constant = errors.handle(constant::of_field(&ident, options.constant.as_deref(), kind.attribute()));
    let constant = errors.finish_with(constant)?.unwrap_or_else(|| ident.clone());
    Ok(Relation {
        vis: field.vis.clone(),
        docs: field.attrs.iter().filter(|attribute| attribute.path().is_ident("doc")).cloned().collect(),
        constant,
        kind,
        target,
        columns,
        far,
        order_by: options.order_by.map(|order| order.0).unwrap_or_default(),
        filter: options.filter.map(|filter| filter.0),
        position: options.position.map(|position| position.0),
        cascade: options.cascade.map(|cascade| cascade.0).unwrap_or_default(),
        passive_deletes: options.passive_deletes.is_present(),
        view_only: options.view_only.is_present(),
        post_update: options.post_update.is_present(),
        field: ident,
    })
}

/// The entity on the other side, which is in the field's type.
fn target(kind: RelationKind, ty: &Type, entity: &Ident) -> Result<Type> {
    let (wanted, other) = if kind.is_many() { ("Many", "One") } else { ("One", "Many") };
    match rust_type::relationship(ty) {
        Some((wrapper, inner)) if (wrapper == Wrapper::Many) == kind.is_many() => {
            Ok(syn::parse2(own_name(inner.to_token_stream(), entity))?)
        }
        Some(_) => {
            let fitting = KINDS.iter().filter(|other| other.is_many() != kind.is_many());
            let fitting: Vec<_> = fitting.map(|kind| format!("`{}`", kind.attribute())).collect();
            let message = format!(
                "the field of `{}` is a `{wanted}<T>`; a `{other}<T>` is for {}",
                kind.attribute(),
                fitting.join(" or ")
            );
            Err(Error::custom(message).with_span(ty))
        }
        None => {
            let message = format!("the field of `{}` is a `{wanted}<T>` of another entity", kind.attribute());
            Err(Error::custom(message).with_span(ty))
        }
    }
}

type Parts = (Vec<ColumnPath>, Vec<ColumnPath>, RelationOptions);

/// Columns, columns on the far side of a link table, and options.
fn arguments(kind: RelationKind, attribute: &Attribute, entity: &Ident) -> Result<Parts> {
    let Meta::List(list) = &attribute.meta else {
        return Err(no_columns(kind, attribute));
    };
    let Arguments { columns, options } = syn::parse2(own_name(list.tokens.clone(), entity))?;
    if columns.is_empty() {
        return Err(no_columns(kind, attribute));
    }
    let options = RelationOptions::from_list(&options)?;
    if kind == RelationKind::ManyToMany {
        let [near, far] = <[Vec<ColumnPath>; 2]>::try_from(columns).map_err(|_| no_columns(kind, attribute))?;
        return Ok((near, far, options));
    }
    Ok((columns.into_iter().flatten().collect(), Vec::new(), options))
}

fn no_columns(kind: RelationKind, attribute: &Attribute) -> Error {
    let message = match kind {
        RelationKind::HasMany | RelationKind::HasOne => {
            let name = kind.attribute();
            format!("name the other entity's column that refers to this one: `#[{name}(Address::USER_ID)]`")
        }
        RelationKind::BelongsTo => {
            "name this entity's column that refers to the other one: `#[belongs_to(Address::USER_ID)]`".to_owned()
        }
        RelationKind::ManyToMany => {
            let columns = "the column that refers to this entity, and the one that refers to the other";
            format!(
                "name two columns of the link table, {columns}: `#[many_to_many(OrderTag::ORDER_ID, OrderTag::TAG_ID)]`"
            )
        }
    };
    Error::custom(message).with_span(&attribute.meta.span())
}

/// Puts the entity's name for `Self`, which stands for nothing in the `static` items that these tokens end in.
fn own_name(tokens: TokenStream, entity: &Ident) -> TokenStream {
    let one = |token| match token {
        TokenTree::Ident(ident) if ident == "Self" => {
            let mut name = entity.clone();
            name.set_span(ident.span());
            TokenTree::Ident(name)
        }
        TokenTree::Group(group) => {
            let mut inner = Group::new(group.delimiter(), own_name(group.stream(), entity));
            inner.set_span(group.span());
            TokenTree::Group(inner)
        }
        other => other,
    };
    tokens.into_iter().map(one).collect()
}

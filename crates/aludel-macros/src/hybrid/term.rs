//! What a part of a method's body has become.

use darling::Error;
use proc_macro2::TokenStream;
use quote::quote;
use syn::spanned::Spanned;
use syn::{Expr, GenericArgument, Ident, PathArguments, Type, TypeReference, parse_quote};

use crate::rust_type;

/// A part of a method's body.
pub(super) struct Term {
    pub(super) tokens: TokenStream,
    pub(super) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// An SQL expression: a column, or what is made of one.
    Sql,
    /// A Rust value, which has nothing to do with the object.
    Value,
    /// `None`
    Null,
}

impl Term {
    pub(super) fn sql(tokens: TokenStream) -> Self {
        Self { tokens, kind: Kind::Sql }
    }

    pub(super) fn is_sql(&self) -> bool {
        self.kind == Kind::Sql
    }
}

/// A type of the method as the types of columns are.
pub(super) struct SqlType {
    /// Without `Option`.
    pub(super) base: Type,
    pub(super) optional: bool,
}

impl SqlType {
    pub(super) fn of(ty: &Type) -> Self {
        let ty = owned(ty);
        match rust_type::in_option(&ty) {
            Some(inner) => Self { base: owned(inner), optional: true },
            None => Self { base: ty, optional: false },
        }
    }

    /// The type as a whole.
    pub(super) fn full(&self) -> TokenStream {
        let base = &self.base;
        if self.optional { quote!(::std::option::Option<#base>) } else { quote!(#base) }
    }
}

/// What is borrowed in the program has the type of what owns it in SQL.
fn owned(ty: &Type) -> Type {
    match ty {
        Type::Reference(TypeReference { elem, .. }) => owned(elem),
        Type::Paren(paren) => owned(&paren.elem),
        Type::Group(group) => owned(&group.elem),
        Type::Slice(slice) => {
            let element = &slice.elem;
            parse_quote!(::std::vec::Vec<#element>)
        }
        Type::Path(path) if path.path.is_ident("str") => parse_quote!(::std::string::String),
        other => other.clone(),
    }
}

/// The words of a message about what SQL has no words for.
pub(super) fn unknown(what: &impl Spanned) -> Error {
    let message = "this has no translation to SQL. A hybrid is made of the fields of `self`, parameters, constants, arithmetic, \
                   comparisons, `&&`, `||`, `!`, `as`, `let`, `if`, `match`, calls of other hybrids, and the methods \
                   `is_some`, `is_none`, `unwrap_or`, `starts_with`, `ends_with`, `contains`, `is_empty`, `len`, \
                   `to_lowercase`, `to_uppercase`, `abs`, `min` and `max`; anything else is an expression that you write: \
                   `#[hybrid(expr = path)]`, a function of the same parameters";
    Error::custom(message).with_span(&what.span())
}

/// An expression without brackets and borrows, which SQL has none of.
pub(super) fn bare(expr: &Expr) -> &Expr {
    match expr {
        Expr::Paren(inner) => bare(&inner.expr),
        Expr::Group(inner) => bare(&inner.expr),
        Expr::Reference(inner) => bare(&inner.expr),
        Expr::Unary(inner) if matches!(inner.op, syn::UnOp::Deref(_)) => bare(&inner.expr),
        other => other,
    }
}

/// The name, if the expression is nothing but one.
pub(super) fn name(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Path(path) if path.qself.is_none() => path.path.get_ident(),
        _ => None,
    }
}

/// Whether a type is a place-holder, as in `x as _`.
pub(super) fn is_inferred(ty: &Type) -> bool {
    let inner = |argument: &GenericArgument| matches!(argument, GenericArgument::Type(ty) if is_inferred(ty));
    match ty {
        Type::Infer(_) => true,
        Type::Path(path) => path.path.segments.iter().any(|segment| match &segment.arguments {
            PathArguments::AngleBracketed(arguments) => arguments.args.iter().any(inner),
            _ => false,
        }),
        _ => false,
    }
}

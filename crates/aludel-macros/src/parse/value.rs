//! Values of attributes that more than one attribute takes.

use darling::ast::NestedMeta;
use darling::{Error, FromMeta, Result};
use heck::{ToKebabCase, ToLowerCamelCase, ToShoutySnakeCase, ToSnakeCase, ToUpperCamelCase};
use syn::spanned::Spanned;
use syn::{Expr, Ident, Lit, Meta, Path};

use crate::model::ColumnPath;

/// Any expression, as it stands: `name = expression`.
pub(super) struct Written(pub(super) Expr);

impl FromMeta for Written {
    fn from_expr(expr: &Expr) -> Result<Self> {
        Ok(Self(expr.clone()))
    }
}

/// What the database evaluates, not the program: a text, also where it is a number.
pub(super) struct Quoted(pub(super) String);

impl FromMeta for Quoted {
    fn from_expr(expr: &Expr) -> Result<Self> {
        match expr {
            Expr::Group(group) => Self::from_expr(&group.expr),
            Expr::Lit(literal) if let Lit::Str(text) = &literal.lit => Ok(Self(text.value())),
            other => {
                Err(Error::custom("expected a text in quotes, since the database reads it").with_span(&other.span()))
            }
        }
    }
}

/// A word alone, or with a name: `unique`, `unique = "uq_users_name"`.
pub(super) struct MaybeNamed(pub(super) Option<String>);

impl FromMeta for MaybeNamed {
    fn from_word() -> Result<Self> {
        Ok(Self(None))
    }

    fn from_string(name: &str) -> Result<Self> {
        Ok(Self(Some(name.to_owned())))
    }
}

/// Fields by their names: `columns(a, b)`.
#[derive(Default)]
pub(super) struct Fields(pub(super) Vec<Ident>);

impl FromMeta for Fields {
    fn from_list(items: &[NestedMeta]) -> Result<Self> {
        if items.is_empty() {
            return Err(Error::custom("name at least one field"));
        }
        items.iter().map(field).collect::<Result<_>>().map(Self)
    }
}

/// One field by its name.
pub(super) fn field(item: &NestedMeta) -> Result<Ident> {
    let ident = match item {
        NestedMeta::Meta(Meta::Path(path)) => path.get_ident(),
        _ => None,
    };
    ident.cloned().ok_or_else(|| Error::custom("expected the name of a field, without quotes").with_span(item))
}

/// A column of an entity: `User::ID`.
pub(super) fn column_path(path: &Path) -> Result<ColumnPath> {
    let mut entity = path.clone();
    let constant = entity.segments.pop();
    entity.segments.pop_punct();
    match constant {
        Some(constant) if !entity.segments.is_empty() => Ok(ColumnPath { entity, constant: constant.ident }),
        _ => Err(Error::custom("expected a column of an entity, such as `User::ID`").with_span(&path.span())),
    }
}

/// Columns of an entity: `key = User::ID`, `key(Line::SHOP, Line::NUMBER)`.
pub(super) struct Columns(pub(super) Vec<ColumnPath>);

impl FromMeta for Columns {
    fn from_expr(expr: &Expr) -> Result<Self> {
        PathArg::from_expr(expr).and_then(|path| column_path(&path.0)).map(|column| Self(vec![column]))
    }

    fn from_list(items: &[NestedMeta]) -> Result<Self> {
        let one = |item: &NestedMeta| match item {
            NestedMeta::Meta(Meta::Path(path)) => column_path(path),
            other => Err(Error::custom("expected a column of an entity, such as `User::ID`").with_span(other)),
        };
        items.iter().map(one).collect::<Result<_>>().map(Self)
    }
}

/// The name of an item of the program: `of = Employee`.
pub(super) struct PathArg(pub(super) Path);

impl FromMeta for PathArg {
    fn from_expr(expr: &Expr) -> Result<Self> {
        match expr {
            Expr::Path(path) if path.qself.is_none() => Ok(Self(path.path.clone())),
            Expr::Group(group) => Self::from_expr(&group.expr),
            other => Err(Error::custom("expected a name, without quotes").with_span(&other.span())),
        }
    }
}

/// A whole number that may be negative.
pub(super) struct Number(pub(super) i64);

impl FromMeta for Number {
    fn from_expr(expr: &Expr) -> Result<Self> {
        let (negative, literal) = match expr {
            Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => (true, &*unary.expr),
            other => (false, other),
        };
        let Expr::Lit(literal) = literal else {
            return Err(Error::custom("expected a whole number").with_span(&expr.span()));
        };
        let Lit::Int(number) = &literal.lit else {
            return Err(Error::custom("expected a whole number").with_span(&expr.span()));
        };
        let number: i64 = number.base10_parse()?;
        Ok(Self(if negative { -number } else { number }))
    }
}

/// How names are made of Rust's.
#[derive(Clone, Copy, FromMeta)]
pub(super) enum Case {
    #[darling(rename = "snake_case")]
    Snake,
    #[darling(rename = "SCREAMING_SNAKE_CASE")]
    ScreamingSnake,
    #[darling(rename = "camelCase")]
    Camel,
    #[darling(rename = "PascalCase")]
    Pascal,
    #[darling(rename = "kebab-case")]
    Kebab,
    #[darling(rename = "lowercase")]
    Lower,
    #[darling(rename = "UPPERCASE")]
    Upper,
}

impl Case {
    pub(super) fn apply(self, name: &str) -> String {
        match self {
            Self::Snake => name.to_snake_case(),
            Self::ScreamingSnake => name.to_shouty_snake_case(),
            Self::Camel => name.to_lower_camel_case(),
            Self::Pascal => name.to_upper_camel_case(),
            Self::Kebab => name.to_kebab_case(),
            Self::Lower => name.to_lowercase(),
            Self::Upper => name.to_uppercase(),
        }
    }
}

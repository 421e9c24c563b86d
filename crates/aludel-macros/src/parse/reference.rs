//! What a foreign key refers to, and what happens when that changes.

use darling::ast::NestedMeta;
use darling::{Error, FromMeta, Result};
use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Expr, Ident, Lit, Meta, Path};

use super::value::column_path;
use crate::model::{Action, ColumnPath, Deferrable, Target};

/// `references = User::ID`, `references = "users.id"`, `references(Order::ID, Order::LINE)`,
/// `references("orders.id", "orders.line")`.
pub(super) struct Reference(Vec<Referenced>);

enum Referenced {
    Column(ColumnPath),
    Named { schema: Option<String>, table: String, column: String },
}

impl FromMeta for Reference {
    fn from_expr(expr: &Expr) -> Result<Self> {
        let one = match expr {
            Expr::Path(path) if path.qself.is_none() => column(&path.path),
            Expr::Lit(literal) => named(&literal.lit),
            Expr::Group(group) => return Self::from_expr(&group.expr),
            other => Err(expected(other)),
        };
        one.map(|one| Self(vec![one]))
    }

    fn from_list(items: &[NestedMeta]) -> Result<Self> {
        let one = |item: &NestedMeta| match item {
            NestedMeta::Meta(Meta::Path(path)) => column(path),
            NestedMeta::Lit(literal) => named(literal),
            other => Err(expected(other)),
        };
        items.iter().map(one).collect::<Result<_>>().map(Self)
    }
}

impl Reference {
    /// The target; `Self` stands for the entity itself.
    pub(super) fn target(self, entity: &Ident, columns: usize) -> Result<Target> {
        if self.0.len() != columns {
            let found = self.0.len();
            return Err(Error::custom(format!("{columns} column(s) refer to {found}: name as many of each")));
        }
        let mut paths: Vec<ColumnPath> = Vec::new();
        let mut place: Option<(Option<String>, String)> = None;
        let mut names = Vec::new();
        for one in self.0 {
            match one {
                Referenced::Column(mut path) => {
                    if path.entity.is_ident("Self") {
                        path.entity = entity.clone().into();
                    }
                    if paths.first().is_some_and(|first| text(&first.entity) != text(&path.entity)) {
                        return Err(Error::custom("a foreign key refers to one table").with_span(&path.entity));
                    }
                    paths.push(path);
                }
                Referenced::Named { schema, table, column } => {
                    if place.as_ref().is_some_and(|first| *first != (schema.clone(), table.clone())) {
                        return Err(Error::custom("a foreign key refers to one table"));
                    }
                    place = Some((schema, table));
                    names.push(column);
                }
            }
        }
        match place {
            None => Ok(Target::Columns(paths)),
            Some((schema, table)) if paths.is_empty() => Ok(Target::Named { schema, table, columns: names }),
            Some(_) => Err(Error::custom("either columns of an entity or texts, not both")),
        }
    }
}

fn text(path: &Path) -> String {
    path.to_token_stream().to_string()
}

fn column(path: &Path) -> Result<Referenced> {
    column_path(path).map(Referenced::Column).map_err(|_| expected(path))
}

fn named(literal: &Lit) -> Result<Referenced> {
    let Lit::Str(text) = literal else {
        return Err(expected(literal));
    };
    let text = text.value();
    let words: Vec<String> = text.split('.').map(str::to_owned).collect();
    match <[String; 2]>::try_from(words) {
        Ok([table, column]) => Ok(Referenced::Named { schema: None, table, column }),
        Err(words) => match <[String; 3]>::try_from(words) {
            Ok([schema, table, column]) => Ok(Referenced::Named { schema: Some(schema), table, column }),
            Err(_) => Err(expected(literal)),
        },
    }
}

fn expected(found: &impl Spanned) -> Error {
    Error::custom("expected a column of an entity, such as `User::ID`, or a text \"table.column\"")
        .with_span(&found.span())
}

/// `on_delete = "cascade"`
pub(super) struct ActionArg(pub(super) Action);

impl FromMeta for ActionArg {
    fn from_string(text: &str) -> Result<Self> {
        let action = match text.to_lowercase().replace('_', " ").as_str() {
            "cascade" => Action::Cascade,
            "set null" => Action::SetNull,
            "set default" => Action::SetDefault,
            "restrict" => Action::Restrict,
            "no action" => Action::Nothing,
            _ => {
                let actions = "\"cascade\", \"set null\", \"set default\", \"restrict\" or \"no action\"";
                return Err(Error::custom(format!("expected {actions}, not {text:?}")));
            }
        };
        Ok(Self(action))
    }
}

/// `deferrable = "deferred"`
pub(super) struct DeferrableArg(pub(super) Deferrable);

impl FromMeta for DeferrableArg {
    fn from_string(text: &str) -> Result<Self> {
        match text {
            "deferred" => Ok(Self(Deferrable::Deferred)),
            "immediate" => Ok(Self(Deferrable::Immediate)),
            _ => Err(Error::custom(format!(
                "expected \"deferred\" or \"immediate\" (when it is checked first), not {text:?}"
            ))),
        }
    }
}

//! Options of a relationship.

use darling::ast::NestedMeta;
use darling::util::Flag;
use darling::{Error, FromMeta, Result};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Meta};

use crate::model::{Cascade, ColumnPath, OrderTerm, RelationKind};
use crate::parse::value::{Written, column_path};

/// What stands behind the columns.
#[derive(FromMeta)]
pub(super) struct RelationOptions {
    pub(super) cascade: Option<CascadeArg>,
    pub(super) order_by: Option<OrderArg>,
    pub(super) filter: Option<Written>,
    pub(super) position: Option<ColumnArg>,
    pub(super) passive_deletes: Flag,
    pub(super) view_only: Flag,
    pub(super) post_update: Flag,
    pub(super) constant: Option<String>,
}

impl RelationOptions {
    /// Options that mean nothing for this kind of relationship.
    pub(super) fn check(&self, kind: RelationKind, attribute: &Attribute) -> Result<()> {
        let message = if self.order_by.is_some() && !kind.is_many() {
            "`order_by` is for collections: there is at most one object here"
        } else if self.position.is_some() && kind != RelationKind::HasMany {
            "`position` is for `has_many`: it names the column of the other entity that holds its place in the list"
        } else {
            return Ok(());
        };
        Err(Error::custom(message).with_span(&attribute.meta.span()))
    }
}

/// `cascade = "all, delete-orphan"`
pub(super) struct CascadeArg(pub(super) Cascade);

impl FromMeta for CascadeArg {
    fn from_string(text: &str) -> Result<Self> {
        let mut cascade = Cascade::default();
        let mut words = 0;
        for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            words += 1;
            match word {
                "save-update" | "merge" | "refresh-expire" => {}
                "all" => cascade.all = true,
                "delete" => cascade.delete = true,
                "delete-orphan" => cascade.delete_orphan = true,
                "expunge" => cascade.expunge = true,
                "none" => cascade.none = true,
                other => {
                    let known = "\"save-update\", \"merge\", \"refresh-expire\", \"delete\", \"delete-orphan\", \
                                 \"expunge\", \"all\" and \"none\"";
                    return Err(Error::custom(format!("{other:?} is no word of a cascade; those are {known}")));
                }
            }
        }
        if words == 0 {
            return Err(Error::custom("expected words such as \"all, delete-orphan\", or \"none\""));
        }
        if cascade.none && words > 1 {
            return Err(Error::custom("\"none\" stands alone"));
        }
        Ok(Self(cascade))
    }
}

/// `position = Item::POSITION`
pub(super) struct ColumnArg(pub(super) ColumnPath);

impl FromMeta for ColumnArg {
    fn from_expr(expr: &Expr) -> Result<Self> {
        match expr {
            Expr::Group(group) => Self::from_expr(&group.expr),
            Expr::Path(path) if path.qself.is_none() => column_path(&path.path).map(Self),
            other => Err(Error::custom("expected a column of an entity, such as `User::ID`").with_span(&other.span())),
        }
    }
}

/// `order_by = Address::ID`, `order_by(Address::EMAIL, desc(Address::ID))`
pub(super) struct OrderArg(pub(super) Vec<OrderTerm>);

impl FromMeta for OrderArg {
    fn from_expr(expr: &Expr) -> Result<Self> {
        match expr {
            Expr::Group(group) => Self::from_expr(&group.expr),
            Expr::Path(path) if path.qself.is_none() => column_path(&path.path).map(|column| Self::one(column, false)),
            Expr::Call(call) if call.args.len() == 1 => {
                let descending = matches!(&*call.func, Expr::Path(path) if path.path.is_ident("desc"));
                match &call.args[0] {
                    Expr::Path(path) if descending => {
                        column_path(&path.path).map(|column| Self::one(column, descending))
                    }
                    _ => Err(not_an_order(call)),
                }
            }
            other => Err(not_an_order(other)),
        }
    }

    fn from_list(items: &[NestedMeta]) -> Result<Self> {
        if items.is_empty() {
            return Err(Error::custom("name at least one column"));
        }
        items.iter().map(term).collect::<Result<_>>().map(Self)
    }
}

impl OrderArg {
    fn one(column: ColumnPath, descending: bool) -> Self {
        Self(vec![OrderTerm { column, descending }])
    }
}

fn term(item: &NestedMeta) -> Result<OrderTerm> {
    match item {
        NestedMeta::Meta(Meta::Path(path)) => Ok(OrderTerm { column: column_path(path)?, descending: false }),
        NestedMeta::Meta(Meta::List(list)) if list.path.is_ident("desc") => {
            Ok(OrderTerm { column: column_path(&list.parse_args()?)?, descending: true })
        }
        other => Err(not_an_order(other)),
    }
}

fn not_an_order(found: &impl Spanned) -> Error {
    Error::custom("expected a column or `desc(column)`").with_span(&found.span())
}

//! A field as a column.

use darling::ast::NestedMeta;
use darling::util::Flag;
use darling::{Error, FromField, FromMeta, Result};
use syn::ext::IdentExt;
use syn::{Attribute, Ident, Lit, Type, Visibility};

use super::constant;
use super::constraint::IndexOptions;
use super::reference::{ActionArg, DeferrableArg, Reference};
use super::value::{Case, MaybeNamed, Number, Quoted, Written};
use crate::model::{ClientDefault, Column, ColumnType, Generated, Identity, ServerDefault};
use crate::rust_type::{self, Wrapper};

/// `#[column(…)]` on a field of an entity.
#[derive(FromField)]
#[darling(attributes(column), forward_attrs(doc))]
pub(super) struct ColumnArgs {
    pub(super) ident: Option<Ident>,
    vis: Visibility,
    pub(super) ty: Type,
    attrs: Vec<Attribute>,

    pub(super) skip: Flag,
    name: Option<String>,
    constant: Option<String>,
    comment: Option<String>,

    pub(super) primary_key: Flag,
    pub(super) generated: Option<GeneratedArg>,
    identity: Option<IdentityArgs>,
    pub(super) unique: Option<MaybeNamed>,
    pub(super) index: Option<IndexArg>,
    pub(super) check: Option<String>,
    pub(super) version: Flag,
    pub(super) kind: Flag,
    #[darling(multiple, rename = "validate")]
    validators: Vec<Written>,

    pub(super) references: Option<Reference>,
    pub(super) on_delete: Option<ActionArg>,
    pub(super) on_update: Option<ActionArg>,
    pub(super) deferrable: Option<DeferrableArg>,

    default: Option<DefaultArg>,
    server_default: Option<Quoted>,
    server_default_text: Option<Quoted>,
    server_default_now: Flag,
    computed: Option<Quoted>,
    stored: Flag,
    expression: Option<Written>,

    varchar: Option<u32>,
    char: Option<u32>,
    numeric: Option<NumericArg>,
    sql_type: Option<Written>,
    collate: Option<String>,
}

impl ColumnArgs {
    /// The field's name; a column has one, since the struct's fields are named.
    pub(super) fn field(&self) -> Result<&Ident> {
        self.ident.as_ref().ok_or_else(|| Error::custom("a column is a field with a name"))
    }

    /// Whether the database could number rows by it.
    pub(super) fn is_integer(&self) -> bool {
        rust_type::is_integer(rust_type::in_option(&self.ty).unwrap_or(&self.ty))
    }

    /// The column, but for what the whole struct decides.
    pub(super) fn column(&mut self, case: Option<Case>) -> Result<Column> {
        let field = self.field()?.clone();
        let mut errors = Error::accumulator();
        let plain = field.unraw().to_string();
        let name = self.name.take().unwrap_or_else(|| case.map_or_else(|| plain.clone(), |case| case.apply(&plain)));
        let constant = errors.handle(constant::of_field(&field, self.constant.as_deref(), "column"));
        let sql_type = errors.handle(self.sql_type(&field));
        let server_default = errors.handle(self.server_default(&field));
        let generated = errors.handle(self.generated(&field));
        for check in [self.check_reference(&field), self.check_version(), self.check_kind(), self.check_type()] {
            errors.handle(check);
        }
        let mut errors = errors.checkpoint()?;
        let (Some(constant), Some(sql_type), Some(server_default), Some(generated)) =
            (constant, sql_type, server_default, generated)
        else {
            return errors.finish_with(()).and(Err(Error::custom("not a column").with_span(&field)));
        };
        // A row that nobody has changed yet has the version 1; a session counts from there.
        let first_version = self.version.is_present().then(|| ClientDefault::Written(syn::parse_quote!(1)));
        let default = self.default.take().map(|default| default.0).or(first_version);
        let made = server_default.is_some() || default.is_some();
        if matches!(generated, Generated::Computed { .. }) && made {
            errors.push(Error::custom("a computed column has no default").with_span(&field));
        }
        if matches!(generated, Generated::Expression(_)) && (made || self.describes_a_column()) {
            let message = "the table has no column for an `expression`: it has no default, key, reference, index, constraint, \
                           version, kind, validator, collation or comment";
            errors.push(Error::custom(message).with_span(&field));
        }
        let optional = rust_type::in_option(&self.ty).cloned();
        let nullable = match optional {
            Some(_) if self.primary_key.is_present() => Some(false),
            Some(_) => Some(true),
            None => None,
        };
        errors.finish_with(Column {
            part: None,
            vis: self.vis.clone(),
            docs: std::mem::take(&mut self.attrs),
            ty: self.ty.clone(),
            optional,
            name,
            constant,
            sql_type,
            nullable,
            default,
            server_default,
            generated,
            collation: self.collate.take(),
            comment: self.comment.take(),
            validators: std::mem::take(&mut self.validators).into_iter().map(|written| written.0).collect(),
            field,
        })
    }

    fn sql_type(&mut self, field: &Ident) -> Result<Option<ColumnType>> {
        let types = [
            self.varchar.take().map(ColumnType::Varchar),
            self.char.take().map(ColumnType::Char),
            self.numeric.take().map(|NumericArg(precision, scale)| ColumnType::Numeric(precision, scale)),
            self.sql_type.take().map(|written| ColumnType::Written(written.0)),
        ];
        at_most_one(types, "`varchar`, `char`, `numeric` and `sql_type`", field)
    }

    fn server_default(&mut self, field: &Ident) -> Result<Option<ServerDefault>> {
        let defaults = [
            self.server_default.take().map(|sql| ServerDefault::Sql(sql.0)),
            self.server_default_text.take().map(|text| ServerDefault::Text(text.0)),
            self.server_default_now.is_present().then_some(ServerDefault::Now),
        ];
        at_most_one(defaults, "`server_default`, `server_default_text` and `server_default_now`", field)
    }

    /// How the value is made, as far as the field itself says it.
    fn generated(&mut self, field: &Ident) -> Result<Generated> {
        let stored = self.stored.is_present();
        if stored && self.computed.is_none() {
            return Err(Error::custom("`stored` belongs to `computed`").with_span(&self.stored.span()));
        }
        let key = match &self.generated {
            Some(GeneratedArg::Yes) => Some(Generated::Key),
            Some(GeneratedArg::Monotonic) => Some(Generated::MonotonicKey),
            Some(GeneratedArg::Identity) => {
                Some(Generated::Identity(Identity { always: false, start: None, increment: None }))
            }
            Some(GeneratedArg::No) | None => None,
        };
        let ways = [
            key,
            self.identity.take().map(IdentityArgs::identity).map(Generated::Identity),
            self.computed.take().map(|sql| Generated::Computed { sql: sql.0, stored }),
            self.expression.take().map(|expr| Generated::Expression(Box::new(expr.0))),
        ];
        let way =
            at_most_one(ways, "`generated`, `identity`, `computed` and `expression`", field)?.unwrap_or(Generated::No);
        let is_key = matches!(way, Generated::Key | Generated::MonotonicKey);
        if is_key && !self.primary_key.is_present() {
            let advice = "write `generated = \"identity\"` for a number that is no key";
            return Err(Error::custom(format!("only a primary key is generated; {advice}")).with_span(field));
        }
        if matches!(way, Generated::Computed { .. }) && self.primary_key.is_present() {
            return Err(Error::custom("a primary key can't be computed").with_span(field));
        }
        Ok(way)
    }

    /// Whether an attribute says something of a column in the table.
    fn describes_a_column(&self) -> bool {
        let flags = [&self.primary_key, &self.version, &self.kind];
        flags.iter().any(|flag| flag.is_present())
            || self.unique.is_some()
            || self.index.is_some()
            || self.check.is_some()
            || self.references.is_some()
            || self.collate.is_some()
            || self.comment.is_some()
            || !self.validators.is_empty()
    }

    fn check_version(&self) -> Result<()> {
        if self.version.is_present() && !rust_type::is_integer(&self.ty) {
            let message = "a version counts the changes of a row: it is an integer, and never NULL";
            return Err(Error::custom(message).with_span(&self.ty));
        }
        Ok(())
    }

    fn check_kind(&self) -> Result<()> {
        let is_free = self.optional_type().is_none() && !self.primary_key.is_present() && self.references.is_none();
        if self.kind.is_present() && !is_free {
            let message = "the kind of a row is a column of its own, and never NULL: neither an `Option`, nor in the primary \
                           key, nor a reference";
            return Err(Error::custom(message).with_span(&self.kind.span()));
        }
        Ok(())
    }

    fn optional_type(&self) -> Option<&Type> {
        rust_type::in_option(&self.ty)
    }

    /// A relationship without its attribute would be a column of a type that no database has.
    fn check_type(&self) -> Result<()> {
        let ways = match rust_type::relationship(&self.ty) {
            Some((Wrapper::Many, _)) => "`has_many` or `many_to_many`",
            Some((Wrapper::One, _)) => "`has_one` or `belongs_to`",
            None => return Ok(()),
        };
        Err(Error::custom(format!("say how the objects are found: {ways}")).with_span(&self.ty))
    }

    fn check_reference(&self, field: &Ident) -> Result<()> {
        let details = self.on_delete.is_some() || self.on_update.is_some() || self.deferrable.is_some();
        if details && self.references.is_none() {
            let message = "`on_delete`, `on_update` and `deferrable` belong to `references = Entity::COLUMN`";
            return Err(Error::custom(message).with_span(field));
        }
        Ok(())
    }
}

fn at_most_one<T, const N: usize>(all: [Option<T>; N], what: &str, field: &Ident) -> Result<Option<T>> {
    let mut given = all.into_iter().flatten();
    let first = given.next();
    if given.next().is_some() {
        return Err(Error::custom(format!("at most one of {what}")).with_span(field));
    }
    Ok(first)
}

/// `generated`, `generated = false`, `generated = "monotonic"`
pub(super) enum GeneratedArg {
    Yes,
    No,
    Monotonic,
    Identity,
}

impl FromMeta for GeneratedArg {
    fn from_word() -> Result<Self> {
        Ok(Self::Yes)
    }

    fn from_bool(value: bool) -> Result<Self> {
        Ok(if value { Self::Yes } else { Self::No })
    }

    fn from_string(text: &str) -> Result<Self> {
        match text {
            "monotonic" => Ok(Self::Monotonic),
            "identity" => Ok(Self::Identity),
            _ => Err(Error::custom(format!("expected true, false, \"monotonic\" or \"identity\", not {text:?}"))),
        }
    }
}

/// `identity(always, start = 100, increment = 10)`
#[derive(FromMeta)]
struct IdentityArgs {
    always: Flag,
    start: Option<Number>,
    increment: Option<Number>,
}

impl IdentityArgs {
    fn identity(self) -> Identity {
        Identity {
            always: self.always.is_present(),
            start: self.start.map(|number| number.0),
            increment: self.increment.map(|number| number.0),
        }
    }
}

/// `index`, `index = "ix_name"`, `index(name = "ix_name", unique, descending)`
pub(super) enum IndexArg {
    Plain(MaybeNamed),
    Options(IndexOptions),
}

impl FromMeta for IndexArg {
    fn from_word() -> Result<Self> {
        MaybeNamed::from_word().map(Self::Plain)
    }

    fn from_string(name: &str) -> Result<Self> {
        MaybeNamed::from_string(name).map(Self::Plain)
    }

    fn from_list(items: &[NestedMeta]) -> Result<Self> {
        IndexOptions::from_list(items).map(Self::Options)
    }
}

/// `default`, `default = expression`
struct DefaultArg(ClientDefault);

impl FromMeta for DefaultArg {
    fn from_word() -> Result<Self> {
        Ok(Self(ClientDefault::OfType))
    }

    fn from_expr(expr: &syn::Expr) -> Result<Self> {
        Ok(Self(ClientDefault::Written(expr.clone())))
    }
}

/// `numeric(15, 2)`
struct NumericArg(u16, u16);

impl FromMeta for NumericArg {
    fn from_word() -> Result<Self> {
        Self::from_list(&[])
    }

    fn from_expr(_: &syn::Expr) -> Result<Self> {
        Self::from_list(&[])
    }

    fn from_list(items: &[NestedMeta]) -> Result<Self> {
        let number = |item: &NestedMeta| match item {
            NestedMeta::Lit(Lit::Int(number)) => number.base10_parse::<u16>().ok(),
            _ => None,
        };
        let [Some(precision), Some(scale)] = *items.iter().map(number).collect::<Vec<_>>() else {
            return Err(Error::custom("expected the number of digits and of those behind the point: `numeric(15, 2)`"));
        };
        if scale > precision {
            return Err(Error::custom(format!("there can't be {scale} of {precision} digits behind the point")));
        }
        Ok(Self(precision, scale))
    }
}

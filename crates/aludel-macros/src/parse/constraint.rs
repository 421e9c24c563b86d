//! Constraints and indexes over one or more columns.

use darling::ast::NestedMeta;
use darling::util::Flag;
use darling::{Error, FromMeta, Result};
use syn::{Ident, Lit, Meta};

use super::reference::{ActionArg, DeferrableArg, Reference};
use super::value::{Fields, field};
use crate::model::{Check, Column, ForeignKey, Index, IndexKey, IndexPart, Unique};

/// Finds columns by their fields' names.
pub(super) struct Lookup<'a> {
    pub(super) table: &'a str,
    pub(super) columns: &'a [Column],
}

impl Lookup<'_> {
    pub(super) fn position(&self, field: &Ident) -> Result<usize> {
        self.columns.iter().position(|column| column.field == *field).ok_or_else(|| {
            let fields = self.columns.iter().map(|column| column.field.to_string());
            Error::unknown_field_with_alts(&field.to_string(), &fields.collect::<Vec<_>>()).with_span(field)
        })
    }

    pub(super) fn positions(&self, fields: &[Ident]) -> Result<Vec<usize>> {
        fields.iter().map(|field| self.position(field)).collect()
    }

    /// The name that an index has when it is given none: `ix_table_column`.
    fn index_name(&self, parts: &[IndexPart]) -> String {
        let mut name = format!("ix_{}", self.table);
        for part in parts {
            let word = match part.key {
                IndexKey::Column(position) => self.columns.get(position).map(|column| column.name.as_str()),
                IndexKey::Sql(_) => None,
            };
            name += "_";
            name += word.unwrap_or("expr");
        }
        name
    }
}

/// `check(name = "ck_age", sql = "age > 0")`, or the condition alone: `check = "age > 0"`.
pub(super) struct CheckArg(pub(super) Check);

#[derive(FromMeta)]
struct CheckArgs {
    name: Option<String>,
    sql: String,
}

impl FromMeta for CheckArg {
    fn from_string(sql: &str) -> Result<Self> {
        Ok(Self(Check { name: None, sql: sql.to_owned() }))
    }

    fn from_list(items: &[NestedMeta]) -> Result<Self> {
        let CheckArgs { name, sql } = CheckArgs::from_list(items)?;
        Ok(Self(Check { name, sql }))
    }
}

/// `unique(columns(a, b), name = "uq")`
#[derive(FromMeta)]
pub(super) struct UniqueArgs {
    columns: Fields,
    name: Option<String>,
}

impl UniqueArgs {
    pub(super) fn unique(self, lookup: &Lookup<'_>) -> Result<Unique> {
        Ok(Unique { name: self.name, columns: lookup.positions(&self.columns.0)? })
    }
}

/// `foreign_key(columns(a, b), references(Order::ID, Order::LINE), on_delete = "cascade")`
#[derive(FromMeta)]
pub(super) struct ForeignKeyArgs {
    columns: Fields,
    references: Reference,
    name: Option<String>,
    on_delete: Option<ActionArg>,
    on_update: Option<ActionArg>,
    deferrable: Option<DeferrableArg>,
}

impl ForeignKeyArgs {
    pub(super) fn foreign_key(self, entity: &Ident, lookup: &Lookup<'_>) -> Result<ForeignKey> {
        let columns = lookup.positions(&self.columns.0)?;
        let target = self.references.target(entity, columns.len());
        Ok(ForeignKey {
            name: self.name,
            // Errors about the whole list have no place of their own.
            target: target
                .map_err(|error| if error.has_span() { error } else { error.with_span(&self.columns.0[0]) })?,
            columns,
            on_delete: self.on_delete.map(|action| action.0),
            on_update: self.on_update.map(|action| action.0),
            deferrable: self.deferrable.map(|deferrable| deferrable.0),
        })
    }
}

/// What an index on one field can say in brackets.
#[derive(FromMeta)]
pub(super) struct IndexOptions {
    name: Option<String>,
    unique: Flag,
    descending: Flag,
    operator_class: Option<String>,
    filter: Option<String>,
    using: Option<String>,
    include: Option<Fields>,
    concurrently: Flag,
}

impl IndexOptions {
    pub(super) fn index(self, column: usize, lookup: &Lookup<'_>) -> Result<Index> {
        let key = IndexKey::Column(column);
        let parts =
            vec![IndexPart { key, descending: self.descending.is_present(), operator_class: self.operator_class }];
        Ok(Index {
            name: self.name.unwrap_or_else(|| lookup.index_name(&parts)),
            parts,
            unique: self.unique.is_present(),
            filter: self.filter,
            using: self.using,
            include: lookup.positions(&self.include.unwrap_or_default().0)?,
            concurrently: self.concurrently.is_present(),
        })
    }
}

/// The index of a field that says no more than `index`.
pub(super) fn plain_index(name: Option<String>, column: usize, lookup: &Lookup<'_>) -> Index {
    let parts = vec![IndexPart { key: IndexKey::Column(column), descending: false, operator_class: None }];
    Index {
        name: name.unwrap_or_else(|| lookup.index_name(&parts)),
        parts,
        unique: false,
        filter: None,
        using: None,
        include: Vec::new(),
        concurrently: false,
    }
}

/// `index(columns(a, desc(b), sql("lower(c)")), name = "ix", unique)`
#[derive(FromMeta)]
pub(super) struct IndexArgs {
    columns: Parts,
    name: Option<String>,
    unique: Flag,
    filter: Option<String>,
    using: Option<String>,
    include: Option<Fields>,
    concurrently: Flag,
}

impl IndexArgs {
    pub(super) fn index(self, lookup: &Lookup<'_>) -> Result<Index> {
        let parts: Vec<IndexPart> = self.columns.0.into_iter().map(|part| part.part(lookup)).collect::<Result<_>>()?;
        Ok(Index {
            name: self.name.unwrap_or_else(|| lookup.index_name(&parts)),
            parts,
            unique: self.unique.is_present(),
            filter: self.filter,
            using: self.using,
            include: lookup.positions(&self.include.unwrap_or_default().0)?,
            concurrently: self.concurrently.is_present(),
        })
    }
}

/// `a`, `desc(a)`, `sql("lower(a)")`, `desc(sql("lower(a)"))`
struct Parts(Vec<Part>);

struct Part {
    key: PartKey,
    descending: bool,
}

enum PartKey {
    Field(Ident),
    Sql(String),
}

impl FromMeta for Parts {
    fn from_list(items: &[NestedMeta]) -> Result<Self> {
        if items.is_empty() {
            return Err(Error::custom("name at least one field"));
        }
        items.iter().map(Part::parse).collect::<Result<_>>().map(Self)
    }
}

impl Part {
    fn parse(item: &NestedMeta) -> Result<Self> {
        let NestedMeta::Meta(Meta::List(list)) = item else {
            return Ok(Self { key: PartKey::Field(field(item)?), descending: false });
        };
        let inner = NestedMeta::parse_meta_list(list.tokens.clone())?;
        match (list.path.get_ident().map(ToString::to_string).as_deref(), inner.as_slice()) {
            (Some("desc"), [one]) => Ok(Self { descending: true, ..Self::parse(one)? }),
            (Some("sql"), [NestedMeta::Lit(Lit::Str(sql))]) => {
                Ok(Self { key: PartKey::Sql(sql.value()), descending: false })
            }
            _ => Err(Error::custom("expected a field, `desc(field)` or `sql(\"expression\")`").with_span(item)),
        }
    }

    fn part(self, lookup: &Lookup<'_>) -> Result<IndexPart> {
        let key = match self.key {
            PartKey::Field(field) => IndexKey::Column(lookup.position(&field)?),
            PartKey::Sql(sql) => IndexKey::Sql(sql),
        };
        Ok(IndexPart { key, descending: self.descending, operator_class: None })
    }
}

//! What a derive has understood of its input: checked, with every default filled in, and nothing of how it was written.

mod composite;
mod kinds;
mod relation;

pub(crate) use composite::{Composite, CompositeStruct, Field, Part};
pub(crate) use kinds::{ExtTable, Kind, KindColumn, KindField, Kinds, KindsShape};
pub(crate) use relation::{Cascade, OrderTerm, Relation, RelationKind};

use syn::{Attribute, Expr, Ident, Path, Type, Visibility};

/// A struct that is a row of a table.
pub(crate) struct Entity {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    pub(crate) table: String,
    pub(crate) schema: Option<String>,
    pub(crate) comment: Option<String>,
    pub(crate) columns: Vec<Column>,
    /// Fields that are not in the table.
    pub(crate) skipped: Vec<Ident>,
    pub(crate) composites: Vec<Composite>,
    pub(crate) relations: Vec<Relation>,
    /// Position of the column that counts the changes of a row.
    pub(crate) version: Option<usize>,
    /// Position of the column that says of which kind a row is.
    pub(crate) kind: Option<usize>,
    /// Positions of the key's columns, in the key's order.
    pub(crate) primary_key: Vec<usize>,
    pub(crate) foreign_keys: Vec<ForeignKey>,
    pub(crate) uniques: Vec<Unique>,
    pub(crate) checks: Vec<Check>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) options: Vec<TableOption>,
}

pub(crate) struct Column {
    /// The field's name, or that of a part of a field.
    pub(crate) field: Ident,
    /// `None` where the column is a field of its own.
    pub(crate) part: Option<Part>,
    pub(crate) vis: Visibility,
    pub(crate) docs: Vec<Attribute>,
    pub(crate) ty: Type,
    /// The type inside the field's `Option`.
    pub(crate) optional: Option<Type>,
    /// The column's name in the database.
    pub(crate) name: String,
    /// The associated constant's name.
    pub(crate) constant: Ident,
    pub(crate) sql_type: Option<ColumnType>,
    /// `None` where the field's type decides.
    pub(crate) nullable: Option<bool>,
    pub(crate) default: Option<ClientDefault>,
    pub(crate) server_default: Option<ServerDefault>,
    pub(crate) generated: Generated,
    pub(crate) collation: Option<String>,
    pub(crate) comment: Option<String>,
    /// Functions that a session asks before it writes the value.
    pub(crate) validators: Vec<Expr>,
}

impl Entity {
    /// Whether the column is in a foreign key, which a session fills in from the object on the other side.
    pub(crate) fn is_in_foreign_key(&self, position: usize) -> bool {
        let name = &self.columns[position].constant;
        let belongs = |relation: &Relation| {
            relation.kind == RelationKind::BelongsTo && relation.columns.iter().any(|path| path.constant == *name)
        };
        self.foreign_keys.iter().any(|key| key.columns.contains(&position)) || self.relations.iter().any(belongs)
    }
}

impl Column {
    /// Whether a builder must have set it before it is a row.
    pub(crate) fn is_required(&self) -> bool {
        self.optional.is_none()
            && self.default.is_none()
            && self.server_default.is_none()
            && matches!(self.generated, Generated::No)
    }

    /// Whether a program can give it a value.
    pub(crate) fn is_settable(&self) -> bool {
        !matches!(
            self.generated,
            Generated::Computed { .. } | Generated::Expression(_) | Generated::Identity(Identity { always: true, .. })
        )
    }

    /// Whether the database makes a number for it when the program gives none.
    pub(crate) fn is_numbered(&self) -> bool {
        matches!(self.generated, Generated::Key | Generated::MonotonicKey | Generated::Identity(_))
    }
}

pub(crate) enum ColumnType {
    Varchar(u32),
    Char(u32),
    Numeric(u16, u16),
    Written(Expr),
}

/// What a builder puts in when the program sets nothing.
pub(crate) enum ClientDefault {
    /// `Default::default()`
    OfType,
    Written(Expr),
}

pub(crate) enum ServerDefault {
    Text(String),
    Sql(String),
    Now,
}

pub(crate) enum Generated {
    No,
    Key,
    MonotonicKey,
    Identity(Identity),
    Computed {
        sql: String,
        stored: bool,
    },
    /// An expression of the language, in the column's place.
    Expression(Box<Expr>),
}

pub(crate) struct Identity {
    pub(crate) always: bool,
    pub(crate) start: Option<i64>,
    pub(crate) increment: Option<i64>,
}

pub(crate) struct ForeignKey {
    pub(crate) name: Option<String>,
    pub(crate) columns: Vec<usize>,
    pub(crate) target: Target,
    pub(crate) on_delete: Option<Action>,
    pub(crate) on_update: Option<Action>,
    pub(crate) deferrable: Option<Deferrable>,
}

pub(crate) enum Target {
    /// Columns of an entity.
    Columns(Vec<ColumnPath>),
    /// Columns of a table that no entity stands for.
    Named { schema: Option<String>, table: String, columns: Vec<String> },
}

/// `User::ID`
#[derive(Clone)]
pub(crate) struct ColumnPath {
    /// `User`
    pub(crate) entity: Path,
    /// `ID`
    pub(crate) constant: Ident,
}

#[derive(Clone, Copy)]
pub(crate) enum Action {
    Cascade,
    SetNull,
    SetDefault,
    Restrict,
    Nothing,
}

#[derive(Clone, Copy)]
pub(crate) enum Deferrable {
    Immediate,
    Deferred,
}

pub(crate) struct Unique {
    pub(crate) name: Option<String>,
    pub(crate) columns: Vec<usize>,
}

pub(crate) struct Check {
    pub(crate) name: Option<String>,
    pub(crate) sql: String,
}

pub(crate) struct Index {
    pub(crate) name: String,
    pub(crate) parts: Vec<IndexPart>,
    pub(crate) unique: bool,
    pub(crate) filter: Option<String>,
    pub(crate) using: Option<String>,
    pub(crate) include: Vec<usize>,
    pub(crate) concurrently: bool,
}

pub(crate) struct IndexPart {
    pub(crate) key: IndexKey,
    pub(crate) descending: bool,
    pub(crate) operator_class: Option<String>,
}

pub(crate) enum IndexKey {
    Column(usize),
    Sql(String),
}

pub(crate) enum TableOption {
    WithoutRowid,
    Strict,
    Engine(String),
    Charset(String),
    PartitionBy(String),
    Exclude(Check),
}

/// A struct that rows of any statement are read into.
pub(crate) struct Row {
    pub(crate) ident: Ident,
    pub(crate) fields: Vec<RowField>,
    /// Whether the fields have names.
    pub(crate) named: bool,
}

pub(crate) struct RowField {
    /// `None` in a tuple struct.
    pub(crate) ident: Option<Ident>,
    pub(crate) ty: Type,
    pub(crate) source: RowSource,
}

pub(crate) enum RowSource {
    /// One column of this name.
    Column(String),
    /// The columns of another row type.
    Nested,
    /// None: the type's default.
    Skipped,
}

/// An enum that is a column's value.
pub(crate) struct SqlEnum {
    pub(crate) ident: Ident,
    /// The type's name in databases that have named enumerations.
    pub(crate) name: String,
    pub(crate) variants: Vec<Variant>,
    pub(crate) storage: Storage,
}

pub(crate) struct Variant {
    pub(crate) ident: Ident,
    pub(crate) label: String,
}

/// How an enum's values are kept.
#[derive(Clone, Copy)]
pub(crate) enum Storage {
    /// As their labels.
    Text,
    /// As their discriminants, in an integer of so many bits.
    Integer(u8),
}

/// A struct around one value.
pub(crate) struct Newtype {
    pub(crate) ident: Ident,
    /// `None` in a tuple struct.
    pub(crate) field: Option<Ident>,
    pub(crate) ty: Type,
    pub(crate) sql_type: Option<Expr>,
}

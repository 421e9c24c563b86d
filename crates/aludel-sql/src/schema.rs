//! Tables, columns, keys and indexes: one set of structures for what the derives write and what a database is read into.
//!
//! A schema written by `#[derive(Entity)]` is made of `static` items, so that a column is known by its address; one that
//! is made at run time is shared by [`Arc`](std::sync::Arc). Both are the same [`Table`].

mod equal;
mod reflected;

use std::borrow::Cow;
use std::fmt;

use aludel_core::{CacheSafety, Held, SchemaError, SqlType};

use crate::tape::Tape;

pub use reflected::{Note, Schema, View};

/// A name or a piece of SQL: part of the program, or made at run time.
pub type Name = Cow<'static, str>;

/// A table's definition.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name, without quotes.
    pub name: Name,
    /// The schema (namespace) it lies in, where it says so.
    pub schema: Option<Name>,
    /// Its columns, in order.
    pub columns: Held<[ColumnDef]>,
    /// Positions of the primary key's columns, in the key's order.
    pub primary_key: Held<[usize]>,
    /// Foreign keys.
    pub foreign_keys: Held<[ForeignKey]>,
    /// UNIQUE constraints over one or more columns.
    pub uniques: Held<[Unique]>,
    /// CHECK constraints.
    pub checks: Held<[Check]>,
    /// Indexes.
    pub indexes: Held<[Index]>,
    /// A comment, for databases that keep one.
    pub comment: Option<Name>,
    /// What only some databases know; each dialect takes what it understands.
    pub options: Held<[TableOption]>,
}

/// A column's definition.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnDef {
    /// Its name, without quotes.
    pub name: Name,
    /// Its type.
    pub sql_type: SqlType,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// The value the database gives it when an INSERT leaves it out.
    pub server_default: Option<ServerDefault>,
    /// How the database makes its value, where it does.
    pub generated: Generated,
    /// A collation's name.
    pub collation: Option<Name>,
    /// A comment, for databases that keep one.
    pub comment: Option<Name>,
    /// Whether statements that use the column may be cached; custom types say.
    pub cache: CacheSafety,
}

/// A default that the database fills in.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ServerDefault {
    /// A text, quoted when written.
    Text(Name),
    /// An SQL expression. Databases that want it get it in parentheses.
    Sql(Name),
    /// SQL that is more than an expression, written to the letter: `CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP` of MySQL.
    Exactly(Name),
    /// The present date and time, in the database's own words.
    Now,
}

/// How the database makes a column's value.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Generated {
    /// It does not.
    No,
    /// A new number for each row of a single-column integer key (`SERIAL`, `AUTO_INCREMENT`, SQLite's rowid).
    Key,
    /// As `Key`, and numbers of deleted rows are not used again where the database makes that distinction (SQLite's
    /// `AUTOINCREMENT`).
    MonotonicKey,
    /// `GENERATED { ALWAYS | BY DEFAULT } AS IDENTITY`.
    Identity {
        /// Whether an explicit value is refused.
        always: bool,
        /// First number.
        start: Option<i64>,
        /// Distance between numbers.
        increment: Option<i64>,
        /// The smallest number.
        min: Option<i64>,
        /// The largest number.
        max: Option<i64>,
        /// How many numbers a connection takes at once.
        cache: Option<u32>,
        /// Whether it begins again at its end.
        cycle: bool,
    },
    /// From an expression over other columns, kept in the table or made when read.
    Computed {
        /// The SQL expression.
        sql: Name,
        /// Whether the value is kept.
        stored: bool,
    },
    /// From an expression that stands in each statement in the column's place: the table has no such column.
    Expression(Property),
}

/// The expression that a column of an entity stands for.
#[derive(Clone, Copy)]
pub struct Property(fn() -> Box<Tape>);

/// A FOREIGN KEY.
#[derive(Clone, Debug, PartialEq)]
pub struct ForeignKey {
    /// The constraint's name.
    pub name: Option<Name>,
    /// Positions of this table's columns.
    pub columns: Held<[usize]>,
    /// What they refer to, column for column.
    pub target: Target,
    /// What happens to the row when its target is deleted.
    pub on_delete: Option<Action>,
    /// What happens to the row when its target's key changes.
    pub on_update: Option<Action>,
    /// Checked at commit where asked for.
    pub deferrable: Option<Deferrable>,
}

/// What a foreign key refers to.
#[derive(Clone, Debug)]
pub enum Target {
    /// Columns of an entity. A function tells them, so that tables may refer to each other, and so that the compiler does not
    /// walk the whole schema for each constant that leads to a table.
    Columns(fn() -> &'static [&'static StaticColumn]),
    /// Columns by name.
    Named {
        /// Schema of the table.
        schema: Option<Name>,
        /// Name of the table.
        table: Name,
        /// Names of the columns.
        columns: Held<[Name]>,
    },
}

/// A referential action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Delete or change the row too.
    Cascade,
    /// Set the columns to NULL.
    SetNull,
    /// Set the columns to their defaults.
    SetDefault,
    /// Refuse at once.
    Restrict,
    /// Refuse at the end of the statement or transaction.
    NoAction,
}

/// When a constraint is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Deferrable {
    /// `DEFERRABLE INITIALLY IMMEDIATE`.
    InitiallyImmediate,
    /// `DEFERRABLE INITIALLY DEFERRED`.
    InitiallyDeferred,
}

/// A UNIQUE constraint.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unique {
    /// The constraint's name.
    pub name: Option<Name>,
    /// Positions of the columns.
    pub columns: Held<[usize]>,
    /// Checked at commit where asked for.
    pub deferrable: Option<Deferrable>,
    /// Whether NULL is equal to NULL, where the database can.
    pub nulls_not_distinct: bool,
}

/// A CHECK constraint.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// The constraint's name.
    pub name: Option<Name>,
    /// The condition in SQL.
    pub sql: Name,
}

/// An index.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// Its name.
    pub name: Name,
    /// What is indexed, in order.
    pub parts: Held<[IndexPart]>,
    /// Whether equal keys are refused.
    pub unique: bool,
    /// Only rows that meet this condition (in SQL) are indexed.
    pub filter: Option<Name>,
    /// The access method, such as `gin`.
    pub using: Option<Name>,
    /// Positions of columns kept beside the key.
    pub include: Held<[usize]>,
    /// Built without blocking writers, where the database can.
    pub concurrently: bool,
    /// What only some databases know; each dialect takes what it understands.
    pub options: Held<[IndexOption]>,
}

/// What only some databases know of an index.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum IndexOption {
    /// PostgreSQL: a unique index takes NULL for equal to NULL.
    NullsNotDistinct,
    /// PostgreSQL: storage parameters, such as `fillfactor=70`.
    With(Name),
    /// A comment, for databases that keep one.
    Comment(Name),
    /// MySQL and MariaDB: the optimizer does not use it.
    Invisible,
}

/// One part of an index.
#[derive(Clone, Debug, PartialEq)]
pub struct IndexPart {
    /// A column or an expression.
    pub key: IndexKey,
    /// Largest first.
    pub descending: bool,
    /// An operator class.
    pub operator_class: Option<Name>,
    /// A collation's name.
    pub collation: Option<Name>,
    /// Whether NULLs come first; none for the database's own order.
    pub nulls_first: Option<bool>,
    /// How many characters or bytes from the start are indexed, where the database can (MySQL).
    pub length: Option<u32>,
}

/// What a part of an index is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum IndexKey {
    /// The column at this position.
    Column(usize),
    /// An SQL expression.
    Sql(Name),
}

/// What only some databases know of a table.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum TableOption {
    /// SQLite: no hidden rowid.
    WithoutRowid,
    /// SQLite: column types are enforced.
    Strict,
    /// MySQL: storage engine.
    Engine(Name),
    /// MySQL: character set.
    Charset(Name),
    /// MySQL: the collation of columns that say none.
    Collate(Name),
    /// PostgreSQL: partitioning clause, such as `RANGE (a)`.
    PartitionBy(Name),
    /// PostgreSQL: the table is not written to the log and is empty after a crash.
    Unlogged,
    /// The primary key constraint's name.
    PrimaryKeyName(Name),
    /// PostgreSQL: an exclusion constraint, no two rows of which may meet all of the comparisons.
    Exclude {
        /// Its name.
        name: Option<Name>,
        /// What stands behind EXCLUDE, such as `USING gist (room WITH =, during WITH &&)`.
        sql: Name,
    },
}

/// A column of a `static` table, known by its address.
///
/// The derives emit one `static` array of these for an entity: a column each, and a last one that stands for the table
/// itself (see [`StaticColumn::of_table`]). Constants and function pointers may be merged by the compiler, statics are
/// not, so an address is an identity.
pub struct StaticColumn {
    /// The table.
    pub table: &'static Table,
    index: usize,
    /// For the stand-in of a table: the array it is the last of.
    array: &'static [StaticColumn],
}

impl StaticColumn {
    /// The column at this position of the table.
    #[must_use]
    pub const fn new(table: &'static Table, index: usize) -> Self {
        Self { table, index, array: &[] }
    }

    /// The stand-in for the table itself, the last of the `array` that holds the table's columns.
    #[must_use]
    pub const fn of_table(table: &'static Table, array: &'static [Self]) -> Self {
        Self { table, index: usize::MAX, array }
    }

    /// For the stand-in of a table: the table's columns.
    #[must_use]
    pub fn siblings(&self) -> &'static [Self] {
        self.array.split_last().map_or(&[], |(_, columns)| columns)
    }

    /// The column's position in its table.
    #[must_use]
    pub const fn index(&self) -> usize {
        self.index
    }

    /// The column's definition.
    ///
    /// # Panics
    /// For the stand-in of a table, which has none; the derives never hand that out as a column.
    #[must_use]
    pub fn def(&self) -> &'static ColumnDef {
        &self.columns()[self.index]
    }

    fn columns(&self) -> &'static [ColumnDef] {
        let table: &'static Table = self.table;
        &table.columns
    }

    /// The column's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        &self.def().name
    }
}

impl fmt::Debug for StaticColumn {
    /// `users.name`: the whole table might lead back to the column.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.table.full_name())?;
        match self.columns().get(self.index) {
            Some(column) => write!(f, ".{}", column.name),
            None => f.write_str(".*"),
        }
    }
}

impl Property {
    /// The function makes the same expression whenever it is asked, without bound values; [`property`](crate::property) makes
    /// its tape.
    #[must_use]
    pub const fn new(expression: fn() -> Box<Tape>) -> Self {
        Self(expression)
    }

    pub(crate) fn tape(self) -> Box<Tape> {
        (self.0)()
    }
}

impl PartialEq for Property {
    /// Whether both are the same function.
    fn eq(&self, other: &Self) -> bool {
        std::ptr::fn_addr_eq(self.0, other.0)
    }
}

impl fmt::Debug for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Property")
    }
}

impl ColumnDef {
    /// A nullable column of this name and type, without a default.
    #[must_use]
    pub fn new(name: impl Into<Name>, sql_type: SqlType) -> Self {
        Self {
            name: name.into(),
            sql_type,
            nullable: true,
            server_default: None,
            generated: Generated::No,
            collation: None,
            comment: None,
            cache: CacheSafety::Safe,
        }
    }

    /// Whether the table has it: an expression stands in statements alone.
    #[must_use]
    pub const fn is_stored(&self) -> bool {
        !matches!(self.generated, Generated::Expression(_))
    }
}

impl Table {
    /// A table of this name without anything in it.
    #[must_use]
    pub fn named(name: impl Into<Name>) -> Self {
        Self {
            name: name.into(),
            schema: None,
            columns: Held::default(),
            primary_key: Held::default(),
            foreign_keys: Held::default(),
            uniques: Held::default(),
            checks: Held::default(),
            indexes: Held::default(),
            comment: None,
            options: Held::default(),
        }
    }

    /// The primary key constraint's name, where the table says one.
    #[must_use]
    pub fn primary_key_name(&self) -> Option<&Name> {
        self.options.iter().find_map(|option| match option {
            TableOption::PrimaryKeyName(name) => Some(name),
            _ => None,
        })
    }

    /// The columns that the table has in the database.
    pub fn stored_columns(&self) -> impl Iterator<Item = &ColumnDef> {
        self.columns.iter().filter(|column| column.is_stored())
    }

    /// The position of the column with this name.
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The position of the column with this name.
    ///
    /// # Errors
    /// When the table has no such column; the error has the names that look like it.
    pub fn find_column(&self, name: &str) -> Result<usize, SchemaError> {
        self.position(name).ok_or_else(|| {
            SchemaError::no_column(self.full_name(), name, self.columns.iter().map(|column| &*column.name))
        })
    }

    /// The column of this name, where the table has it.
    #[must_use]
    pub fn named_column(&self, name: &str) -> Option<&ColumnDef> {
        self.columns.get(self.position(name)?)
    }

    /// Schema and name, joined by a dot: for messages, never for SQL.
    #[must_use]
    pub fn full_name(&self) -> String {
        match &self.schema {
            Some(schema) => format!("{schema}.{}", self.name),
            None => self.name.clone().into_owned(),
        }
    }
}

impl Index {
    /// An index of this name over these parts.
    #[must_use]
    pub fn new(name: impl Into<Name>, parts: Vec<IndexPart>) -> Self {
        Self {
            name: name.into(),
            parts: parts.into(),
            unique: false,
            filter: None,
            using: None,
            include: Held::default(),
            concurrently: false,
            options: Held::default(),
        }
    }
}

impl IndexPart {
    /// The column at this position, smallest first.
    #[must_use]
    pub const fn column(position: usize) -> Self {
        Self::of(IndexKey::Column(position))
    }

    /// The column or expression, smallest first.
    #[must_use]
    pub const fn of(key: IndexKey) -> Self {
        Self { key, descending: false, operator_class: None, collation: None, nulls_first: None, length: None }
    }
}

impl Target {
    /// The table's schema and name.
    #[must_use]
    pub fn table(&self) -> (Option<&str>, &str) {
        match self {
            Self::Columns(columns) => {
                columns().first().map_or((None, ""), |column| (column.table.schema.as_deref(), &*column.table.name))
            }
            Self::Named { schema, table, .. } => (schema.as_deref(), table),
        }
    }

    /// The columns' names.
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        match self {
            Self::Columns(columns) => columns().iter().map(|column| column.name()).collect(),
            Self::Named { columns, .. } => columns.iter().map(|name| &**name).collect(),
        }
    }
}

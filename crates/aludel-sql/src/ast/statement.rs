//! Statements and their parts.

use std::sync::Arc;

use super::expr::{Bind, Expr, Order};
use crate::schema::{StaticColumn, Table};

/// A statement.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Statement {
    /// A query.
    Query(Box<Query>),
    /// INSERT.
    Insert(Box<Insert>),
    /// UPDATE.
    Update(Box<Update>),
    /// DELETE.
    Delete(Box<Delete>),
    /// SQL written by the program.
    Text(TextStatement),
}

/// SQL written by the program.
#[derive(Clone, Debug)]
pub struct TextStatement {
    /// Pieces of text and placeholders.
    pub parts: Vec<TextPart>,
    /// Names and types of its columns, where the program said them.
    pub columns: Vec<Projection>,
    /// Whether the program said that it gives no rows.
    pub no_rows: bool,
}

/// A piece of SQL written by the program.
#[derive(Clone, Debug)]
pub enum TextPart {
    /// Text as it stands.
    Sql(Arc<str>),
    /// A placeholder.
    Bind(Bind),
    /// An expression of the language.
    Expr(Expr),
}

/// A query: one SELECT, or several put together, with what applies to the whole.
#[derive(Clone, Debug)]
pub struct Query {
    /// CTEs that the statement has although nothing in it reads them; those that are read are found by lowering.
    pub with: Vec<Arc<Source>>,
    /// The query itself.
    pub body: QueryBody,
    /// ORDER BY of the whole.
    pub order_by: Vec<Order>,
    /// LIMIT.
    pub limit: Option<Expr>,
    /// OFFSET.
    pub offset: Option<Expr>,
    /// With the rows that tie with the last one (`FETCH FIRST … WITH TIES`).
    pub with_ties: bool,
    /// FOR UPDATE and its kin.
    pub lock: Option<Lock>,
    /// Text after the statement, for the dialect named (or all).
    pub suffixes: Vec<Prefix>,
}

/// The body of a query.
#[derive(Clone, Debug)]
pub enum QueryBody {
    /// One SELECT.
    Select(Box<Select>),
    /// UNION, INTERSECT or EXCEPT of two or more.
    Compound {
        /// How they are put together.
        op: SetOp,
        /// Duplicates are kept.
        all: bool,
        /// The queries.
        parts: Vec<Query>,
    },
}

/// How queries are put together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum SetOp {
    /// Rows of either.
    Union = 0,
    /// Rows of both.
    Intersect,
    /// Rows of the first that the second does not have.
    Except,
}

/// One SELECT.
#[derive(Clone, Debug, Default)]
pub struct Select {
    /// Words after SELECT.
    pub prefixes: Vec<Prefix>,
    /// Without duplicates.
    pub distinct: bool,
    /// `DISTINCT ON (…)`.
    pub distinct_on: Vec<Expr>,
    /// The columns.
    pub columns: Vec<Projection>,
    /// FROM elements that the program named; those that its columns and its filter imply are found by lowering.
    pub from: Vec<Source>,
    /// JOINs, each applied to what stands before it.
    pub joins: Vec<Join>,
    /// WHERE; several are joined by AND.
    pub filter: Vec<Expr>,
    /// GROUP BY.
    pub group_by: GroupBy,
    /// HAVING; several are joined by AND.
    pub having: Vec<Expr>,
    /// Tables that are taken from the enclosing query even though lowering would not.
    pub correlate: Vec<Source>,
    /// Tables that are never taken from the enclosing query.
    pub correlate_except: Option<Vec<Source>>,
    /// Nothing is taken from the enclosing query.
    pub no_correlation: bool,
    /// Hints: table, text, dialect.
    pub hints: Vec<(Source, Prefix)>,
}

/// GROUP BY.
#[derive(Clone, Debug, Default)]
pub struct GroupBy {
    /// By what; may hold [`Expr::Grouping`].
    pub exprs: Vec<Expr>,
}

/// A column of a result.
#[derive(Clone, Debug)]
pub struct Projection {
    /// The expression.
    pub expr: Expr,
    /// Its name, where the program gave one.
    pub label: Option<Arc<str>>,
}

/// A word for one dialect, or for all.
#[derive(Clone, Debug)]
pub struct Prefix {
    /// The text.
    pub text: Arc<str>,
    /// The dialect's name; none for all.
    pub dialect: Option<Arc<str>>,
}

/// A JOIN.
#[derive(Clone, Debug)]
pub struct Join {
    /// Which.
    pub kind: JoinKind,
    /// What is joined.
    pub target: Source,
    /// ON; none is found from foreign keys by lowering, or true for a cross join.
    pub on: Option<Expr>,
}

/// Kinds of JOIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum JoinKind {
    /// Rows that match.
    Inner = 0,
    /// And those of the left side that match none.
    Left,
    /// And those of the right side that match none.
    Right,
    /// And those of both sides that match none.
    Full,
    /// Every pair.
    Cross,
}

/// What rows come from.
#[derive(Clone, Debug)]
pub struct Source {
    /// What it is.
    pub kind: SourceKind,
    /// Its identity: two references with the same number are the same element. Tables of entities have none, their
    /// address is their identity.
    pub id: Option<u64>,
}

/// What a FROM element is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SourceKind {
    /// A table of an entity.
    Table(&'static Table),
    /// A table made at run time.
    Runtime(Arc<Table>),
    /// Another name for a table or a CTE.
    Alias {
        /// The name; none is made up.
        name: Option<Arc<str>>,
        /// What is named.
        of: Arc<Source>,
        /// TABLESAMPLE: the method and its argument.
        sample: Option<(Arc<str>, Expr)>,
    },
    /// A query in FROM.
    Derived {
        /// The name; none is made up.
        name: Option<Arc<str>>,
        /// The query.
        query: Arc<Query>,
        /// Whether it may read the elements before it.
        lateral: bool,
    },
    /// A common table expression.
    Cte {
        /// The name; none is made up.
        name: Option<Arc<str>>,
        /// Its statement.
        body: Arc<CteBody>,
    },
    /// A function that gives rows.
    Function {
        /// The alias.
        name: Option<Arc<str>>,
        /// The call.
        call: Box<Expr>,
        /// Names of its columns, written after the alias.
        columns: Vec<Arc<str>>,
        /// `WITH ORDINALITY`.
        ordinality: bool,
        /// The alias is the one column, with no table name before it.
        scalar: bool,
    },
    /// Rows of values.
    Values {
        /// The alias.
        name: Option<Arc<str>>,
        /// Names of its columns.
        columns: Vec<Arc<str>>,
        /// The rows.
        rows: Vec<Vec<Expr>>,
    },
    /// A name written as it stands.
    Text {
        /// The SQL, with placeholders.
        parts: Vec<TextPart>,
        /// The alias.
        name: Option<Arc<str>>,
        /// Names and types of its columns.
        columns: Vec<Projection>,
    },
}

/// A common table expression's statement.
#[derive(Clone, Debug)]
pub struct CteBody {
    /// The statement; rows of a data-modifying one are those it returns.
    pub statement: Statement,
    /// Whether it reads itself: `WITH RECURSIVE`.
    pub recursive: bool,
    /// `[NOT] MATERIALIZED`.
    pub materialized: Option<bool>,
    /// Names of its columns, written after its name; empty for none.
    pub columns: Vec<Arc<str>>,
}

/// FOR UPDATE and its kin.
#[derive(Clone, Debug)]
pub struct Lock {
    /// How strong.
    pub strength: LockStrength,
    /// Which tables; none for all.
    pub of: Vec<Source>,
    /// What to do about rows that are locked.
    pub wait: LockWait,
}

/// How strong a row lock is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum LockStrength {
    /// FOR UPDATE
    Update = 0,
    /// FOR NO KEY UPDATE
    NoKeyUpdate,
    /// FOR SHARE
    Share,
    /// FOR KEY SHARE
    KeyShare,
}

/// What to do about rows that are locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum LockWait {
    /// Wait for them.
    Wait = 0,
    /// Fail.
    NoWait,
    /// Leave them out.
    SkipLocked,
}

/// INSERT.
#[derive(Clone, Debug)]
pub struct Insert {
    /// CTEs that it has although nothing in it reads them; those that are read are found by lowering.
    pub with: Vec<Arc<Source>>,
    /// Words after INSERT (`OR REPLACE`, `IGNORE`).
    pub prefixes: Vec<Prefix>,
    /// Into what.
    pub table: Source,
    /// The columns, by name.
    pub columns: Vec<InsertColumn>,
    /// The rows.
    pub source: InsertSource,
    /// ON CONFLICT.
    pub conflict: Option<Conflict>,
    /// RETURNING.
    pub returning: Vec<Projection>,
}

/// A column that is assigned to.
#[derive(Clone, Debug)]
pub enum InsertColumn {
    /// Of an entity.
    Static(&'static StaticColumn),
    /// By name.
    Named(Arc<str>),
}

/// Where inserted rows come from.
#[derive(Clone, Debug)]
pub enum InsertSource {
    /// Every column's default.
    Defaults,
    /// Rows of expressions, each as long as the list of columns.
    Values(Vec<Vec<Expr>>),
    /// Rows encoded one by one by the driver: one placeholder a column, so many rows a statement.
    Rows {
        /// Rows in one statement.
        rows: u32,
    },
    /// Rows encoded by the driver: one placeholder a column, each an array with the values of all rows.
    Arrays,
    /// Rows encoded by the driver behind the statement, in the database's own format.
    Copy,
    /// A query.
    Query(Box<Query>),
}

/// ON CONFLICT.
#[derive(Clone, Debug)]
pub struct Conflict {
    /// Which conflict.
    pub target: ConflictTarget,
    /// What to do.
    pub action: ConflictAction,
}

/// Which conflict is meant.
#[derive(Clone, Debug)]
pub enum ConflictTarget {
    /// Any.
    Any,
    /// On these columns, where the condition holds.
    Columns {
        /// The columns.
        columns: Vec<Expr>,
        /// The partial index's condition.
        filter: Option<Expr>,
    },
    /// On this constraint.
    Constraint(Arc<str>),
}

/// What to do about a conflict.
#[derive(Clone, Debug)]
pub enum ConflictAction {
    /// Leave the row that is there.
    Nothing,
    /// Change it.
    Update {
        /// Assignments.
        set: Vec<(InsertColumn, Expr)>,
        /// Only where this holds.
        filter: Vec<Expr>,
    },
}

/// UPDATE.
#[derive(Clone, Debug)]
pub struct Update {
    /// CTEs that it has although nothing in it reads them; those that are read are found by lowering.
    pub with: Vec<Arc<Source>>,
    /// Which table.
    pub table: Source,
    /// Assignments, in the program's order.
    pub set: Vec<(InsertColumn, Expr)>,
    /// Further tables: `UPDATE … FROM`.
    pub from: Vec<Source>,
    /// WHERE; several are joined by AND.
    pub filter: Vec<Expr>,
    /// ORDER BY, where the database has it.
    pub order_by: Vec<Order>,
    /// LIMIT, where the database has it.
    pub limit: Option<Expr>,
    /// RETURNING.
    pub returning: Vec<Projection>,
}

/// DELETE.
#[derive(Clone, Debug)]
pub struct Delete {
    /// CTEs that it has although nothing in it reads them; those that are read are found by lowering.
    pub with: Vec<Arc<Source>>,
    /// Which table.
    pub table: Source,
    /// Further tables: `DELETE … USING`.
    pub using: Vec<Source>,
    /// WHERE; several are joined by AND.
    pub filter: Vec<Expr>,
    /// LIMIT, where the database has it.
    pub limit: Option<Expr>,
    /// RETURNING.
    pub returning: Vec<Projection>,
}

impl Query {
    /// A query of one SELECT and nothing else.
    #[must_use]
    pub fn of_select(select: Select) -> Self {
        Self {
            with: Vec::new(),
            body: QueryBody::Select(Box::new(select)),
            order_by: Vec::new(),
            limit: None,
            offset: None,
            with_ties: false,
            lock: None,
            suffixes: Vec::new(),
        }
    }

    /// The first column of its rows.
    #[must_use]
    pub fn first_column(&self) -> Option<&Projection> {
        self.columns().first()
    }

    /// The columns of its rows; those of the first part for a compound.
    #[must_use]
    pub fn columns(&self) -> &[Projection] {
        match &self.body {
            QueryBody::Select(select) => &select.columns,
            QueryBody::Compound { parts, .. } => parts.first().map_or(&[], |part| part.columns()),
        }
    }
}

impl Source {
    /// Whether both are the same FROM element.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        match (&self.kind, &other.kind) {
            (SourceKind::Table(a), SourceKind::Table(b)) => std::ptr::eq(*a, *b),
            _ => self.id.is_some() && self.id == other.id,
        }
    }
}
